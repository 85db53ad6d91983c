"""Groups of a source that were given rights: rows among the accounts, under which nobody signs in.

A group of the provider is named `OIDC\\name`, one of an operating system `HOST\\name`; names are compared in lower
case. Who is in a group is what the source said when the account last signed in (accounts.py set_groups).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Connection, Select, String, bindparam, literal, select, union_all

from footlight.access import accounts
from footlight.access.accounts import Account, Source
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

OIDC_DOMAIN = "OIDC"

_a = schema.accounts
_in = schema.account_groups


def key_of(domain: str, name: str) -> str:
    """What the table finds a group by; no account has a colon in its name."""
    return f"group:{domain}\\{name}".lower()


def find(connection: Connection, domain: str, name: str) -> Account | None:
    """The group of that name, if it was ever given rights."""
    query = select(_a).where(_a.c.name_key == key_of(domain, name.strip()), _a.c.is_group)
    row = connection.execute(query).first()
    return None if row is None else accounts.of_row(row)


def named(connection: Connection, text: str) -> Account | None:
    """The group of the provider that `OIDC\\name` means, kept or not; None for another text."""
    domain, _, name = text.strip().partition("\\")
    if domain.upper() != OIDC_DOMAIN or not accounts.is_group_name(name):
        return None
    return find(connection, OIDC_DOMAIN, name) or fresh("oidc", OIDC_DOMAIN, name)


def fresh(source: Source, domain: str, name: str) -> Account:
    """A group that is not kept yet."""
    bare = name.strip()
    return Account(
        id=new_guid(),
        name=bare,
        display_name=bare,
        enabled=True,
        tokens_after_ms=0,
        password_hash=None,
        source=source,
        external_id=f"group:{bare.lower()}",
        domain=domain.upper(),
        is_group=True,
    )


def keep(tx: Tx, group: Account) -> None:
    """The group has a row from now on."""
    if accounts.by_id(tx.connection, group.id) is None:
        accounts.insert_row(tx, group, key_of(group.domain, group.name))


def holders(account_id: Any = None, *, with_groups: Any = None) -> Select[Any]:
    """Ids under which the account has rights: its own and, unless `with_groups` is false, those of groups that it was
    in at its last sign-in. Without arguments they are the parameters `account_id` and `with_groups`."""
    own = bindparam("account_id", type_=String) if account_id is None else literal(account_id)
    counts = (
        bindparam("with_groups", type_=Boolean)
        if with_groups is None
        else literal(with_groups, Boolean)
    )
    group = _a.alias("group_account")
    of_groups = (
        select(group.c.id)
        .join(
            _in,
            (group.c.source == _in.c.source)
            & (group.c.external_id == literal("group:") + _in.c.name)
            & group.c.is_group,
        )
        .where(_in.c.account_id == own, counts)
    )
    held = union_all(select(own.label("id")), of_groups).subquery("holders")
    return select(held.c.id)
