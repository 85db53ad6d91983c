"""Administrators: accounts, and groups of a source, with rights, which are pairs of a role and a scope. A person has
its own rights and those of its groups.

Nobody grants what he has not, nor changes who has more than himself; and the last Full Administrator of the scope
All who can sign in stays. A caller who may read administrators in some scopes only sees those with rights there, and
of theirs those rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from footlight.access import accounts, custom_roles, groups, roles, scopes
from footlight.access.accounts import Account
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.store import Tx

MAX_RIGHTS = 100
SID_OF_UID = "s-1-22-1-"  # Samba's Unix convention, lower case

_a = schema.administrators
_rights = schema.administrator_rights
_acc = schema.accounts


@dataclass(frozen=True)
class Right:
    """Ids of a role and of a scope."""

    role_id: str
    scope_id: str


@dataclass(frozen=True)
class Administrator:
    """An account with its rights, of which the caller may know."""

    account: Account
    enabled: bool
    rights: tuple[Right, ...]


@dataclass(frozen=True)
class Wanted:
    """A right as a caller names it: role and scope by name or id."""

    role: str
    scope: str


class Loss(StrEnum):
    """What deleting an administrator would take away (DeleteAdministratorConsequence)."""

    NOTHING = "NoRightsLost"
    EVERYTHING = "AllRightsLost"
    LAST = "CannotDeleteLastFullAdmin"


def seen(caller: Caller) -> ColumnElement[bool]:
    """Rows of administrators that the caller may know of."""
    mine = caller.scopes_of(Permission.ADMIN_READ)
    if mine is None:
        return true()
    held = select(_rights.c.account_id).where(_rights.c.scope_id.in_(sorted(mine)))
    return _a.c.account_id.in_(held)


def listed(caller: Caller) -> Select[Any]:
    """Administrators for pages: uid, is_enabled, and the id of the account."""
    columns = (_a.c.uid, _a.c.enabled.label("is_enabled"), _acc.c.id)
    return select(*columns).join(_acc, _a.c.account_id == _acc.c.id).where(seen(caller))


def get(connection: Connection, caller: Caller, site_name: str, name_or_id: str) -> Administrator:
    """The administrator of that account id, name, DOMAIN\\name or SID. Raises NotFound."""
    account = found_account(connection, site_name, name_or_id)
    if account is not None:
        query = select(_a.c.enabled).where(_a.c.account_id == account.id, seen(caller))
        enabled = connection.execute(query).scalar()
        if enabled is not None:
            return Administrator(account, bool(enabled), rights_of(connection, caller, account.id))
    raise NotFound(
        "There is no such administrator.", entityType="Administrator", id=name_or_id[:256]
    )


def rights_of(connection: Connection, caller: Caller, account_id: str) -> tuple[Right, ...]:
    """The account's rights in scopes that the caller may know of."""
    query = select(_rights).where(_rights.c.account_id == account_id)
    mine = caller.scopes_of(Permission.ADMIN_READ)
    if mine is not None:
        query = query.where(_rights.c.scope_id.in_(sorted(mine)))
    ordered = query.order_by(_rights.c.role_id, _rights.c.scope_id)
    return tuple(Right(row.role_id, row.scope_id) for row in connection.execute(ordered))


def own_rights(
    connection: Connection, account_id: str, *, with_groups: bool = True
) -> tuple[Right, ...]:
    """All rights of the account and of its groups; none by one that is disabled as an administrator."""
    holders = groups.holders(account_id, with_groups=with_groups)
    query = (
        select(_rights.c.role_id, _rights.c.scope_id)
        .distinct()
        .join(_a, _a.c.account_id == _rights.c.account_id)
        .where(_rights.c.account_id.in_(holders), _a.c.enabled)
        .order_by(_rights.c.role_id, _rights.c.scope_id)
    )
    return tuple(Right(row.role_id, row.scope_id) for row in connection.execute(query))


def require_account(connection: Connection, site_name: str, user: str | None) -> Account:
    """The account that a body names. Raises Invalid, NotFound."""
    if not user or not user.strip():
        raise Invalid("User is missing.", name="User", problem="missing")
    account = found_account(connection, site_name, user)
    if account is None:
        raise NotFound(
            "There is no such user.", code="UnknownAccount", entityType="User", id=user[:256]
        )
    return account


def objection(connection: Connection, caller: Caller, site_name: str, name: str) -> str | None:
    """Why no account of that name can be made an administrator; None when one can."""
    account = found_account(connection, site_name, name)
    if account is None:
        return "There is no such user."
    query = select(_a.c.account_id).where(_a.c.account_id == account.id, seen(caller))
    known = connection.execute(query).first() is not None
    return f"{account.name!r} is an administrator already." if known else None


