"""Machines as the site knows them: made and renewed by what their agents report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)

from footlight.errors import Conflict
from footlight.site import entitlement
from footlight.store import schema
from footlight.store.changes import fitting, write_rows
from footlight.store.store import Tx
from footlight.store.text import after_backslash, folded
from footlight.wire.host import HostFacts, HostFigures, encode

# A host that has said nothing for this long is not registered: reports come each 5 s.
SILENT_AFTER_MS = 16_000

# Made once: each report asks and writes these.
_BY_ID = select(schema.machines).where(schema.machines.c.id == bindparam("machine_id"))
_BY_IDS = select(schema.machines).where(
    schema.machines.c.id.in_(bindparam("machine_ids", expanding=True))
)
_HEARD_NAMES = ("registered", "last_seen_ms", "boot_id", "sequence", "machine_id")
_HEARD = (
    update(schema.machines)
    .where(schema.machines.c.id == bindparam("machine_id"))
    .values({name: bindparam(name) for name in _HEARD_NAMES[:-1]})
)


class Machine(NamedTuple):
    """A session host. `name` is DOMAIN\\HOST. A launch makes one of each row of its groups, so it is cheap to make."""

    id: str
    uid: int
    name: str
    delivery_group_id: str | None
    as_root: bool
    registered: bool
    in_maintenance: bool
    # of its catalog: one session at a time; kept by its first user
    single_session: bool = False
    private: bool = False
    zone_id: str = ""
    live_sessions: int = 0  # rows: also those that its host has not heard of yet
    # parts of the load index as last written: CPU, memory; 0 where nothing is known
    load_cpu: int = 0
    load_memory: int = 0
    # whom it is assigned to: users or groups, a client's address, a client's name
    assigned: tuple[str, ...] = ()
    assigned_address: str | None = None
    assigned_client: str | None = None
    # of its last report, and what was last written of its load
    boot_id: str | None = None
    sequence: int = 0
    load_index: int | None = None
    load_at_ms: int | None = None
    spool: str | None = None  # JSON (spools.py)


_c = schema.catalogs
# In the order of Machine's members; what follows is in `settings`.
_DECIDING = select(
    *(schema.machines.c[name] for name in Machine._fields[:7]),
    func.coalesce(_c.c.session_support == "SingleSession", false()),
    func.coalesce(_c.c.allocation_type == "Static", false()),
    schema.machines.c.zone_id,
    schema.machines.c.live_sessions,
    func.coalesce(schema.machines.c.load_cpu, 0),
    func.coalesce(schema.machines.c.load_memory, 0),
    schema.machines.c.settings,
).select_from(schema.machines.outerjoin(_c, schema.machines.c.catalog_id == _c.c.id))


def every(connection: Connection) -> list[Machine]:
    """All machines by uid."""
    rows = connection.execute(select(schema.machines).order_by(schema.machines.c.uid))
    return [_machine(row) for row in rows]


def of_groups(connection: Connection, group_ids: Collection[str]) -> list[Machine]:
    """The machines in these delivery groups by uid, with what decides who may have them."""
    m = schema.machines
    within = m.c.delivery_group_id.in_(list(group_ids))
    assigned = entitlement.included(connection, select(m.c.id).where(within))
    # As the driver gives them: there may be many, and each launch reads them.
    cursor = connection.execute(_DECIDING.where(within).order_by(m.c.uid)).cursor
    assert cursor is not None
    return [_decided(row, assigned) for row in cursor.fetchall()]


def _decided(row: Any, assigned: Mapping[str, tuple[str, ...]]) -> Machine:
    *known, settings = row
    machine = Machine(*known)
    if settings == "{}" and machine.id not in assigned:
        return machine
    given: dict[str, str] = msgspec.json.decode(settings)
    return machine._replace(
        assigned=assigned.get(machine.id, ()),
        assigned_address=given.get("AssignedIPAddress"),
        assigned_client=given.get("AssignedClientName"),
    )


def grouped(connection: Connection) -> set[str]:
    """Ids of the delivery groups that have machines."""
    column = schema.machines.c.delivery_group_id
    found = connection.execute(select(column).where(column.is_not(None)).distinct())
    return set(found.scalars())


def by_ids(connection: Connection, machine_ids: Sequence[str]) -> dict[str, Machine]:
    """Those of them that there are, by id."""
    rows = connection.execute(_BY_IDS, {"machine_ids": machine_ids}).all()
    return {row.id: _machine(row) for row in rows}


def get(connection: Connection, machine_id: str) -> Machine | None:
    """The machine of that id."""
    row = connection.execute(_BY_ID, {"machine_id": machine_id}).first()
    return None if row is None else _machine(row)


def is_named(name_or_id: str) -> ColumnElement[bool]:
    """Whether a machine has that id or uid, or that name in any case: DOMAIN\\HOST (some clients write
    DOMAIN|HOST), HOST, or its DNS name."""
    table, text = schema.machines, name_or_id.replace("|", "\\").lower()
    chosen = or_(
        table.c.id == text,
        folded(table.c.name) == text,
        folded(after_backslash(table.c.name)) == text,
        folded(table.c.dns_name) == text,
    )
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, table.c.uid == int(text))
    return chosen


def register(tx: Tx, facts: HostFacts, site_name: str) -> None:
    """Make or renew the machine's row from its own facts; a new one joins the sample catalog and
    group if they are there still, else it waits to be added to others."""
    table = schema.machines
    values: dict[str, Any] = {
        "name": f"{site_name}\\{facts.host_name.upper()}",
        "dns_name": facts.dns_name,
        "ip_address": facts.ip_address,
        "os_type": facts.os_type,
        "os_version": facts.os_version,
        "agent_version": facts.agent_version,
        "as_root": facts.as_root,
        "agent_public_key": facts.agent_public_key,
    }
    values = {k: fitting(table.c[k], v) if isinstance(v, str) else v for k, v in values.items()}
    chosen = table.c.id == facts.machine_id
    if tx.connection.execute(update(table).where(chosen).values(**values)).rowcount == 0:
        _insert(tx, facts.machine_id, {}, values)


def expect(
    tx: Tx,
    machine_id: str,
    name: str,
    *,
    zone_id: str | None,
    catalog_id: str | None,
    delivery_group_id: str | None,
) -> None:
    """Make the row of a machine whose host has enrolled and not reported yet. One that is for no catalog goes where
    new machines go, in its zone; one that is for a catalog goes into no group but the one that is named."""
    places: dict[str, str | None] = {}
    if catalog_id is not None:
        catalogs = schema.catalogs
        query = select(catalogs.c.zone_id).where(catalogs.c.id == catalog_id)
        zone = tx.connection.execute(query).scalar()
        if zone is None:
            raise Conflict("The catalog that the code is for has been deleted.", id=catalog_id)
        places = {
            "catalog_id": catalog_id,
            "zone_id": zone,
            "delivery_group_id": delivery_group_id,
        }
    elif zone_id is not None:
        places = {"zone_id": zone_id}
    unknown = dict.fromkeys(("dns_name", "os_type", "os_version", "agent_version"), "")
    values = {"name": name, "as_root": False, "agent_public_key": "", **unknown}
    _insert(tx, machine_id, places, values)
    tx.emit("machine", machine_id)


def _insert(
    tx: Tx, machine_id: str, places: Mapping[str, str | None], values: Mapping[str, Any]
) -> None:
    """A new machine. Where nothing is said it is in the primary zone and in the samples."""
    zones = schema.zones
    zone = (
        places.get("zone_id")
        or tx.connection.execute(select(zones.c.id).where(zones.c.is_primary)).scalar()
    )
    if "catalog_id" not in places:
        places = {
            "catalog_id": _sample(tx, schema.catalogs),
            "delivery_group_id": _sample(tx, schema.delivery_groups),
        }
    tx.connection.execute(
        schema.machines.insert().values(
            id=machine_id,
            registered=False,
            last_seen_ms=tx.now_ms,
            **{**places, "zone_id": zone, **values},
        )
    )


def _sample(tx: Tx, containers: Table) -> str | None:
    query = select(containers.c.id).where(containers.c.is_sample).order_by(containers.c.uid)
    found: str | None = tx.connection.execute(query.limit(1)).scalar()
    return found


def heard(tx: Tx, reports: Sequence[tuple[str, str, int]], before: Mapping[str, Machine]) -> None:
    """These machines have reported just now: id, boot id, sequence of the report. `before`: as they were known."""
    rows = [(True, tx.now_ms, boot_id, sequence, id) for id, boot_id, sequence in reports]
    if rows:
        write_rows(tx.connection, _HEARD, _HEARD_NAMES, rows)
    for machine_id, _, _ in reports:
        known = before.get(machine_id)
        if known is None or not known.registered:
            tx.emit("machine", machine_id)


def forget_all(tx: Tx) -> None:
    """No machine is registered until it reports: for a server that is alone and has just started."""
    tx.connection.execute(update(schema.machines).values(registered=False, boot_id=None))


def forget(tx: Tx, machine_id: str) -> None:
    """That machine is not registered until it reports: for the server in whose process its agent starts."""
    chosen = update(schema.machines).where(schema.machines.c.id == machine_id)
    tx.connection.execute(chosen.values(registered=False, boot_id=None))


def loaded(
    tx: Tx, machine_id: str, *, index: int, cpu: int, memory: int, sessions: int, full: int
) -> None:
    """The machine's load index and its parts are these, 0 to `full`. Who waits for room hears of what has some."""
    table = schema.machines
    values = {
        "load_index": index,
        "load_cpu": cpu,
        "load_memory": memory,
        "load_sessions": sessions,
        "load_at_ms": tx.now_ms,
    }
    tx.connection.execute(update(table).where(table.c.id == machine_id).values(values))
    if index < full:
        tx.wake("load")


