"""API clients: an id and a secret that act as an account. One with a name is a service account, which expires.

A change of the secret leaves the one before good until a stated moment. A token that was got with a secret is good as
long as that secret is: it carries the secret's print.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from footlight.access import failures
from footlight.access.lockout import client_key
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

DAY_MS = 86_400_000
DEFAULT_LIFE_MS, LONGEST_LIFE_MS = 90 * DAY_MS, 730 * DAY_MS
LONGEST_OVERLAP_MS = 7 * DAY_MS
MAX_OF_ACCOUNT = 50
MAX_NAME_CHARACTERS = 64
USE_NOTED_EVERY_MS = 60_000

_c = schema.clients
_a = schema.accounts


@dataclass(frozen=True)
class Client:
    """An API client. `expires_at_ms` None: never; the previous secret is good until `previous_until_ms`."""

    id: str
    name: str
    account_id: str
    account_name: str
    created_at_ms: int
    expires_at_ms: int | None
    last_used_at_ms: int | None
    secret_hash: str
    previous_secret_hash: str | None
    previous_until_ms: int | None

    def __repr__(self) -> str:
        return f"Client({self.id!r})"

    def has_expired(self, now_ms: int) -> bool:
        """Whether it may not be used any more."""
        return self.expires_at_ms is not None and now_ms >= self.expires_at_ms

    def hashes(self, now_ms: int) -> list[str]:
        """Of the secrets that are good now, the newest first."""
        if self.has_expired(now_ms):
            return []
        before = self.previous_secret_hash
        overlaps = self.previous_until_ms is not None and now_ms < self.previous_until_ms
        return [self.secret_hash, before] if before and overlaps else [self.secret_hash]

    def good_until_ms(self, secret_print: str) -> int | None:
        """Until when tokens that were got with that secret are good; None: as long as they live, 0: no longer."""
        ends = [] if self.expires_at_ms is None else [self.expires_at_ms]
        if secret_print != print_of(self.secret_hash):
            before = self.previous_secret_hash
            fits = before is not None and secret_print == print_of(before)
            ends.append((self.previous_until_ms or 0) if fits else 0)
        return min(ends) if ends else None


def print_of(secret_hash: str) -> str:
    """What a token says of the secret that it was got with; nothing can be learnt from it."""
    return hashlib.sha256(secret_hash.encode()).hexdigest()[:16]


def get(connection: Connection, client_id: str) -> Client | None:
    """The client of that id in any case."""
    row = connection.execute(_joined().where(_c.c.id == client_id.lower())).first()
    return None if row is None else _of_row(row)


def require(connection: Connection, client_id: str) -> Client:
    """The client of that id. Raises NotFound."""
    found = get(connection, client_id)
    if found is None:
        raise NotFound(
            "There is no such service account.", entityType="ServiceAccount", id=client_id[:64]
        )
    return found


def every(connection: Connection) -> list[Client]:
    """All clients, the oldest first."""
    rows = connection.execute(_joined().order_by(_c.c.created_at_ms, _c.c.id))
    return [_of_row(row) for row in rows]


def of_account(connection: Connection, account_id: str) -> list[Client]:
    """The account's clients, the oldest first."""
    query = _joined().where(_c.c.account_id == account_id)
    rows = connection.execute(query.order_by(_c.c.created_at_ms, _c.c.id))
    return [_of_row(row) for row in rows]


def first(connection: Connection, account_id: str) -> str:
    """The id of the account's oldest client. Raises NotFound."""
    found = of_account(connection, account_id)
    if not found:
        raise NotFound("There is no API client.", entityType="Client", id=account_id)
    return found[0].id


def create(
    tx: Tx,
    secret_hash: str,
    account_id: str,
    *,
    name: str = "",
    expires_at_ms: int | None = None,
) -> str:
    """A new client that acts as the account; its id. Raises Conflict when the account has too many."""
    held = select(func.count()).where(_c.c.account_id == account_id)
    if tx.connection.execute(held).scalar_one() >= MAX_OF_ACCOUNT:
        raise Conflict(f"An account has at most {MAX_OF_ACCOUNT} service accounts.")
    client_id = new_guid()
    tx.connection.execute(
        _c.insert().values(
            id=client_id,
            name=name,
            secret_hash=secret_hash,
            account_id=account_id,
            created_at_ms=tx.now_ms,
            expires_at_ms=expires_at_ms,
        )
    )
    return client_id


def set_secret(
    tx: Tx,
    client_id: str,
    secret_hash: str,
    *,
    overlap_ms: int = 0,
    expires_at_ms: int | None = None,
) -> None:
    """A new secret; the one before is good for `overlap_ms` more, and a lock-out is over. `expires_at_ms` None: as it
    was."""
    values: dict[str, Any] = {
        "secret_hash": secret_hash,
        "previous_secret_hash": _c.c.secret_hash if overlap_ms else None,
        "previous_until_ms": tx.now_ms + overlap_ms if overlap_ms else None,
    }
    if expires_at_ms is not None:
        values["expires_at_ms"] = expires_at_ms
    tx.connection.execute(update(_c).where(_c.c.id == client_id).values(**values))
    failures.forget(tx, client_key(client_id))


def note_use(tx: Tx, client: Client) -> None:
    """It was used now; written once a minute."""
    if tx.now_ms - (client.last_used_at_ms or 0) >= USE_NOTED_EVERY_MS:
        chosen = update(_c).where(_c.c.id == client.id)
        tx.connection.execute(chosen.values(last_used_at_ms=tx.now_ms))


def delete(tx: Tx, client_id: str) -> None:
    """The client is gone, and its tokens are dead."""
    tx.connection.execute(_c.delete().where(_c.c.id == client_id))
    failures.forget(tx, client_key(client_id))


def revoke_all(tx: Tx, account_id: str, unusable_hash: str) -> int:
    """No secret of the account's clients is good any more; how many clients there were. One without a name, which the
    site's first start made, stays with a secret that nobody has (the hash given)."""
    found = of_account(tx.connection, account_id)
    for one in found:
        if one.name:
            delete(tx, one.id)
        else:
            set_secret(tx, one.id, unusable_hash)
    return len(found)


def checked_name(text: str) -> str:
    """The name of a service account. Raises Invalid."""
    name = text.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise Invalid(
            f"A name of 1 to {MAX_NAME_CHARACTERS} printable characters is wanted.", name="name"
        )
    return name


def checked_expiry(expires_at_ms: int, now_ms: int) -> int:
    """When it expires. Raises Invalid for a moment that is past or too far off."""
    if not now_ms < expires_at_ms <= now_ms + LONGEST_LIFE_MS:
        raise Invalid(
            f"expiresAt is a moment of the next {LONGEST_LIFE_MS // DAY_MS} days.",
            name="expiresAt",
            problem="outOfRange",
        )
    return expires_at_ms


def _joined() -> Any:
    return select(_c, _a.c.name.label("account_name")).join(_a, _a.c.id == _c.c.account_id)


def _of_row(row: Row[Any]) -> Client:
    return Client(
        id=row.id,
        name=row.name,
        account_id=row.account_id,
        account_name=row.account_name,
        created_at_ms=row.created_at_ms,
        expires_at_ms=row.expires_at_ms,
        last_used_at_ms=row.last_used_at_ms,
        secret_hash=row.secret_hash,
        previous_secret_hash=row.previous_secret_hash,
        previous_until_ms=row.previous_until_ms,
    )