def found_account(connection: Connection, site_name: str, text: str) -> Account | None:
    """The account of that id, name, DOMAIN\\name, name@domain or SID, or the group OIDC\\name or HOST\\name; None when
    there is none. Any group of the provider is there: nobody but the provider knows all of them."""
    group = groups.named(connection, text)
    if group is not None:
        return group
    domain, _, name = text.strip().rpartition("\\")
    if domain and domain.lower() not in (".", site_name.lower()):
        found = accounts.by_name(connection, name, domain)
        return found or groups.find(connection, domain, name)
    if name.lower().startswith(SID_OF_UID):
        return _of_sid(connection, name)
    found = accounts.by_id(connection, name.lower()) or accounts.by_name(connection, name)
    before, at, after = name.rpartition("@")
    if found is None and at and after.lower() == site_name.lower():
        found = accounts.by_name(connection, before)
    return found


def _of_sid(connection: Connection, sid: str) -> Account | None:
    number = sid[len(SID_OF_UID) :]
    if not (number.isascii() and number.isdecimal() and len(number) < 12):
        return None
    s = schema.sessions
    newest = select(s.c.account_id).where(s.c.linux_uid == int(number)).order_by(s.c.uid.desc())
    account_id = connection.execute(newest.limit(1)).scalar()
    return None if account_id is None else accounts.by_id(connection, account_id)


def create(
    tx: Tx,
    caller: Caller,
    site_name: str,
    user: str | None,
    wanted: Sequence[Wanted],
    enabled: bool,
) -> str:
    """Make an account an administrator; its id. Raises Invalid, NotFound, Forbidden, Conflict."""
    caller.require(Permission.ADMIN_MANAGE)
    account = require_account(tx.connection, site_name, user)
    if account.is_group:
        groups.keep(tx, account)
    there = select(_a.c.account_id).where(_a.c.account_id == account.id)
    if tx.connection.execute(there).first() is not None:
        raise Conflict(
            f"{account.name!r} is an administrator already.",
            code="AdminAlreadyExists",
            id=account.id,
        )
    rights = _granted(tx.connection, caller, wanted)
    tx.connection.execute(_a.insert().values(account_id=account.id, enabled=enabled))
    _give(tx, account.id, rights)
    tx.emit("administrator", account.id)
    changes = {"Rights": (None, _names(tx.connection, rights)), "Enabled": (None, enabled)}
    record(tx, caller, _act("Create", account, changes))
    return account.id


def change(
    tx: Tx,
    caller: Caller,
    administrator: Administrator,
    *,
    wanted: Sequence[Wanted] | None,
    enabled: bool | None,
) -> None:
    """Replace the rights, enable or disable: what is not None, at once for tokens that are out.
    Raises Invalid, NotFound, Forbidden, Conflict."""
    account = administrator.account
    _require_wider(tx.connection, caller, account.id)
    full = full_ones(tx.connection)
    before = rights_of(tx.connection, caller, account.id)
    changes: dict[str, tuple[Any, Any]] = {}
    if wanted is not None:
        rights = _granted(tx.connection, caller, wanted)
        if set(rights) != set(before):
            changes["Rights"] = tuple(_names(tx.connection, r) for r in (before, rights))  # type: ignore[assignment]
        tx.connection.execute(_rights.delete().where(_rights.c.account_id == account.id))
        _give(tx, account.id, rights)
    if enabled is not None and enabled != administrator.enabled:
        changes["Enabled"] = (administrator.enabled, enabled)
        chosen = _a.c.account_id == account.id
        tx.connection.execute(_a.update().where(chosen).values(enabled=enabled))
    _require_a_full_one(tx.connection, full)
    tx.emit("administrator", account.id)
    record(tx, caller, _act("Edit", account, changes))


def delete(tx: Tx, caller: Caller, administrator: Administrator) -> None:
    """The account is no administrator any more; it stays an account. Raises Forbidden, Conflict."""
    account = administrator.account
    _require_wider(tx.connection, caller, account.id)
    full = full_ones(tx.connection)
    before = rights_of(tx.connection, caller, account.id)
    names = _names(tx.connection, before)
    tx.connection.execute(_rights.delete().where(_rights.c.account_id == account.id))
    tx.connection.execute(_a.delete().where(_a.c.account_id == account.id))
    _require_a_full_one(tx.connection, full)
    tx.emit("administrator", account.id)
    record(tx, caller, _act("Delete", account, {"Rights": (names, None)}))


def loss(connection: Connection, administrator: Administrator) -> Loss:
    """What deleting it would take away."""
    full = full_ones(connection)
    if full == [administrator.account.id]:
        return Loss.LAST
    return Loss.EVERYTHING if administrator.enabled and administrator.rights else Loss.NOTHING


