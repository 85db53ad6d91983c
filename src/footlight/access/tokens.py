"""Bearer tokens: signed, about an hour long, revocable at once.

A token is an unpadded JWT: clients cut the header at the first `=` (rest-api.md section 2.1), so there is none in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import jwt
from sqlalchemy import Connection, insert, select

from footlight.errors import Unauthenticated
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

_ALGORITHM = "HS256"
MAX_TOKEN_CHARS = 4096


@dataclass(frozen=True)
class TokenPolicy:
    """How long tokens live and may be refreshed, in milliseconds."""

    life_ms: int
    refresh_ms: int


@dataclass(frozen=True)
class Token:
    """What a token says."""

    account_id: str
    token_id: str
    issued_at_ms: int
    expires_at_ms: int
    refresh_until_ms: int
    local: bool  # the one that run/site.json holds
    # of an API client: its id, and the print of the secret that it showed (clients.py)
    client_id: str = ""
    secret: str = ""
    sign_in_id: str = ""  # the first token's id: those that are refreshed keep it
    logon: str = ""  # what the sign-in left on a host: its machine's id, a slash, the log-on's id


@dataclass(frozen=True)
class Origin:
    """How a token came about, which refreshed ones keep: see Token. `until_ms`: it lives no longer, however it is
    refreshed."""

    client_id: str = ""
    secret: str = ""
    sign_in_id: str = ""
    until_ms: int | None = None
    logon: str = ""


ANYONE = Origin()


def issue(
    key: bytes,
    policy: TokenPolicy,
    account_id: str,
    display_name: str,
    now_ms: int,
    *,
    refresh_until_ms: int | None = None,
    local: bool = False,
    origin: Origin = ANYONE,
) -> tuple[str, Token]:
    """A new token and its text. A refreshed one keeps the first sign-in's refresh limit."""
    until = now_ms + policy.refresh_ms if refresh_until_ms is None else refresh_until_ms
    expires_at_ms = now_ms + policy.life_ms
    if origin.until_ms is not None:
        until, expires_at_ms = min(until, origin.until_ms), min(expires_at_ms, origin.until_ms)
    token_id = new_guid()
    token = Token(
        account_id,
        token_id,
        now_ms,
        expires_at_ms,
        until,
        local,
        origin.client_id,
        origin.secret,
        origin.sign_in_id or token_id,
        origin.logon,
    )
    claims: dict[str, object] = {
        "sub": account_id,
        "displayname": display_name,
        "jti": token.token_id,
        "iat": now_ms / 1000,
        "exp": token.expires_at_ms // 1000,
        "refresh_expiration": until // 1000,
        "local": local,
    }
    if origin.client_id:
        claims |= {"client": origin.client_id, "secret": origin.secret}
    if origin.logon:
        claims["logon"] = origin.logon
    if token.sign_in_id != token_id:
        claims["sid"] = token.sign_in_id
    return jwt.encode(claims, key, algorithm=_ALGORITHM), token


def parse(key: bytes, text: str, now_ms: int) -> Token:
    """What the token says. Raises Unauthenticated when it is not ours, damaged or expired."""
    if len(text) > MAX_TOKEN_CHARS:
        raise Unauthenticated("The token is not valid.", reason="invalid")
    token = _verified(key, text)
    if token.expires_at_ms <= now_ms:
        raise Unauthenticated("The token has expired.", reason="invalid")
    return token


@lru_cache(maxsize=1024)
def _verified(key: bytes, text: str) -> Token:
    """What the text says, whatever the time: kept, since a client shows the same token at each call."""
    try:
        # Expiry is checked below, against our own clock.
        claims = jwt.decode(
            text, key, algorithms=[_ALGORITHM], options={"verify_exp": False, "verify_iat": False}
        )
        return Token(
            account_id=str(claims["sub"]),
            token_id=str(claims["jti"]),
            issued_at_ms=round(float(claims["iat"]) * 1000),
            expires_at_ms=int(claims["exp"]) * 1000,
            refresh_until_ms=int(claims["refresh_expiration"]) * 1000,
            local=bool(claims["local"]),
            client_id=str(claims.get("client", "")),
            secret=str(claims.get("secret", "")),
            sign_in_id=str(claims.get("sid", claims["jti"])),
            logon=str(claims.get("logon", "")),
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise Unauthenticated("The token is not valid.", reason="invalid") from None


def is_revoked(connection: Connection, token_id: str) -> bool:
    """Whether the token was logged off."""
    query = select(schema.revoked_tokens.c.token_id).where(
        schema.revoked_tokens.c.token_id == token_id
    )
    return connection.execute(query).first() is not None


def revoke(tx: Tx, token_id: str, expires_at_ms: int) -> None:
    """The token is dead from this transaction on; rows of long expired ones go."""
    table = schema.revoked_tokens
    tx.connection.execute(table.delete().where(table.c.expires_at_ms < tx.now_ms - 86_400_000))
    if not is_revoked(tx.connection, token_id):
        tx.connection.execute(insert(table).values(token_id=token_id, expires_at_ms=expires_at_ms))
