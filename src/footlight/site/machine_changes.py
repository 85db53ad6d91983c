"""Changing and removing machines. The caller sees them already; here its permissions are looked at."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.site import entitlement, held, metadata, tags
from footlight.site.names import checked_name
from footlight.site.tags import Tagged
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.machine_request import UpdateMachineRequest

_m = schema.machines
_s = schema.sessions

LONGEST_PUBLISHED_NAME = 128


def change(
    tx: Tx, caller: Caller, machine: Row[Any], wanted: UpdateMachineRequest, site_name: str
) -> None:
    """Make the machine as asked. Raises Forbidden, Invalid, NotFound for an unknown icon."""
    if wanted.in_maintenance_mode is not None:
        held.machine(tx.connection, caller, Permission.MACHINE_MAINTENANCE, machine.id)
    if _edits(wanted):
        held.machine(tx.connection, caller, Permission.MACHINE_EDIT, machine.id)
    apply(tx, caller, machine, wanted, site_name)


def apply(
    tx: Tx, caller: Caller, machine: Row[Any], wanted: UpdateMachineRequest, site_name: str
) -> None:
    """As change, for a caller whose permission has been looked at."""
    _check_one_kind(wanted)
    values = _columns(tx, machine, wanted)
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(machine, name), value)
        for name, value in values.items()
        if getattr(machine, name) != value
    }
    users = _assigned_users(tx, machine, wanted, site_name)
    if users is not None:
        changes["assigned_users"] = users
    if not changes:
        return
    if values:
        tx.connection.execute(update(_m).where(_m.c.id == machine.id).values(**values))
    tx.emit("machine", machine.id)
    _note(tx, caller, machine, f"Edit machine '{machine.name}'", changes)


def _edits(wanted: UpdateMachineRequest) -> bool:
    return any(
        getattr(wanted, one.name) is not None
        for one in msgspec.structs.fields(wanted)
        if one.name != "in_maintenance_mode"
    )


def _check_one_kind(wanted: UpdateMachineRequest) -> None:
    given = [wanted.assigned_users, wanted.assigned_client_name, wanted.assigned_ip_address]
    if sum(bool(one) for one in given) > 1:
        raise Invalid(
            "A machine is assigned to users, to a client's name or to its address, not to several kinds.",
            name="AssignedUsers",
        )
    for member, value in (
        ("HostedMachineId", wanted.hosted_machine_id),
        ("HypervisorConnection", wanted.hypervisor_connection),
    ):
        if value:
            raise Invalid(
                f"{member}: no hypervisor is managed here.", name=member, value=value[:256]
            )


def _columns(tx: Tx, machine: Row[Any], wanted: UpdateMachineRequest) -> dict[str, Any]:
    """The machine's columns that are asked for, with their new values."""
    values: dict[str, Any] = {}
    if wanted.in_maintenance_mode is not None:
        values["in_maintenance"] = wanted.in_maintenance_mode
    if wanted.published_name is not None:
        values["published_name"] = (
            checked_name(wanted.published_name, "PublishedName", longest=LONGEST_PUBLISHED_NAME)
            if wanted.published_name
            else None
        )
    if wanted.metadata is not None:
        values["metadata"] = metadata.merged(machine.metadata, wanted.metadata)
    settings = _settings(tx, machine, wanted)
    if settings != machine.settings:
        values["settings"] = settings
    return values


def _settings(tx: Tx, machine: Row[Any], wanted: UpdateMachineRequest) -> str:
    kept: dict[str, str] = msgspec.json.decode(machine.settings)
    if wanted.icon is not None:
        icons = schema.icons
        known = wanted.icon.isdecimal() and len(wanted.icon) < 16
        chosen = select(icons.c.uid).where(icons.c.uid == (int(wanted.icon) if known else -1))
        if wanted.icon and tx.connection.execute(chosen).first() is None:
            raise NotFound(
                "There is no such icon.",
                code="UnknownIcon",
                entityType="Icon",
                id=wanted.icon[:64],
            )
        kept["IconId"] = wanted.icon
    for member, value in (
        ("AssignedClientName", wanted.assigned_client_name),
        ("AssignedIPAddress", wanted.assigned_ip_address),
    ):
        if value is not None:
            kept[member] = checked_name(value, member) if value else ""
    # The three kinds exclude each other: what is given takes the place of what was.
    given = [
        member
        for member, value in (
            ("AssignedUsers", wanted.assigned_users),
            ("AssignedClientName", wanted.assigned_client_name),
            ("AssignedIPAddress", wanted.assigned_ip_address),
        )
        if value
    ]
    for member in ("AssignedClientName", "AssignedIPAddress"):
        if given and member not in given:
            kept.pop(member, None)
    kept = {name: value for name, value in sorted(kept.items()) if value}
    return msgspec.json.encode(kept).decode() if kept else "{}"


def _assigned_users(
    tx: Tx, machine: Row[Any], wanted: UpdateMachineRequest, site_name: str
) -> tuple[list[str], list[str]] | None:
    """Assign the machine; (before, after), None when nothing changes."""
    before = entitlement.assigned(tx.connection, [machine.id]).get(machine.id, ())
    after = before
    if wanted.assigned_users is not None:
        after = entitlement.principals(
            tx.connection, wanted.assigned_users, site_name, "AssignedUsers"
        )
    elif wanted.assigned_client_name or wanted.assigned_ip_address:
        after = ()
    if sorted(before) == sorted(after):
        return None
    entitlement.assign(tx, machine.id, after)
    return list(before), list(after)


def delete(tx: Tx, caller: Caller, machine: Row[Any]) -> None:
    """Forget the machine and its ended sessions. Raises Forbidden, and Conflict while it is in a delivery group
    that somebody made, or has sessions. If its agent lives, its next report makes it anew."""
    connection = tx.connection
    held.machine(connection, caller, Permission.MACHINE_REMOVE, machine.id)
    sample = select(schema.delivery_groups.c.is_sample)
    of_group = sample.where(schema.delivery_groups.c.id == machine.delivery_group_id)
    if machine.delivery_group_id is not None and not connection.execute(of_group).scalar():
        raise Conflict(
            "The machine is in a delivery group.", code="MachineInDesktopGroup", id=machine.id
        )
    on_it = _s.c.machine_id == machine.id
    if connection.execute(select(_s.c.uid).where(on_it, _s.c.ended_at_ms.is_(None))).first():
        raise Conflict("The machine has sessions.", code="MachineInUse", id=machine.id)
    connection.execute(_s.delete().where(on_it))
    entitlement.forget_object(tx, machine.id)
    tags.forget_object(tx, Tagged.MACHINE, machine.id)
    connection.execute(_m.delete().where(_m.c.id == machine.id))
    tx.emit("machine", machine.id)
    _note(tx, caller, machine, f"Delete machine '{machine.name}'", {})


def _note(
    tx: Tx, caller: Caller, machine: Row[Any], text: str, changes: dict[str, tuple[Any, Any]]
) -> None:
    act = Act(
        text=text,
        target_type="Machine",
        object_id=machine.id,
        object_name=machine.name,
        changes=changes,
    )
    record(tx, caller, act)
