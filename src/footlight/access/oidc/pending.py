"""Sign-ins that are under way at the provider: kept here, for ten minutes, each taken once and only by the browser that
began it. Of state and browser only hashes are kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from sqlalchemy import func, select

from footlight.errors import LimitReached
from footlight.store import schema
from footlight.store.store import Tx

LIFE_MS = 600_000
MAX_PENDING = 20_000
RETRY_S = 60
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")

_p = schema.oidc_sign_ins


@dataclass(frozen=True)
class Begun:
    """What goes to the browser and on to the provider. `browser` is a cookie's value."""

    state: str = field(repr=False)
    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Pending:
    """What was kept of a sign-in."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    return_to: str


def begin(tx: Tx, browser: str | None, return_to: str) -> Begun:
    """A new sign-in; a browser that has a cookie already keeps it, so that two tabs don't spoil each other's. Raises
    LimitReached when too many are under way."""
    tx.connection.execute(_p.delete().where(_p.c.expires_at_ms <= tx.now_ms))
    if tx.connection.execute(select(func.count()).select_from(_p)).scalar_one() >= MAX_PENDING:
        raise LimitReached("Too many are signing in.", retry_s=RETRY_S)
    known = browser is not None and _BROWSER.fullmatch(browser)
    begun = Begun(
        state=secrets.token_urlsafe(32),
        browser=browser if known and browser else secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
    )
    tx.connection.execute(
        _p.insert().values(
            state_hash=_hash(begun.state),
            browser_hash=_hash(begun.browser),
            nonce=begun.nonce,
            verifier=begun.verifier,
            return_to=return_to,
            expires_at_ms=tx.now_ms + LIFE_MS,
        )
    )
    return begun


def take(tx: Tx, state: str, browser: str) -> Pending | None:
    """The sign-in of that state, which is gone from now on; None when there is none, when its time is over, or when
    another browser began it (then it stays, for that one)."""
    of_state = _p.c.state_hash == _hash(state)
    row = tx.connection.execute(select(_p).where(of_state)).first()
    if row is None or row.browser_hash != _hash(browser):
        return None
    tx.connection.execute(_p.delete().where(of_state))
    if row.expires_at_ms <= tx.now_ms:
        return None
    return Pending(row.nonce, row.verifier, row.return_to)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
