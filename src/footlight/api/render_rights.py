"""Roles, scopes, rights and administrators to the wire."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from footlight.access import roles
from footlight.access.accounts import Account, user_name
from footlight.access.administrators import Administrator as Known
from footlight.access.administrators import Right
from footlight.access.permissions import DESCRIBED
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.wire.rest.admin import (
    Administrator,
    AdministratorReport,
    AdministratorRight,
    Role,
    RolePermission,
)
from footlight.wire.rest.scope import ALL_SCOPE, Scope
from footlight.wire.rest.user import IdentityUser


def role(connection: Connection, row: Row[Any], *, separate_duties: bool) -> Role:
    """A row of the roles."""
    granted = roles.permissions_of(connection, row.id, separate_duties=separate_duties)
    built_in = roles.BUILT_IN.get(row.id)
    return Role(
        id=row.id,
        name=row.name,
        description=row.description if built_in is None else built_in.description,
        is_built_in=row.is_built_in,
        permissions=[
            RolePermission(
                id=one.permission,
                name=one.name,
                is_read_only=one.is_read_only,
                operations=list(one.operations),
            )
            for one in DESCRIBED.values()
            if one.permission in granted
        ],
    )


def scope(row: Row[Any]) -> Scope:
    """A row of the scopes; All is no row (wire/rest/scope.py ALL_SCOPE)."""
    return Scope(
        id=row.id,
        uid=row.uid,
        name=row.name,
        description=row.description,
        is_built_in=False,
        is_all_scope=False,
    )


def rights(
    connection: Connection, held: Iterable[Right], *, separate_duties: bool
) -> list[AdministratorRight]:
    """Rights with their roles and scopes whole."""
    held = list(held)
    r, s = schema.roles, schema.scopes
    named = connection.execute(select(r).where(r.c.id.in_({one.role_id for one in held})))
    by_role = {row.id: role(connection, row, separate_duties=separate_duties) for row in named}
    rows = connection.execute(select(s).where(s.c.id.in_({one.scope_id for one in held})))
    by_scope: Mapping[str, Scope] = {ZERO_GUID: ALL_SCOPE, **{row.id: scope(row) for row in rows}}
    return [
        AdministratorRight(role=by_role[one.role_id], scope=by_scope[one.scope_id]) for one in held
    ]


def administrator(
    connection: Connection, known: Known, site_name: str, *, separate_duties: bool
) -> Administrator:
    """An administrator with the rights that the caller may know of."""
    return Administrator(
        user=account_user(known.account, site_name),
        scopes_and_roles=rights(connection, known.rights, separate_duties=separate_duties),
        enabled=known.enabled,
    )


def account_user(account: Account, site_name: str) -> IdentityUser:
    """An account, or a group that has rights, as a directory's object."""
    name = user_name(site_name, account)
    return IdentityUser(
        display_name=account.display_name,
        sam_name=name,
        sam_account_name=account.name,
        name=name,
        user_identity=account.id,
        guid=account.id,
        domain=name.partition("\\")[0],
        enabled=account.enabled,
        is_group=account.is_group,
    )


def report(administrator: Administrator) -> AdministratorReport:
    """What an administrator may do, as a page for people."""
    parts = [
        "<!DOCTYPE html><html lang=en><meta charset=utf-8>",
        f"<title>{html.escape(administrator.user.name or '')}</title>",
        f"<h1>{html.escape(administrator.user.name or '')}</h1>",
        f"<p>{'Enabled' if administrator.enabled else 'Disabled'}</p>",
    ]
    for right in administrator.scopes_and_roles:
        parts.append(f"<h2>{html.escape(right.role.name)} in {html.escape(right.scope.name)}</h2>")
        parts.append(_listed([one.name for one in right.role.permissions or ()]))
    return AdministratorReport(encoded_report=base64.b64encode("".join(parts).encode()).decode())


def _listed(names: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(name)}</li>" for name in names) + "</ul>"
