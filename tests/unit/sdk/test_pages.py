"""Lists that come in pages."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.sdk.errors import BadAnswer
from footlight.sdk.pages import AsyncPager, Listing, Pager
from footlight.sdk.requests.request import Request, get


class ListOfSeven:
    """Answers with items 0 to 6, as many a page as `limit` says; keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Any:
        self.requests.append(request)
        start = int(request.query.get("continuationToken", 0))
        end = min(7, start + int(request.query["limit"]))
        return {
            "Items": list(range(start, end)),
            "ContinuationToken": str(end) if end < 7 else None,
            "TotalItems": 7,
        }


def test_iterating_fetches_page_after_page_with_the_same_parameters() -> None:
    site = ListOfSeven()
    pager: Pager[int] = Pager(Listing(get("/x", {"limit": 3, "fields": "Id"})), site)
    assert site.requests == []
    assert list(pager) == [0, 1, 2, 3, 4, 5, 6]
    assert [r.query.get("continuationToken") for r in site.requests] == [None, "3", "6"]
    assert {r.query["fields"] for r in site.requests} == {"Id"}


def test_pages_carry_token_and_total() -> None:
    pages = list(Pager(Listing(get("/x", {"limit": 4})), ListOfSeven()).pages())
    assert [len(p.items) for p in pages] == [4, 3]
    assert [p.continuation_token for p in pages] == ["4", None]
    assert pages[0].total == 7
    assert pages[0].raw["TotalItems"] == 7


def test_only_what_is_looked_at_is_fetched() -> None:
    site = ListOfSeven()
    assert next(iter(Pager(Listing(get("/x", {"limit": 1})), site))) == 0
    assert len(site.requests) == 1


@pytest.mark.parametrize("token", [None, ""])
def test_camel_case_and_empty_token_end_the_list(token: str | None) -> None:
    pager: Pager[int] = Pager(
        Listing(get("/x")), lambda r: {"items": [1], "continuationToken": token}
    )
    assert list(pager) == [1]


def test_a_token_that_repeats_is_an_error_not_a_loop() -> None:
    pager: Pager[int] = Pager(
        Listing(get("/x")), lambda r: {"Items": [1], "ContinuationToken": "same"}
    )
    with pytest.raises(BadAnswer, match="twice"):
        list(pager)


@pytest.mark.parametrize("answer", [None, [], {"Items": None}, {"Things": []}])
def test_an_answer_without_items_is_an_error(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        list(Pager(Listing(get("/x")), lambda r: answer))


async def test_the_asynchronous_pager_gives_the_same() -> None:
    site = ListOfSeven()

    async def fetch(request: Request) -> Any:
        return site(request)

    pager: AsyncPager[int] = AsyncPager(Listing(get("/x", {"limit": 3})), fetch)
    assert [item async for item in pager] == [0, 1, 2, 3, 4, 5, 6]
    assert [page.continuation_token async for page in pager.pages()] == ["3", "6", None]
    assert [r.query.get("continuationToken") for r in site.requests] == [None, "3", "6"] * 2
