"""Making, changing and deleting delivery groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid
from footlight.ids import new_guid
from footlight.sessions import limits
from footlight.site import (
    access_rules,
    catalogs,
    desktops,
    entitlement,
    folders,
    group_applications,
    groups,
    held,
    machine_changes,
    machine_rows,
    membership,
    metadata,
    placement_rules,
    scoping,
    tags,
)
from footlight.site.catalog_changes import NOT_IN_NAMES, put_in_scopes
from footlight.site.entitlement import OPEN, Rule
from footlight.site.names import checked_member, checked_name, checked_text
from footlight.site.tags import Tagged
from footlight.store import schema
from footlight.store.sight import GROUP
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest import machine as wire
from footlight.wire.rest.catalog import SharingKind
from footlight.wire.rest.delivery_group import (
    AccessPolicyRequest,
    AssignMachineRequest,
    CreateGroupRequest,
    EditGroupRequest,
    KeptSettings,
    SpareSessions,
)
from footlight.wire.rest.machine_request import UpdateMachineRequest

_g = schema.delivery_groups
_m = schema.machines

MAX_SETTINGS_BYTES = 65_536
LONGEST_PUBLISHED_NAME = 128
_OF_SETTINGS = tuple(one.name for one in msgspec.structs.fields(KeptSettings))


class Kept(KeptSettings, frozen=True, kw_only=True):
    """What a group's row keeps of requests and no column has."""

    require_user_home_zone: bool | None = None
    secure_ica_enabled: bool | None = None
    default_desktop_icon: str | None = None
    access: AccessPolicyRequest | None = None  # without its users: those are the group's rule
    prelaunch_settings: SpareSessions | None = None
    linger_settings: SpareSessions | None = None


def kept(row: Any) -> Kept:
    """What the group's row keeps beside its columns."""
    return msgspec.json.decode(row.settings, type=Kept)


def create(tx: Tx, caller: Caller, wanted: CreateGroupRequest, site_name: str) -> Row[Any]:
    """The joined row of a new group, with the machines, desktops and applications that the request names. Raises
    Invalid, Forbidden, NotFound, Conflict."""
    caller.require(Permission.GROUP_CREATE)
    scope_ids = scoping.for_new(tx.connection, caller, Permission.GROUP_CREATE, wanted.scopes)
    group_id = new_guid()
    columns = _columns(tx, caller, None, wanted)
    columns |= _kinds(tx.connection, caller, wanted)
    tx.connection.execute(_g.insert().values(id=group_id, **columns))
    scoping.add(tx, GROUP, group_id, scope_ids)
    tx.emit("delivery_group", group_id)
    made = groups.by_id(tx.connection, group_id)
    _note(tx, caller, f"Create delivery group '{made.name}'", made, {})
    _set_rule(tx, made, wanted.simple_access_policy, site_name)
    for machines in (wanted.machine_catalogs or ())[: membership.MAX_AT_ONCE]:
        membership.join_group(tx, caller, made, machines, site_name)
    _assign(tx, caller, made, wanted.assign_machines_to_users, site_name)
    if wanted.desktops is not None:
        desktops.put(tx, made, wanted.desktops, site_name)
    if wanted.applications:
        group_applications.add(tx, caller, made, wanted.applications)
    return groups.by_id(tx.connection, group_id)


def _kinds(connection: Connection, caller: Caller, wanted: CreateGroupRequest) -> dict[str, Any]:
    """Of the first catalog when the request does not say."""
    support, sharing = wanted.session_support, wanted.sharing_kind
    if wanted.machine_catalogs:
        first = catalogs.get(connection, caller, wanted.machine_catalogs[0].machine_catalog)
        support = support or first.session_support
        sharing = sharing or ("Private" if first.allocation_type == "Static" else "Shared")
    found = {
        "session_support": checked_member(
            wire.SessionSupport, support or "MultiSession", "SessionSupport"
        ),
        "sharing_kind": checked_member(SharingKind, sharing or "Shared", "SharingKind"),
    }
    for name, value in found.items():
        if value == "Unknown":
            raise Invalid(f"{name} is Unknown.", name=name, value=value, problem="invalidEnum")
    return found


