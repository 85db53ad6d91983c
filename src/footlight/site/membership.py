"""Which machine is in which catalog and delivery group, and how it comes there.

The founding's sample catalog and group take machines that nobody has put anywhere. One that is put into a catalog
leaves both; one that is put into a group leaves the sample group. A machine in a catalog or group that somebody
made is taken from there by nobody.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, and_, or_, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.site import catalogs, entitlement, held, machine_changes, machine_rows
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.rest.catalog import AddMachineRequest
from footlight.wire.rest.delivery_group import AddMachinesRequest
from footlight.wire.rest.machine_request import UpdateMachineRequest

_m = schema.machines
_g = schema.delivery_groups
_s = schema.sessions

MAX_AT_ONCE = 1000


def join_catalog(
    tx: Tx, caller: Caller, catalog: Row[Any], wanted: AddMachineRequest, site_name: str
) -> None:
    """Put a machine that is nobody's into the catalog. Raises Invalid, Forbidden, NotFound for a machine that
    there is not, or that is in a catalog which the caller does not see, Conflict when it is taken."""
    held.catalog(tx.connection, caller, Permission.CATALOG_ADD_MACHINES, catalog.id)
    name = (wanted.machine_name or "").strip()
    if not name:
        raise Invalid(
            "MachineName is missing.",
            code="MustSupplyNameOrSID",
            name="MachineName",
            problem="missing",
        )
    machine = machine_rows.find(tx.connection, name)
    if machine is None:
        raise _unknown(name)
    _check_free(tx.connection, caller, machine, name)
    _move(
        tx, machine, catalog_id=catalog.id, delivery_group_id=None, zone_id=catalog.zone_id
    )  # the sample group, if any: _check_free
    _note(tx, caller, f"Add machine '{machine.name}' to catalog '{catalog.name}'", machine)
    change = UpdateMachineRequest(
        assigned_users=wanted.assigned_users,
        assigned_client_name=wanted.assigned_client_name,
        assigned_ip_address=wanted.assigned_ip_address,
        hosted_machine_id=wanted.hosted_machine_id,
        hypervisor_connection=wanted.hypervisor_connection,
        in_maintenance_mode=wanted.in_maintenance_mode,
        published_name=wanted.published_name,
        metadata=wanted.metadata,
    )
    machine_changes.apply(tx, caller, machine, change, site_name)


def _check_free(connection: Connection, caller: Caller, machine: Row[Any], name: str) -> None:
    if machine.catalog_id is not None and not _is_sample(
        connection, schema.catalogs, machine.catalog_id
    ):
        seen = select(_m.c.id).where(_m.c.id == machine.id, sight.machines(caller))
        if connection.execute(seen).first() is None:
            raise _unknown(name)  # that it is there is not for this caller to know
        raise Conflict(
            "The machine is in a machine catalog already.",
            code="MachineAlreadyAllocated",
            id=machine.id,
        )
    if machine.delivery_group_id is not None and not _is_sample(
        connection, _g, machine.delivery_group_id
    ):
        raise Conflict(
            "The machine is in a delivery group.", code="MachineInDesktopGroup", id=machine.id
        )


def leave_catalog(tx: Tx, caller: Caller, catalog: Row[Any], name: str) -> None:
    """Take a machine out of the catalog: it is not configured any more. Raises Forbidden, NotFound, and Conflict
    while it is in a delivery group."""
    machine = _in(tx.connection, name, _m.c.catalog_id == catalog.id)
    held.catalog(tx.connection, caller, Permission.CATALOG_REMOVE_MACHINES, catalog.id)
    if machine.delivery_group_id is not None and not _is_sample(
        tx.connection, _g, machine.delivery_group_id
    ):
        raise Conflict(
            "The machine is in a delivery group.", code="MachineInDesktopGroup", id=machine.id
        )
    entitlement.forget_object(tx, machine.id)
    _move(tx, machine, catalog_id=None, delivery_group_id=None)
    _note(tx, caller, f"Remove machine '{machine.name}' from catalog '{catalog.name}'", machine)


def join_group(
    tx: Tx, caller: Caller, group: Row[Any], wanted: AddMachinesRequest, site_name: str
) -> None:
    """Put machines of a catalog into the group: those that are named, and as many others as are counted. Raises
    Forbidden, NotFound, Conflict for one that is in another group, or when there are too few."""
    catalog = catalogs.get(tx.connection, caller, wanted.machine_catalog)
    held.group(tx.connection, caller, Permission.GROUP_ADD_MACHINES, group.id)
    if catalog.session_support != group.session_support:
        raise Conflict(
            f"The catalog's machines are {catalog.session_support}, the group's are not.",
            code="IncompatibleMachine",
            id=catalog.id,
        )
    of_catalog = _m.c.catalog_id == catalog.id
    for assignment in (wanted.assign_machines_to_users or ())[:MAX_AT_ONCE]:
        machine = _in(tx.connection, assignment.machine, of_catalog)
        if machine.delivery_group_id != group.id:
            _check_in_no_group(tx.connection, machine)
            _join(tx, caller, group, machine)
        change = UpdateMachineRequest(
            assigned_users=assignment.users, published_name=assignment.machine_published_name
        )
        machine_changes.apply(tx, caller, machine, change, site_name)
    if wanted.count:
        for machine in _free(tx.connection, catalog, group, wanted.count):
            _join(tx, caller, group, machine)


def _free(connection: Connection, catalog: Row[Any], group: Row[Any], count: int) -> list[Row[Any]]:
    """That many machines of the catalog that are in no group, or in the sample group. Raises Conflict, Invalid."""
    if not 0 <= count <= MAX_AT_ONCE:
        raise Invalid(
            f"Count is 0 to {MAX_AT_ONCE}.", name="Count", value=str(count), problem="outOfRange"
        )
    samples = select(_g.c.id).where(_g.c.is_sample, _g.c.id != group.id)
    nobodys = or_(_m.c.delivery_group_id.is_(None), _m.c.delivery_group_id.in_(samples))
    query = machine_rows.joined().where(and_(_m.c.catalog_id == catalog.id, nobodys))
    found = list(connection.execute(query.order_by(_m.c.uid).limit(count)))
    if len(found) < count:
        raise Conflict(
            f"Of the catalog's machines only {len(found)} are in no delivery group.",
            code="NoAvailableMachine",
            id=catalog.id,
        )
    return found


def leave_group(tx: Tx, caller: Caller, group: Row[Any], name: str) -> None:
    """Take a machine out of the group. Raises Forbidden, NotFound, and Conflict while it has sessions that are not
    logging off."""
    machine = _in(tx.connection, name, _m.c.delivery_group_id == group.id)
    held.group(tx.connection, caller, Permission.GROUP_REMOVE_MACHINES, group.id)
    if staying_sessions(tx.connection, _m.c.id == machine.id):
        raise Conflict("The machine has sessions.", code="MachineInUse", id=machine.id)
    entitlement.forget_object(tx, machine.id)
    _move(tx, machine, delivery_group_id=None)
    _note(tx, caller, f"Remove machine '{machine.name}' from group '{group.name}'", machine)


def staying_sessions(connection: Connection, of_machines: Any) -> bool:
    """Whether a session that is not logging off runs on one of these machines."""
    query = (
        select(_s.c.uid)
        .join(_m, _s.c.machine_id == _m.c.id)
        .where(of_machines, _s.c.ended_at_ms.is_(None))
        .where(_s.c.wanted == "run", _s.c.phase != "ending")
    )
    return connection.execute(query.limit(1)).first() is not None


def release(tx: Tx, of_machines: Any, **places: Any) -> None:
    """These machines are nobody's any more."""
    ids = list(tx.connection.execute(select(_m.c.id).where(of_machines)).scalars())
    for machine_id in ids:
        entitlement.forget_object(tx, machine_id)
        tx.emit("machine", machine_id)
    tx.connection.execute(update(_m).where(of_machines).values(**places))


