"""Roles: the built-in ones, whose permissions are code, and those that a site makes; and what they grant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from footlight.access import groups
from footlight.caller import ALL_PERMISSIONS, OF_AUDITORS, Grant, Permission
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.store import Tx

P = Permission
_READ = frozenset(permission for permission in Permission if permission.endswith("_Read"))
_SESSIONS = frozenset(
    (P.SESSION_READ, P.SESSION_DISCONNECT, P.SESSION_LOG_OFF, P.SESSION_MESSAGE, P.SESSION_HIDE)
)
_INVENTORY_READ = frozenset(
    (P.SITE_READ, P.CATALOG_READ, P.MACHINE_READ, P.GROUP_READ, P.APPLICATION_READ, P.ZONE_READ,
     P.TAG_READ, P.IDENTITY_READ)
)  # fmt: skip


@dataclass(frozen=True)
class BuiltIn:
    """A role that no site changes or deletes. Its row has the same id on every site (migration 0003)."""

    id: str
    name: str
    description: str
    permissions: frozenset[Permission]


def _built_in(
    number: int, name: str, description: str, permissions: Iterable[Permission]
) -> BuiltIn:
    guid = f"f0071197-0000-4000-8000-{number:012}"
    return BuiltIn(guid, name, description, frozenset(permissions))


FULL = _built_in(
    1,
    "Full Administrator",
    "Can perform all tasks and operations. Where duties are separate, recordings are left to auditors.",
    ALL_PERMISSIONS,
)
READ_ONLY = _built_in(
    2,
    "Read Only Administrator",
    "Can see all objects in the specified scopes as well as global information, but cannot change anything, "
    "and cannot play recordings.",
    _READ,
)
HELP_DESK = _built_in(
    3,
    "Help Desk Administrator",
    "Can view machines, delivery groups and applications, and manage the sessions of users: message, shadow, "
    "disconnect, log off, hide and record them. Can turn maintenance mode of machines on and off.",
    _INVENTORY_READ | _SESSIONS | {P.SHADOW, P.RECORD, P.MACHINE_MAINTENANCE},
)
CATALOG = _built_in(
    4,
    "Machine Catalog Administrator",
    "Can create and manage machine catalogs and the machines in them. Can view sessions, but cannot act on them.",
    _INVENTORY_READ
    | {P.SESSION_READ, P.TAG_MANAGE, P.MACHINE_EDIT, P.MACHINE_MAINTENANCE, P.MACHINE_REMOVE}
    | {p for p in P if p.startswith("Catalog_")},
)
GROUP = _built_in(
    5,
    "Delivery Group Administrator",
    "Can deliver desktops and applications: create and manage delivery groups, applications, folders and icons, "
    "and the machines and sessions of delivery groups. Cannot shadow or record sessions.",
    _INVENTORY_READ
    | _SESSIONS
    | {P.TAG_MANAGE, P.ICON_MANAGE, P.FOLDER_MANAGE, P.MACHINE_EDIT, P.MACHINE_MAINTENANCE}
    | {p for p in P if p.startswith(("DesktopGroup_", "Application_"))},
)
HOST = _built_in(
    6,
    "Host Administrator",
    "Can manage zones, and view machine catalogs, machines, delivery groups and applications.",
    _INVENTORY_READ | {P.ZONE_MANAGE},
)
AUDITOR = _built_in(
    7,
    "Session Recording Auditor",
    "Can play, export, hold and delete recordings, and view the log, machines and sessions. Cannot start or stop "
    "a recording.",
    (P.SITE_READ, P.SESSION_READ, P.MACHINE_READ, P.LOG_READ, P.VIEW_RECORDINGS,
     P.EXPORT_RECORDINGS, P.DELETE_RECORDINGS),
)  # fmt: skip
BUILT_IN = {role.id: role for role in (FULL, READ_ONLY, HELP_DESK, CATALOG, GROUP, HOST, AUDITOR)}


def grants_of(
    connection: Connection,
    account_id: str,
    *,
    separate_duties: bool = False,
    with_groups: bool = True,
) -> tuple[Grant, ...]:
    """What the roles of the account, and of the groups that it was in at its last sign-in, grant; nothing by one that
    is no administrator or is disabled as one."""
    rights, admins = schema.administrator_rights, schema.administrators
    query = (
        select(rights.c.role_id, rights.c.scope_id)
        .join(admins, rights.c.account_id == admins.c.account_id)
        .where(
            rights.c.account_id.in_(groups.holders(account_id, with_groups=with_groups)),
            admins.c.enabled,
        )
    )
    pairs = [(row.role_id, row.scope_id) for row in connection.execute(query)]
    return grants_from(connection, pairs, separate_duties=separate_duties)


def grants_from(
    connection: Connection, rights: Iterable[tuple[str, str]], *, separate_duties: bool = False
) -> tuple[Grant, ...]:
    """What pairs of ids of role and scope grant."""
    held: dict[str, set[str]] = {}
    for role_id, scope_id in rights:
        held.setdefault(role_id, set()).add(scope_id)
    return tuple(
        Grant(
            permissions_of(connection, role_id, separate_duties=separate_duties),
            None if ZERO_GUID in scopes else frozenset(scopes),
        )
        for role_id, scopes in held.items()
    )


def permissions_of(
    connection: Connection, role_id: str, *, separate_duties: bool = False
) -> frozenset[Permission]:
    """What the role permits. Names that this version does not know permit nothing."""
    if role_id == FULL.id and separate_duties:
        return ALL_PERMISSIONS - OF_AUDITORS
    if role_id in BUILT_IN:
        return BUILT_IN[role_id].permissions
    table = schema.role_permissions
    names = connection.execute(select(table.c.permission).where(table.c.role_id == role_id))
    return frozenset(Permission(name) for name in names.scalars() if name in set(Permission))


def names_of(connection: Connection, account_id: str) -> set[str]:
    """The names of the roles that the account has, or a group of it, in any scope."""
    rights, table = schema.administrator_rights, schema.roles
    query = (
        select(table.c.name)
        .join(rights, rights.c.role_id == table.c.id)
        .where(rights.c.account_id.in_(groups.holders(account_id, with_groups=True)))
    )
    return set(connection.execute(query.distinct()).scalars())


def is_full(connection: Connection, account_id: str) -> bool:
    """Whether the account is an enabled Full Administrator of everything."""
    rights, admins = schema.administrator_rights, schema.administrators
    query = (
        select(rights.c.account_id)
        .join(admins, rights.c.account_id == admins.c.account_id)
        .where(
            rights.c.account_id == account_id,
            rights.c.role_id == FULL.id,
            rights.c.scope_id == ZERO_GUID,
            admins.c.enabled,
        )
    )
    return connection.execute(query).first() is not None


def make_full(tx: Tx, account_id: str) -> None:
    """The account becomes a Full Administrator of everything."""
    tx.connection.execute(
        schema.administrators.insert().values(account_id=account_id, enabled=True)
    )
    tx.connection.execute(
        schema.administrator_rights.insert().values(
            account_id=account_id, role_id=FULL.id, scope_id=ZERO_GUID
        )
    )