def change(
    tx: Tx, caller: Caller, group: Row[Any], wanted: EditGroupRequest, site_name: str
) -> None:
    """Make the group as asked. Raises Invalid, Forbidden, NotFound, Conflict."""
    _check_rights(tx.connection, caller, group, wanted)
    values = _columns(tx, caller, group, wanted)
    changes = {
        name: (getattr(group, name), value)
        for name, value in values.items()
        if getattr(group, name) != value
    }
    if changes:
        tx.connection.execute(update(_g).where(_g.c.id == group.id).values(**values))
    changes |= _set_rule(tx, group, wanted.simple_access_policy, site_name)
    if wanted.scopes is not None:
        changes |= put_in_scopes(tx, caller, GROUP, group.id, wanted.scopes)
    _assign(tx, caller, group, wanted.assign_machines_to_users, site_name)
    if wanted.desktops is not None and desktops.put(tx, group, wanted.desktops, site_name):
        names = [row.name for row in desktops.of_group(tx.connection, group.id)]
        changes["desktops"] = (None, names)
    if changes:
        tx.emit("delivery_group", group.id)
        _note(tx, caller, f"Edit delivery group '{group.name}'", group, changes)


def _check_rights(
    connection: Connection, caller: Caller, group: Row[Any], wanted: EditGroupRequest
) -> None:
    others = [
        one.name
        for one in msgspec.structs.fields(wanted)
        if getattr(wanted, one.name) is not None and one.name != "in_maintenance_mode"
    ]
    if wanted.in_maintenance_mode is not None:
        held.group(connection, caller, Permission.GROUP_MAINTENANCE, group.id)
    if others or wanted.in_maintenance_mode is None:
        held.group(connection, caller, Permission.GROUP_EDIT, group.id)


def delete(tx: Tx, caller: Caller, group: Row[Any], *, force: bool) -> None:
    """Forget the group and its desktops; its machines are in no group any more, its applications stay. Raises
    Forbidden, and Conflict while sessions run on its machines, unless forced."""
    held.group(tx.connection, caller, Permission.GROUP_DELETE, group.id)
    of_group = _m.c.delivery_group_id == group.id
    if not force and membership.staying_sessions(tx.connection, of_group):
        raise Conflict(
            "Sessions run on the group's machines.", code="DesktopGroupInUse", id=group.id
        )
    membership.release(tx, of_group, delivery_group_id=None)
    for desktop in desktops.of_group(tx.connection, group.id):
        desktops.remove(tx, desktop.id)
    links = schema.resource_groups
    tx.connection.execute(links.delete().where(links.c.delivery_group_id == group.id))
    limits.forget(tx, group.id)
    entitlement.forget_object(tx, group.id)
    scoping.forget_object(tx, GROUP, group.id)
    tags.forget_object(tx, Tagged.GROUP, group.id)
    access_rules.forget(tx, group.id)
    placement_rules.forget(tx, group.id)
    tx.connection.execute(_g.delete().where(_g.c.id == group.id))
    tx.emit("delivery_group", group.id)
    _note(tx, caller, f"Delete delivery group '{group.name}'", group, {})


def _columns(
    tx: Tx, caller: Caller, group: Row[Any] | None, wanted: EditGroupRequest
) -> dict[str, Any]:
    """The group's columns that are asked for, with their new values."""
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = _free_name(tx.connection, wanted.name, "" if group is None else group.id)
    if wanted.description is not None:
        values["description"] = checked_text(wanted.description)
    if wanted.published_name is not None:
        values["published_name"] = checked_text(
            wanted.published_name, "PublishedName", longest=LONGEST_PUBLISHED_NAME
        )
    if wanted.admin_folder is not None:
        place = folders.reach(tx, caller, wanted.admin_folder)
        values["folder_id"] = None if place is folders.ROOT else place.id
    if wanted.enabled is not None:
        values["enabled"] = wanted.enabled
    if wanted.in_maintenance_mode is not None:
        values["in_maintenance"] = wanted.in_maintenance_mode
    for member, kind, text in (
        ("DeliveryType", wire.DeliveryKind, wanted.delivery_type),
        ("MinimumFunctionalLevel", wire.FunctionalLevel, wanted.minimum_functional_level),
    ):
        if text is not None:
            column = "delivery_type" if member == "DeliveryType" else "minimum_functional_level"
            values[column] = checked_member(kind, text, member)
    if wanted.metadata is not None:
        before = "{}" if group is None else group.metadata
        values["metadata"] = metadata.merged(before, wanted.metadata)
    values["settings"] = _settings(Kept() if group is None else kept(group), wanted)
    return values


