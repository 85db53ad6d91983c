"""Lists over 2,500 sessions: limits, tokens, totals, projection."""

from __future__ import annotations

import re

import pytest


def walk(made, path: str, limit: int | None) -> list[list[str]]:
    """The ids of each page, following the token as clients do: appended without encoding."""
    pages: list[list[str]] = []
    token = ""
    while token is not None:
        query = f"?continuationToken={token}" + ("" if limit is None else f"&limit={limit}")
        answer = made.get(path + query)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert set(body) == {"Items", "ContinuationToken", "TotalItems"}
        assert body["TotalItems"] == 2501
        pages.append([item["Id"] for item in body["Items"]])
        token = body["ContinuationToken"]
        assert token is None or re.fullmatch(r"[A-Za-z0-9_.~-]+", token)
        assert len(pages) < 100
    return pages


@pytest.mark.parametrize(
    ("limit", "sizes"),
    [(None, [250] * 10 + [1]), (1000, [1000, 1000, 501]), (61, [61] * 41), (1, None)],
)
def test_every_session_stands_on_one_page(
    crowd, limit: int | None, sizes: list[int] | None
) -> None:
    with crowd.site.client() as made:
        if sizes is None:
            answer = made.get(f"/cvad/manage/Sessions?limit={limit}").json()
            assert len(answer["Items"]) == 1
            assert answer["ContinuationToken"]
            return
        pages = walk(made, "/cvad/manage/Sessions", limit)
        assert [len(page) for page in pages] == sizes
        assert [one for page in pages for one in page] == [*crowd.ids, crowd.leaving]


def test_a_damaged_token_is_refused(crowd) -> None:
    with crowd.site.client() as made:
        token = made.get("/cvad/manage/Sessions?limit=5").json()["ContinuationToken"]
        for at in range(0, len(token), 5):
            swapped = "A" if token[at] != "A" else "B"
            damaged = token[:at] + swapped + token[at + 1 :]
            answer = made.get(f"/cvad/manage/Sessions?limit=5&continuationToken={damaged}")
            assert answer.status_code == 400, damaged
        for damaged in (token[:-1], token + "A", "=", "%00", "a b"):
            answer = made.get(f"/cvad/manage/Sessions?continuationToken={damaged}")
            assert answer.status_code == 400, damaged


@pytest.mark.covers("GET /Sessions/{id}", 200)
def test_fields_leave_only_what_is_named(crowd) -> None:
    with crowd.site.client() as made:
        listed = made.get("/cvad/manage/Sessions?limit=2&FIELDS=id,State,nothing,machine").json()
        assert [sorted(item) for item in listed["Items"]] == [["Id", "Machine", "State"]] * 2
        one = made.get(f"/cvad/manage/Sessions/{crowd.ids[0]}?fields=Uid").json()
        assert list(one) == ["Uid"]
        by_uid = made.get(f"/cvad/manage/Sessions/{one['Uid']}?fields=Id").json()
        assert by_uid == {"Id": crowd.ids[0]}


def test_a_token_outlives_a_restart(restarted) -> None:
    token, ids, site = restarted
    with site.client() as made:
        page = made.get(f"/cvad/manage/Sessions?limit=100&continuationToken={token}").json()
    assert [item["Id"] for item in page["Items"]] == ids[4:]
    assert page["ContinuationToken"] is None
