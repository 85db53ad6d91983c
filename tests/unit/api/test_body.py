"""Body reading: what is refused and when."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.api.body import read_body
from footlight.api.errors import Refused


def receiver(*messages: dict[str, Any]) -> Any:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return receive


def piece(data: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


async def test_pieces_are_joined_up_to_the_limit() -> None:
    receive = receiver(piece(b"ab", True), piece(b"", True), piece(b"cd", False))
    assert await read_body(receive, {}, max_bytes=4, timeout_s=5) == b"abcd"


async def test_a_declared_length_is_refused_before_reading() -> None:
    with pytest.raises(Refused) as refused:
        await read_body(receiver(), {"content-length": "5"}, max_bytes=4, timeout_s=5)
    assert refused.value.problem.status == 413


async def test_a_longer_body_is_refused_at_the_limit() -> None:
    receive = receiver(piece(b"abc", True), piece(b"de", True))
    with pytest.raises(Refused) as refused:
        await read_body(receive, {"content-length": "odd"}, max_bytes=4, timeout_s=5)
    assert refused.value.problem.status == 413


async def test_a_caller_who_leaves() -> None:
    receive = receiver(piece(b"abc", True), {"type": "http.disconnect"})
    with pytest.raises(Refused) as refused:
        await read_body(receive, {}, max_bytes=4, timeout_s=5)
    assert refused.value.problem.status == 400
