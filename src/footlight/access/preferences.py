"""Free names and values that an account keeps for its clients. Source: rest-api.md section 2.5."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from footlight.errors import Conflict, Invalid, NotFound
from footlight.store import schema
from footlight.store.store import Tx

MAX_NAME_CHARACTERS = 128
MAX_VALUE_CHARACTERS = 65_536
MAX_OF_ACCOUNT = 1000

_p = schema.preferences


def every(connection: Connection, account_id: str, prefix: str = "") -> list[tuple[str, str]]:
    """Names, that begin with `prefix`, and values, by name."""
    chosen = select(_p.c.name, _p.c.value).where(
        _p.c.account_id == account_id, func.substr(_p.c.name, 1, len(prefix)) == prefix
    )
    return [(row.name, row.value) for row in connection.execute(chosen.order_by(_p.c.name))]


def get(connection: Connection, account_id: str, name: str) -> str:
    """The value. Raises NotFound."""
    chosen = select(_p.c.value).where(_p.c.account_id == account_id, _p.c.name == name)
    value: str | None = connection.execute(chosen).scalar()
    if value is None:
        raise _unknown(name)
    return value


def put(tx: Tx, account_id: str, name: str | None, value: str | None) -> None:
    """Keep the value. Raises Invalid, and Conflict when there are too many."""
    if not name or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise Invalid(
            f"A name of 1 to {MAX_NAME_CHARACTERS} characters is wanted.",
            name="Name",
            problem="invalidString" if name else "missing",
        )
    text = value or ""
    if len(text) > MAX_VALUE_CHARACTERS or "\0" in text:
        raise Invalid(
            f"A value has at most {MAX_VALUE_CHARACTERS} characters.",
            name="Value",
            problem="tooLong",
        )
    chosen = (_p.c.account_id == account_id, _p.c.name == name)
    if tx.connection.execute(_p.update().where(*chosen).values(value=text)).rowcount:
        return
    count = select(func.count()).where(_p.c.account_id == account_id)
    if tx.connection.execute(count).scalar_one() >= MAX_OF_ACCOUNT:
        raise Conflict(f"There are {MAX_OF_ACCOUNT} preferences already.")
    tx.connection.execute(_p.insert().values(account_id=account_id, name=name, value=text))


def delete(tx: Tx, account_id: str, name: str) -> None:
    """Raises NotFound."""
    chosen = (_p.c.account_id == account_id, _p.c.name == name)
    if tx.connection.execute(_p.delete().where(*chosen)).rowcount == 0:
        raise _unknown(name)


def _unknown(name: str) -> NotFound:
    return NotFound("There is no such preference.", entityType="Preference", id=name[:256])