def told(tx: Tx, machine_id: str, figures: HostFigures) -> None:
    """What its host tells of itself now, for whoever watches the site."""
    table = schema.machines
    values = {"figures": encode(figures).decode(), "figures_at_ms": tx.now_ms}
    tx.connection.execute(update(table).where(table.c.id == machine_id).values(values))


def drop_silent(tx: Tx) -> list[str]:
    """Unregister the machines that have been silent for too long; their ids. The next report of such a machine must
    tell everything."""
    table = schema.machines
    silent = (table.c.registered, table.c.last_seen_ms < tx.now_ms - SILENT_AFTER_MS)
    ids = list(tx.connection.execute(select(table.c.id).where(*silent)).scalars())
    if ids:
        gone = {"last_deregistered_ms": tx.now_ms, "last_deregistration_reason": "ContactLost"}
        chosen = update(table).where(table.c.id.in_(ids))
        tx.connection.execute(chosen.values(registered=False, boot_id=None, **gone))
        for machine_id in ids:
            tx.emit("machine", machine_id)
    return ids


def _machine(row: Row[Any]) -> Machine:
    return Machine(
        id=row.id,
        uid=row.uid,
        name=row.name,
        delivery_group_id=row.delivery_group_id,
        as_root=row.as_root,
        registered=row.registered,
        in_maintenance=row.in_maintenance,
        boot_id=row.boot_id,
        sequence=row.sequence,
        zone_id=row.zone_id,
        live_sessions=row.live_sessions,
        load_cpu=row.load_cpu or 0,
        load_memory=row.load_memory or 0,
        load_index=row.load_index,
        load_at_ms=row.load_at_ms,
        spool=row.spool,
    )