def _join(tx: Tx, caller: Caller, group: Row[Any], machine: Row[Any]) -> None:
    _move(tx, machine, delivery_group_id=group.id)
    _note(tx, caller, f"Add machine '{machine.name}' to group '{group.name}'", machine)


def _check_in_no_group(connection: Connection, machine: Row[Any]) -> None:
    group_id = machine.delivery_group_id
    if group_id is not None and not _is_sample(connection, _g, group_id):
        raise Conflict(
            "The machine is in a delivery group already.",
            code="MachineAlreadyAllocated",
            id=machine.id,
        )


def _in(connection: Connection, name: str, place: Any) -> Row[Any]:
    machine = machine_rows.find(connection, name, place)
    if machine is None:
        raise machine_rows.no_machine(name)
    return machine


def _is_sample(connection: Connection, table: Table, object_id: str) -> bool:
    return bool(
        connection.execute(select(table.c.is_sample).where(table.c.id == object_id)).scalar()
    )


def _move(tx: Tx, machine: Row[Any], **places: Any) -> None:
    tx.connection.execute(update(_m).where(_m.c.id == machine.id).values(**places))
    tx.emit("machine", machine.id)


def _note(tx: Tx, caller: Caller, text: str, machine: Row[Any]) -> None:
    act = Act(text=text, target_type="Machine", object_id=machine.id, object_name=machine.name)
    record(tx, caller, act)


def _unknown(name: str) -> NotFound:
    return NotFound(
        "No machine of that name has registered with this site.",
        code="UnknownMachineName",
        entityType="Machine",
        id=name[:256],
    )