def full_ones(connection: Connection) -> list[str]:
    """Accounts of enabled Full Administrators of the scope All who can sign in here: not those for whom a provider must
    vouch, nor groups, in which there may be nobody."""
    query = (
        select(_a.c.account_id)
        .join(_rights, _rights.c.account_id == _a.c.account_id)
        .join(_acc, _acc.c.id == _a.c.account_id)
        .where(
            _a.c.enabled,
            _acc.c.enabled,
            _rights.c.role_id == roles.FULL.id,
            _rights.c.scope_id == ZERO_GUID,
            or_(
                _acc.c.password_hash.is_not(None),
                _acc.c.id.in_(
                    select(schema.clients.c.account_id).where(
                        schema.clients.c.expires_at_ms.is_(None)
                    )
                ),
            ),
        )
    )
    return list(connection.execute(query).scalars())


def _require_a_full_one(connection: Connection, before: Sequence[str]) -> None:
    """Raises Conflict when nobody is left of those who could do everything."""
    if before and not full_ones(connection):
        raise Conflict(
            "The last Full Administrator who can sign in stays one.", code="LastFullAdmin"
        )


def require_covered(connection: Connection, caller: Caller, account_id: str) -> None:
    """Raises Forbidden when the account has rights that the caller has not."""
    # Rights of a disabled administrator count too: it may be enabled again.
    query = select(_rights).where(
        _rights.c.account_id.in_(groups.holders(account_id, with_groups=True))
    )
    pairs = [(row.role_id, row.scope_id) for row in connection.execute(query)]
    held = roles.grants_from(connection, pairs, separate_duties=caller.separate_duties)
    if account_id != caller.account_id and not caller.covers(held):
        raise Forbidden("The account has rights that you do not have.", id=account_id)


def _require_wider(connection: Connection, caller: Caller, account_id: str) -> None:
    caller.require(Permission.ADMIN_MANAGE)
    require_covered(connection, caller, account_id)
    if not caller.everywhere(Permission.ADMIN_MANAGE):
        mine = caller.scopes_of(Permission.ADMIN_MANAGE) or frozenset()
        held = select(_rights.c.scope_id).where(_rights.c.account_id == account_id)
        if not frozenset(connection.execute(held).scalars()) <= mine:
            raise Forbidden(f"This needs the permission {Permission.ADMIN_MANAGE}.", id=account_id)


def named_rights(connection: Connection, caller: Caller, wanted: Sequence[Wanted]) -> list[Right]:
    """The rights that a body names. Raises Invalid, NotFound."""
    if len(wanted) > MAX_RIGHTS:
        raise Invalid(f"Rights are at most {MAX_RIGHTS}.", name="Rights", problem="outOfRange")
    found: list[Right] = []
    for one in wanted:
        role = custom_roles.get(connection, one.role)
        everywhere = scopes.is_all(one.scope)
        scope_id = ZERO_GUID if everywhere else scopes.get(connection, caller, one.scope).id
        found.append(Right(role.id, scope_id))
    return list(dict.fromkeys(found))


def _granted(connection: Connection, caller: Caller, wanted: Sequence[Wanted]) -> list[Right]:
    """The rights named, if the caller may give them."""
    found = named_rights(connection, caller, wanted)
    pairs = [(right.role_id, right.scope_id) for right in found]
    grants = roles.grants_from(connection, pairs, separate_duties=caller.separate_duties)
    mine = caller.scopes_of(Permission.ADMIN_MANAGE)
    outside = mine is not None and not {right.scope_id for right in found} <= mine
    if not caller.covers(grants) or outside:
        raise Forbidden("Nobody grants rights that he does not have.")
    if mine is not None and not found:
        raise Forbidden("An administrator of yours has rights in one of your scopes.")
    return found


def _give(tx: Tx, account_id: str, rights: Iterable[Right]) -> None:
    rows = [
        {"account_id": account_id, "role_id": one.role_id, "scope_id": one.scope_id}
        for one in rights
    ]
    if rows:
        tx.connection.execute(_rights.insert(), rows)


def _names(connection: Connection, rights: Iterable[Right]) -> list[str]:
    """For people: ROLE in SCOPE."""
    r, s = schema.roles, schema.scopes
    found: list[str] = []
    for one in rights:
        role = connection.execute(select(r.c.name).where(r.c.id == one.role_id)).scalar()
        scope = connection.execute(select(s.c.name).where(s.c.id == one.scope_id)).scalar()
        found.append(f"{role} in {scope or scopes.ALL_NAME}")
    return sorted(found)


def _act(verb: str, account: Account, changes: dict[str, tuple[Any, Any]]) -> Act:
    return Act(
        text=f"{verb} administrator '{account.name}'",
        target_type="Administrator",
        object_id=account.id,
        object_name=account.name,
        changes=changes,
    )
