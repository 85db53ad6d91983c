"""Accounts of the site and its API clients."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from footlight.access import failures
from footlight.access.lockout import client_key, name_key
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True)
class Account:
    """One account; `password_hash` None means that it cannot sign in by itself."""

    id: str
    name: str
    display_name: str
    enabled: bool
    tokens_after_ms: int
    password_hash: str | None

    def __repr__(self) -> str:
        return f"Account({self.name!r})"


def by_name(connection: Connection, name: str) -> Account | None:
    """The account of that name in any case."""
    return _one(connection, schema.accounts.c.name_key == name.lower())


def by_id(connection: Connection, account_id: str) -> Account | None:
    """The account of that id."""
    return _one(connection, schema.accounts.c.id == account_id)


def every(connection: Connection) -> list[Account]:
    """All accounts, by name. A site keeps at most a few thousand."""
    rows = connection.execute(select(schema.accounts).order_by(schema.accounts.c.name_key))
    return [of_row(row) for row in rows]


def create(
    tx: Tx,
    name: str,
    *,
    display_name: str | None = None,
    password_hash: str | None = None,
) -> Account:
    """A new account. Raises Invalid for a name out of shape, Conflict for one that is taken."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "An account name is 1 to 64 letters, digits, dots, hyphens, underscores or @.",
            name="name",
        )
    if by_name(tx.connection, name) is not None:
        raise Conflict(f"There is an account {name!r} already.", code="DuplicateObject", name=name)
    account = Account(new_guid(), name, display_name or name, True, 0, password_hash)
    tx.connection.execute(
        insert(schema.accounts).values(
            id=account.id,
            name=name,
            name_key=name.lower(),
            display_name=account.display_name,
            password_hash=password_hash,
            enabled=True,
            created_at_ms=tx.now_ms,
        )
    )
    tx.emit("account", account.id, account.id)
    return account


def set_password(tx: Tx, account_id: str, password_hash: str) -> None:
    """A new password; tokens issued before are dead, and a lock-out is over. Raises NotFound."""
    done = tx.connection.execute(
        update(schema.accounts)
        .where(schema.accounts.c.id == account_id)
        .values(password_hash=password_hash, tokens_after_ms=tx.now_ms)
    )
    if done.rowcount == 0:
        raise NotFound("There is no such account.", entityType="Account", id=account_id)
    account = by_id(tx.connection, account_id)
    if account is not None:
        failures.forget(tx, name_key(account.name))
    tx.emit("account", account_id, account_id)


def set_display_name(tx: Tx, account_id: str, display_name: str) -> None:
    """What the account is shown as; sessions keep the name that they began with. Raises NotFound."""
    table = schema.accounts
    chosen = update(table).where(table.c.id == account_id)
    if tx.connection.execute(chosen.values(display_name=display_name)).rowcount == 0:
        raise NotFound("There is no such account.", entityType="Account", id=account_id)
    tx.emit("account", account_id, account_id)


def create_client(tx: Tx, secret_hash: str, account_id: str) -> str:
    """A new API client that acts as the account; its id."""
    client_id = new_guid()
    tx.connection.execute(
        insert(schema.clients).values(
            id=client_id, secret_hash=secret_hash, account_id=account_id, created_at_ms=tx.now_ms
        )
    )
    return client_id


def client(connection: Connection, client_id: str) -> tuple[str, str] | None:
    """(secret hash, account id) of an API client."""
    query = select(schema.clients.c.secret_hash, schema.clients.c.account_id).where(
        schema.clients.c.id == client_id.lower()
    )
    row = connection.execute(query).first()
    return None if row is None else (row.secret_hash, row.account_id)


def first_client(connection: Connection, account_id: str) -> str:
    """The id of the account's oldest API client. Raises NotFound."""
    table = schema.clients
    query = select(table.c.id).where(table.c.account_id == account_id).order_by("created_at_ms")
    client_id = connection.execute(query.limit(1)).scalar()
    if client_id is None:
        raise NotFound("There is no API client.", entityType="Client", id=account_id)
    return str(client_id)


def set_client_secret(tx: Tx, client_id: str, secret_hash: str) -> None:
    """A new secret for an API client; a lock-out is over."""
    table = schema.clients
    tx.connection.execute(
        update(table).where(table.c.id == client_id).values(secret_hash=secret_hash)
    )
    failures.forget(tx, client_key(client_id))


def _one(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(schema.accounts).where(condition)).first()
    return None if row is None else of_row(row)


def of_row(row: Row[Any]) -> Account:
    """The account from a row with the columns of its table."""
    return Account(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        enabled=row.enabled,
        tokens_after_ms=row.tokens_after_ms,
        password_hash=row.password_hash,
    )
