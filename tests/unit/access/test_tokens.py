from __future__ import annotations

import base64
import json

import jwt
import pytest
from sqlalchemy import func, select

from footlight.access import tokens
from footlight.errors import Unauthenticated
from footlight.store import schema
from footlight.store.store import Store, Tx

KEY = b"k" * 32
POLICY = tokens.TokenPolicy(life_ms=3_600_000, refresh_ms=7_200_000)
NOW = 1_760_000_000_000


def test_what_is_issued_is_what_is_read() -> None:
    for local in (False, True):
        text, token = tokens.issue(KEY, POLICY, "account", "Zoë", NOW, local=local)
        assert tokens.parse(KEY, text, NOW) == token
        assert (token.account_id, token.local) == ("account", local)
        assert token.expires_at_ms - NOW == POLICY.life_ms
        assert token.refresh_until_ms - NOW == POLICY.refresh_ms
        assert "=" not in text


def test_a_refreshed_one_keeps_the_first_limit() -> None:
    text, _ = tokens.issue(KEY, POLICY, "a", "A", NOW + 5000, refresh_until_ms=NOW + 60_000)
    assert tokens.parse(KEY, text, NOW).refresh_until_ms == NOW + 60_000


def test_it_ends_to_the_millisecond() -> None:
    text, token = tokens.issue(KEY, POLICY, "a", "A", NOW)
    tokens.parse(KEY, text, token.expires_at_ms - 1)
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.parse(KEY, text, token.expires_at_ms)


def altered(text: str, part: int, **changes: object) -> str:
    """The token with other members in its header (0) or claims (1), and its old signature."""
    parts = text.split(".")
    members = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    raw = json.dumps({**members, **changes}).encode()
    parts[part] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return ".".join(parts)


def test_forgeries_are_refused() -> None:
    text, _ = tokens.issue(KEY, POLICY, "a", "A", NOW)
    unsigned = jwt.encode({"sub": "a"}, None, algorithm="none")  # type: ignore[arg-type]
    poor = jwt.encode({"sub": "a", "exp": 2**40}, KEY, algorithm="HS256")
    for forged in (
        tokens.issue(b"o" * 32, POLICY, "a", "A", NOW)[0],
        altered(text, 0, alg="none"),
        altered(text, 1, sub="admin"),
        text[:-2],
        text.rpartition(".")[0] + ".",
        unsigned,
        poor,
        "a.b.c",
        "",
        "x" * (tokens.MAX_TOKEN_CHARS + 1),
    ):
        with pytest.raises(Unauthenticated) as caught:
            tokens.parse(KEY, forged, NOW)
        assert caught.value.facts == {"reason": "invalid"}


async def test_revoked_twice_is_revoked_and_long_expired_rows_go(store: Store) -> None:
    def act(tx: Tx) -> None:
        for now_ms in (NOW, NOW):
            tokens.revoke(Tx(tx.connection, now_ms), "one", NOW + 1000)
        assert tokens.is_revoked(tx.connection, "one")
        assert not tokens.is_revoked(tx.connection, "two")
        tokens.revoke(Tx(tx.connection, NOW + 1000 + 86_400_000), "two", NOW)
        assert tokens.is_revoked(tx.connection, "one")
        tokens.revoke(Tx(tx.connection, NOW + 1001 + 86_400_000), "three", NOW)
        assert not tokens.is_revoked(tx.connection, "one")

    await store.write(act)
    table = schema.revoked_tokens
    assert await store.read(lambda c: c.execute(select(func.count()).select_from(table)).scalar())
