"""Accounts of the site and its API clients."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, insert, select, update

from footlight.access import failures
from footlight.access.lockout import name_key
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
MAX_GROUPS = 500
MAX_GROUP_CHARACTERS = 122  # with its domain before it, a principal (site/entitlement.py)

Source = Literal["site", "os", "oidc", "visitor"]


@dataclass(frozen=True)
class Account:
    """One account; `password_hash` None means that it cannot sign in by itself.

    `source` is where it comes from: the site itself, the operating system of a host (then `domain` is the host's
    name), or the OpenID Connect provider; `external_id` is what it is known by there. A group of a source that was
    given rights is a row too, nobody's sign-in."""

    id: str
    name: str
    display_name: str
    enabled: bool
    tokens_after_ms: int
    password_hash: str | None
    source: Source = "site"
    external_id: str | None = None
    domain: str = ""  # of an OS account: its host; else "", the site's own name
    is_group: bool = False
    os_name: str | None = (
        None  # the account of the host that its sessions run as, by an administrator's word
    )

    def __repr__(self) -> str:
        return f"Account({self.name!r})"


def key_of(name: str, domain: str = "") -> str:
    """What the table finds a name by: in lower case, of an OS account with its host before it. A name of the site
    has no backslash, so that none of both is taken for the other."""
    return f"{domain}\\{name}".lower() if domain else name.lower()


def by_name(connection: Connection, name: str, domain: str = "") -> Account | None:
    """The account of that name in any case: of the site or the provider, or of the host `domain`."""
    key = key_of(name, domain)
    return _one(connection, and_(schema.accounts.c.name_key == key, ~schema.accounts.c.is_group))


def of_user_name(connection: Connection, site_name: str, text: str) -> Account | None:
    """The account that `name`, `.\\name` or `DOMAIN\\name` means; the domain is the site's or a host's."""
    domain, _, name = text.strip().rpartition("\\")
    return by_name(connection, name, "" if domain.lower() in (".", site_name.lower()) else domain)


def by_id(connection: Connection, account_id: str) -> Account | None:
    """The account of that id; a group that has rights too."""
    return _one(connection, schema.accounts.c.id == account_id)


def by_external(connection: Connection, source: Source, external_id: str) -> Account | None:
    """The account that its source knows by that."""
    a = schema.accounts
    known = and_(a.c.source == source, a.c.external_id == external_id, a.c.is_group == false())
    return _one(connection, known)


def every(connection: Connection) -> list[Account]:
    """All accounts but visitors', by name. A site keeps at most a few thousand."""
    a = schema.accounts
    known = and_(a.c.is_group == false(), a.c.source != "visitor")
    query = select(a).where(known).order_by(a.c.name_key)
    return [of_row(row) for row in connection.execute(query)]


def create(
    tx: Tx,
    name: str,
    *,
    display_name: str | None = None,
    password_hash: str | None = None,
    source: Source = "site",
    external_id: str | None = None,
    domain: str = "",
) -> Account:
    """A new account; of an OS account `domain` is its host. Raises Invalid for a name out of shape, Conflict for
    one that is taken."""
    if not NAME.fullmatch(name):
        raise Invalid(
            "An account name is 1 to 64 letters, digits, dots, hyphens, underscores or @.",
            name="name",
        )
    if by_name(tx.connection, name, domain) is not None:
        raise Conflict(f"There is an account {name!r} already.", code="DuplicateObject", name=name)
    account = Account(
        id=new_guid(),
        name=name,
        display_name=(display_name or name)[:128],
        enabled=True,
        tokens_after_ms=0,
        password_hash=password_hash,
        source=source,
        external_id=external_id,
        domain=domain.upper(),
    )
    insert_row(tx, account, key_of(name, domain))
    return account


def insert_row(tx: Tx, account: Account, key: str) -> None:
    """Keep a new account, or a group, under that key."""
    tx.connection.execute(
        insert(schema.accounts).values(
            id=account.id,
            name=account.name,
            name_key=key,
            display_name=account.display_name,
            password_hash=account.password_hash,
            enabled=True,
            created_at_ms=tx.now_ms,
            source=account.source,
            external_id=account.external_id,
            is_group=account.is_group,
        )
    )
    tx.emit("account", account.id, account.id)


def set_groups(tx: Tx, account_id: str, source: Source, names: Iterable[str]) -> None:
    """The account is in exactly these groups of the source, at most MAX_GROUPS; names are kept in lower case, as
    they are compared, and those that are too long or not printable are left out."""
    kept = dict.fromkeys(name.strip().lower() for name in names if is_group_name(name))
    table = schema.account_groups
    of_source = and_(table.c.account_id == account_id, table.c.source == source)
    tx.connection.execute(delete(table).where(of_source))
    rows = [
        {"account_id": account_id, "source": source, "name": name}
        for name in list(kept)[:MAX_GROUPS]
    ]
    if rows:
        tx.connection.execute(insert(table), rows)


def is_group_name(name: str) -> bool:
    """Whether a group may go by that name here."""
    bare = name.strip()
    return 0 < len(bare) <= MAX_GROUP_CHARACTERS and bare.isprintable() and "\\" not in bare


def groups_of(connection: Connection, account_id: str) -> list[tuple[Source, str]]:
    """(source, name in lower case) of the groups that the account was in when it last signed in."""
    table = schema.account_groups
    query = select(table.c.source, table.c.name).where(table.c.account_id == account_id)
    rows = connection.execute(query.order_by(table.c.source, table.c.name))
    return [(row.source, row.name) for row in rows]


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


def map_to_host(tx: Tx, account_id: str, os_name: str | None) -> None:
    """Sessions of the account run as that account of the host from now on; None: as one of their own."""
    table = schema.accounts
    tx.connection.execute(update(table).where(table.c.id == account_id).values(os_name=os_name))
    tx.emit("account", account_id, account_id)


def retire(tx: Tx, account: Account) -> None:
    """The account of that name is no more: its name is free, and nobody signs in as it."""
    table = schema.accounts
    key = f"{key_of(account.name, account.domain)}#{account.id}"
    gone = {"name_key": key, "external_id": None, "enabled": False, "tokens_after_ms": tx.now_ms}
    tx.connection.execute(update(table).where(table.c.id == account.id).values(**gone))
    tx.emit("account", account.id, account.id)


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
        source=row.source,
        external_id=row.external_id,
        domain=row.name_key.removeprefix("group:").rpartition("\\")[0].upper(),
        is_group=row.is_group,
        os_name=row.os_name,
    )


def user_name(site_name: str, account: Account) -> str:
    """DOMAIN\\name as it is shown: the site's domain, of an OS account its host's."""
    return f"{account.domain or site_name}\\{account.name}"
