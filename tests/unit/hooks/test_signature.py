from __future__ import annotations

import hashlib
import hmac

from footlight.hooks.signature import new_secret, signature


def expected(key: str, signed: bytes) -> str:
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()


def test_the_time_and_the_body_are_signed_by_each_secret() -> None:
    made = signature(["new", "old"], 1700000000, b'{"a":1}')
    signed = b'1700000000.{"a":1}'
    assert made == f"t=1700000000,v1={expected('new', signed)},v1={expected('old', signed)}"


def test_secrets_are_long_and_fit_their_column() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("fls_")
    assert 43 <= len(first) <= 64