def _settings(before: Kept, wanted: EditGroupRequest) -> str:
    names = (
        *_OF_SETTINGS, "require_user_home_zone", "secure_ica_enabled", "default_desktop_icon",
        "prelaunch_settings", "linger_settings",
    )  # fmt: skip
    given = {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not None}
    if wanted.simple_access_policy is not None:
        given["access"] = _policy(before.access or AccessPolicyRequest(), wanted)
    raw = msgspec.json.encode(msgspec.structs.replace(before, **given))
    shown = {name: one for name, one in msgspec.json.decode(raw).items() if one is not None}
    raw = msgspec.json.encode(shown)
    if len(raw) > MAX_SETTINGS_BYTES:
        raise Invalid("The settings are too long.", name="body", problem="tooLong")
    return raw.decode()


def _policy(before: AccessPolicyRequest, wanted: EditGroupRequest) -> AccessPolicyRequest:
    """The policy's switches, without those that the group's rule holds."""
    given = wanted.simple_access_policy
    switches = {
        name: getattr(given, name)
        for name in (
            "allow_hdx_access", "allow_machine_restart", "allow_rdp_access",
            "connect_not_via_net_scaler_gateway_allowed", "connect_via_net_scaler_gateway_allowed",
            "included_smart_access_filter_enabled",
        )
        if getattr(given, name) is not None
    }  # fmt: skip
    return msgspec.structs.replace(before, **switches)


def _set_rule(
    tx: Tx, group: Row[Any], policy: AccessPolicyRequest | None, site_name: str
) -> dict[str, tuple[Any, Any]]:
    """Who may use the group, as far as the policy says so; what that changes, for the log."""
    if policy is None:
        return {}
    before = entitlement.rules(tx.connection, [group.id]).get(group.id, OPEN)
    merged = desktops.merged_rule(tx.connection, before, policy, site_name)
    anonymous = before.allow_anonymous if policy.allow_anonymous is None else policy.allow_anonymous
    after = Rule(
        merged.included_only, merged.use_excluded, anonymous, merged.included, merged.excluded
    )
    if after == before:
        return {}
    entitlement.put(tx, group.id, after)
    return {"included_users": (list(before.included), list(after.included))}


def _assign(
    tx: Tx,
    caller: Caller,
    group: Row[Any],
    wanted: Sequence[AssignMachineRequest] | None,
    site_name: str,
) -> None:
    """Assign machines that are in the group already."""
    for one in (wanted or ())[: membership.MAX_AT_ONCE]:
        machine = machine_rows.find(tx.connection, one.machine, _m.c.delivery_group_id == group.id)
        if machine is None:
            raise machine_rows.no_machine(one.machine)
        change_ = UpdateMachineRequest(
            assigned_users=one.users, published_name=one.machine_published_name
        )
        machine_changes.apply(tx, caller, machine, change_, site_name)


def _free_name(connection: Connection, text: str, but: str) -> str:
    name = checked_name(text, no=NOT_IN_NAMES)
    taken = select(func.count()).where(folded(_g.c.name) == name.lower(), _g.c.id != but)
    if connection.execute(taken).scalar_one():
        raise Conflict(
            f"There is a delivery group {name!r} already.", code="DuplicateObject", name=name
        )
    return name


def _note(
    tx: Tx, caller: Caller, text: str, group: Row[Any], changes: dict[str, tuple[Any, Any]]
) -> None:
    act = Act(
        text=text,
        target_type="DeliveryGroup",
        object_id=group.id,
        object_name=group.name,
        changes=changes,
    )
    record(tx, caller, act)
