"""Hosts that came to the site by a code: their public keys, and whether they still are the site's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, NotFound
from footlight.site import held
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.host import HostFacts

_e = schema.enrolment_codes
_h = schema.enrolled_hosts
_m = schema.machines

MAX_LISTED = 10_000
_SHOWN = select(
    _h,
    _m.c.name.label("machine_name"),
    _m.c.registered,
    _m.c.last_seen_ms,
    _m.c.agent_version,
    _m.c.as_root,
).join(_m, _m.c.id == _h.c.machine_id)


def every(connection: Connection, caller: Caller) -> Sequence[Row[Any]]:
    """Those whose machines the caller sees, by name. Raises Forbidden."""
    caller.require(Permission.MACHINE_READ)
    query = _SHOWN.where(sight.machines(caller)).order_by(_m.c.name).limit(MAX_LISTED)
    return connection.execute(query).all()


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """One that the caller sees, by its machine's id, HOST or DOMAIN\\HOST in any case. Raises Forbidden, NotFound."""
    text = name_or_id.replace("|", "\\").lower()
    for row in every(connection, caller):
        name = row.machine_name.lower()
        if text in (row.machine_id, name, name.rpartition("\\")[2]):
            return row
    raise NotFound("There is no such enrolled host.", entityType="Host", id=name_or_id[:256])


def find(connection: Connection, machine_id: str) -> Row[Any] | None:
    """The host of that machine."""
    return connection.execute(select(_h).where(_h.c.machine_id == machine_id)).first()


def may_come(connection: Connection, now_ms: int) -> bool:
    """Whether there is a host that is not revoked, or a code by which one can become the site's."""
    hosts = select(_h.c.machine_id).where(_h.c.revoked_at_ms.is_(None))
    if connection.execute(hosts.limit(1)).first() is not None:
        return True
    codes = select(_e.c.uid).where(
        _e.c.expires_at_ms > now_ms, _e.c.used_at_ms.is_(None), _e.c.revoked_at_ms.is_(None)
    )
    return connection.execute(codes.limit(1)).first() is not None


def put(tx: Tx, machine_id: str, **columns: Any) -> None:
    """Enrol the machine's host, in place of what was enrolled as it before."""
    tx.connection.execute(_h.delete().where(_h.c.machine_id == machine_id))
    tx.connection.execute(_h.insert().values(machine_id=machine_id, **columns))


def change(tx: Tx, machine_id: str, **columns: Any) -> None:
    """Change columns of the host."""
    tx.connection.execute(update(_h).where(_h.c.machine_id == machine_id).values(**columns))


def revoke(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """The host is the site's no more: its machine is unregistered at once, and what it says is refused. Raises
    Forbidden."""
    held.machine(tx.connection, caller, Permission.MACHINE_EDIT, row.machine_id)
    if row.revoked_at_ms is not None:
        return
    change(tx, row.machine_id, revoked_at_ms=tx.now_ms, revoked_by=caller.user_name, rotate=False)
    # Without a boot id the next report has to be a whole one, and those are looked at.
    gone = {
        "registered": False,
        "boot_id": None,
        "last_deregistered_ms": tx.now_ms,
        "last_deregistration_reason": "ContactLost",
    }
    tx.connection.execute(update(_m).where(_m.c.id == row.machine_id).values(**gone))
    tx.emit("machine", row.machine_id)
    _note(tx, caller, row, "Revoke")


def ask_to_rotate(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """The host shall make new keys. Raises Forbidden, and Conflict for one that is revoked."""
    held.machine(tx.connection, caller, Permission.MACHINE_EDIT, row.machine_id)
    if row.revoked_at_ms is not None:
        raise Conflict("The host is revoked: enrol it again.", id=row.machine_id)
    change(tx, row.machine_id, rotate=True)
    _note(tx, caller, row, "Ask for new keys of")


def forget(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """Nothing is known of the host; its machine stays until it is deleted. Raises Forbidden, and Conflict for one
    that is not revoked."""
    held.machine(tx.connection, caller, Permission.MACHINE_EDIT, row.machine_id)
    if row.revoked_at_ms is None:
        raise Conflict("The host is enrolled: revoke it first.", id=row.machine_id)
    tx.connection.execute(_h.delete().where(_h.c.machine_id == row.machine_id))
    _note(tx, caller, row, "Forget")


def mismatch(row: Row[Any] | None, facts: HostFacts) -> str | None:
    """Why what a host says of itself is not believed; None when it fits what was enrolled, or when the host came
    without a code, as the site's own does."""
    if row is None:
        return None
    if row.revoked_at_ms is not None:
        return "the host is revoked"
    if facts.agent_public_key not in (row.signing_key, row.previous_signing_key):
        return "the key that signs its recordings is not the enrolled one"
    if facts.host_name.upper() != row.host_name:
        return f"it calls itself {facts.host_name[:64]!r}, and was enrolled as {row.host_name!r}"
    return None


def of_machines(connection: Connection, ids: Sequence[str]) -> Mapping[str, Row[Any]]:
    """Those of them that are enrolled, by id."""
    rows = connection.execute(select(_h).where(_h.c.machine_id.in_(ids)))
    return {row.machine_id: row for row in rows}


def _note(tx: Tx, caller: Caller, row: Row[Any], verb: str) -> None:
    act = Act(
        text=f"{verb} host '{row.machine_name}'",
        target_type="Machine",
        object_id=row.machine_id,
        object_name=row.machine_name,
    )
    record(tx, caller, act)
