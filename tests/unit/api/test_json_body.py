"""Bodies as models, seen through the search of sessions."""

from __future__ import annotations

from typing import Any

import pytest

SEARCH = "/cvad/manage/Sessions/$search"


async def answer_to(door: Any, content: bytes) -> Any:
    headers = {**door.headers, "Content-Type": "application/json"}
    return await door.client.post(SEARCH, content=content, headers=headers)


@pytest.mark.parametrize("content", [b"", b" ", b"null", b"{}", b'{"UNKNOWN": [{}]}'])
async def test_nothing_is_a_model_of_nothing(door: Any, content: bytes) -> None:
    answer = await answer_to(door, content)
    assert (answer.status_code, answer.json()["TotalItems"]) == (200, 0)


@pytest.mark.parametrize(
    ("content", "member"),
    [
        (b"[", "body"),
        (b"[]", "body"),
        (b'{"BasicSearchString": "\xff"}', "body"),
        (b'{"a":' * 5000, "body"),
        (b'{"basicsearchstring": 7}', "BasicSearchString"),
        (b'{"SearchFilters": [{"property": "Uid", "operator": 1}]}', "SearchFilters[0].Operator"),
        (b'{"SearchFilters": [{"Property": "Uid"}]}', "SearchFilters[0]"),
    ],
)
async def test_what_cannot_be_read_is_named(door: Any, content: bytes, member: str) -> None:
    answer = await answer_to(door, content)
    assert answer.status_code == 400
    assert {"name": "name", "value": member} in answer.json()["parameters"]


async def test_a_body_that_the_framework_reads_is_refused_too(door: Any) -> None:
    for body in (b"[" * 5000, b'{"name": "\xff"}', b"\xff\xfe", b"{"):
        answer = await door.post("/footlight/v1/accounts", content=body)
        assert answer.status_code == 400, body[:20]
