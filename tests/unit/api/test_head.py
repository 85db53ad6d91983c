"""The head of a request out of its scope."""

from __future__ import annotations

import pytest

from footlight.api.head import address_of, cookies_of, headers_of, path_of, transaction_of


def test_headers_of_one_name_are_joined() -> None:
    raw = [(b"Accept", b"a"), (b"accept", b"b"), (b"Cookie", b"x=1"), (b"cookie", b"y=2")]
    assert headers_of({"headers": raw}) == {"accept": "a, b", "cookie": "x=1; y=2"}


@pytest.mark.parametrize("given", ["", " ", "a\nb", "ü", "x" * 129])
def test_a_transaction_that_is_not_sane_is_replaced(given: str) -> None:
    assert len(transaction_of({"citrix-transactionid": given})) == 36
    assert transaction_of({"citrix-transactionid": " t-1 "}) == "t-1"


def test_path_and_address() -> None:
    assert path_of({"path": "/ä", "raw_path": b"/%C3%A4"}) == b"/%C3%A4"
    assert path_of({"path": "/a"}) == b"/a"
    assert address_of({"client": ("203.0.113.1", 9)}) == "203.0.113.1"
    assert address_of({"client": None}) == ""


def test_cookies_are_bounded() -> None:
    assert cookies_of('a=1; b="two" ;nonsense') == {"a": "1", "b": "two"}
    assert len(cookies_of("; ".join(f"c{n}={n}" for n in range(100)))) == 64
    assert cookies_of(None) == {}
