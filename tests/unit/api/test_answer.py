"""How responses are finished."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.api.answer import Answer


async def answered(
    status: int, headers: list[tuple[bytes, bytes]], *pieces: bytes, method: str = "GET",
    cvad: bool = True,
) -> tuple[dict[bytes, bytes], list[dict[str, Any]]]:  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    answer = Answer({"type": "http", "method": method}, send, "t1", "Citrix Systems, Inc.")
    answer.cvad = cvad
    await answer({"type": "http.response.start", "status": status, "headers": headers})
    for index, data in enumerate(pieces, 1):
        more = index < len(pieces)
        await answer({"type": "http.response.body", "body": data, "more_body": more})
    return dict(sent[0]["headers"]), sent[1:]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_own_headers_replace_what_was_there(method: str) -> None:
    headers, bodies = await answered(
        200,
        [
            (b"Server", b"x"),
            (b"Citrix-TransactionId", b"y"),
            (b"content-type", b"application/json"),
        ],
        b"{}",
        b"",
        method=method,
    )
    assert headers == {
        b"content-type": b"application/json; charset=utf-8",
        b"citrix-transactionid": b"t1",
        b"server": b"Citrix Systems, Inc.",
    }
    if method == "HEAD":
        assert bodies == [{"type": "http.response.body", "body": b"", "more_body": False}]
    else:
        assert [body["body"] for body in bodies] == [b"{}", b""]


async def test_202_has_no_null() -> None:
    headers, bodies = await answered(202, [(b"content-length", b"4")], b"null")
    assert headers[b"content-length"] == b"0"
    assert [body["body"] for body in bodies] == [b""]
    headers, bodies = await answered(202, [(b"content-length", b"2")], b"{}", cvad=False)
    assert [body["body"] for body in bodies] == [b"{}"]


async def test_204_has_neither_length_nor_type() -> None:
    headers, bodies = await answered(
        204, [(b"content-length", b"4"), (b"content-type", b"text/plain")], b"null"
    )
    assert set(headers) == {b"citrix-transactionid", b"server"}
    assert [body["body"] for body in bodies] == [b""]
