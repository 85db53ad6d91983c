"""Codes by which hosts become the site's: made by who may change machines, good once and for a while.

Of the secret only its hash is kept: it has 160 bits of chance, so that a plain hash does.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site import catalogs, groups, held, machine_rows, zones
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.enrolment import Code
from footlight.wire.own import NewEnrolment

_e = schema.enrolment_codes

MAX_MINUTES = 7 * 24 * 60
MAX_OPEN = 1000
MAX_DESCRIPTION_CHARACTERS = 200
KEPT_MS = 30 * 24 * 3_600_000  # after which those that are used or expired are forgotten
SECRET_BYTES = 20
Status = Literal["open", "used", "expired", "revoked"]


def create(tx: Tx, caller: Caller, wanted: NewEnrolment, fingerprint: str) -> tuple[Row[Any], Code]:
    """A new code and what it says. Who may not change all machines says into which catalog the host comes. Raises
    Forbidden, NotFound, Invalid, Conflict."""
    caller.require(Permission.MACHINE_EDIT)
    if not 1 <= wanted.minutes <= MAX_MINUTES:
        raise Invalid(f"minutes is 1 to {MAX_MINUTES}.", name="minutes", problem="outOfRange")
    _check_description(wanted.description)
    places = _places(tx.connection, caller, wanted)
    _forget_old(tx)
    code = Code(new_guid(), secrets.token_bytes(SECRET_BYTES), fingerprint)
    tx.connection.execute(
        _e.insert().values(
            id=code.id,
            secret_hash=code.secret_hash,
            description=wanted.description,
            created_at_ms=tx.now_ms,
            expires_at_ms=tx.now_ms + wanted.minutes * 60_000,
            account_id=caller.account_id,
            user_name=caller.user_name,
            **places,
        )
    )
    row = find(tx.connection, code.id)
    assert row is not None
    _note(tx, caller, row, "Create", {k: (None, v) for k, v in places.items() if v is not None})
    return row, code


def every(connection: Connection, caller: Caller) -> Sequence[Row[Any]]:
    """Those that the caller sees, the newest first: all for who may change all machines, else its own. Raises
    Forbidden."""
    caller.require(Permission.MACHINE_EDIT)
    query = select(_e).order_by(_e.c.uid.desc()).limit(2 * MAX_OPEN)
    if not caller.everywhere(Permission.MACHINE_EDIT):
        query = query.where(_e.c.account_id == caller.account_id)
    return connection.execute(query).all()


def revoke(tx: Tx, caller: Caller, code_id: str) -> None:
    """The code is good for nothing any more. Raises Forbidden, NotFound, Conflict for one that has been used."""
    rows = [row for row in every(tx.connection, caller) if row.id == code_id.lower()]
    if not rows:
        raise NotFound("There is no such code.", entityType="Enrolment", id=code_id[:64])
    if rows[0].used_at_ms is not None:
        raise Conflict("The code has been used: revoke the host.", id=rows[0].used_machine_id)
    if rows[0].revoked_at_ms is None:
        chosen = update(_e).where(_e.c.id == rows[0].id)
        tx.connection.execute(chosen.values(revoked_at_ms=tx.now_ms))
        _note(tx, caller, rows[0], "Revoke", {})


def find(connection: Connection, code_id: str) -> Row[Any] | None:
    """The code of that id."""
    return connection.execute(select(_e).where(_e.c.id == code_id)).first()


def use(tx: Tx, row: Row[Any], machine_id: str, keys: str, answer: str) -> None:
    """The code has been used by a machine with those keys (their print)."""
    values = {
        "used_at_ms": tx.now_ms,
        "used_machine_id": machine_id,
        "used_keys": keys,
        "answer": answer,
    }
    tx.connection.execute(update(_e).where(_e.c.id == row.id).values(values))


def status(row: Row[Any], now_ms: int) -> Status:
    """What has become of it."""
    if row.used_at_ms is not None:
        return "used"
    if row.revoked_at_ms is not None:
        return "revoked"
    return "expired" if row.expires_at_ms <= now_ms else "open"


def _places(connection: Connection, caller: Caller, wanted: NewEnrolment) -> dict[str, str | None]:
    """Ids of what the request names. Raises as create does."""
    catalog = wanted.catalog and catalogs.get(connection, caller, wanted.catalog)
    group = wanted.delivery_group and groups.get(connection, caller, wanted.delivery_group)
    machine = wanted.machine and machine_rows.get(connection, caller, wanted.machine)
    zone = wanted.zone and zones.get(connection, wanted.zone)
    if machine and (catalog or group or zone):
        raise Invalid(
            "A machine that is enrolled again stays where it is: name no zone, catalog or delivery group.",
            name="machine",
        )
    if group and not catalog:
        raise Invalid(
            "A machine of a delivery group is in a catalog: name that too.", name="catalog"
        )
    if catalog and zone and catalog.zone_id != zone.id:
        raise Conflict("The catalog is in another zone.", id=catalog.id)
    if catalog and group and catalog.session_support != group.session_support:
        raise Conflict(
            f"The catalog's machines are {catalog.session_support}, the group's are not.",
            code="IncompatibleMachine",
            id=catalog.id,
        )
    if machine:
        held.machine(connection, caller, Permission.MACHINE_EDIT, machine.id)
    elif catalog:
        held.catalog(connection, caller, Permission.MACHINE_EDIT, catalog.id)
    elif not caller.everywhere(Permission.MACHINE_EDIT):
        raise Forbidden("Name a catalog: the permission to change machines is for some only.")
    if group:
        held.group(connection, caller, Permission.GROUP_ADD_MACHINES, group.id)
    return {
        "zone_id": zone.id if zone else None,
        "catalog_id": catalog.id if catalog else None,
        "delivery_group_id": group.id if group else None,
        "machine_id": machine.id if machine else None,
    }


def _check_description(text: str) -> None:
    if len(text) > MAX_DESCRIPTION_CHARACTERS or not (text.isprintable() or not text):
        raise Invalid(
            f"A description has at most {MAX_DESCRIPTION_CHARACTERS} printable characters.",
            name="description",
        )


def _forget_old(tx: Tx) -> None:
    """Keep the table bounded. Raises Conflict when too many codes are open."""
    old = tx.now_ms - KEPT_MS
    tx.connection.execute(_e.delete().where(_e.c.expires_at_ms < old))
    open_ones = select(_e.c.uid).where(
        _e.c.expires_at_ms > tx.now_ms, _e.c.used_at_ms.is_(None), _e.c.revoked_at_ms.is_(None)
    )
    if len(tx.connection.execute(open_ones.limit(MAX_OPEN)).all()) >= MAX_OPEN:
        raise Conflict(f"A site has at most {MAX_OPEN} open enrolment codes.")


def _note(
    tx: Tx, caller: Caller, row: Row[Any], verb: str, changes: dict[str, tuple[Any, Any]]
) -> None:
    name = row.description or row.id
    act = Act(
        text=f"{verb} enrolment code '{name}'",
        target_type="Enrolment",
        object_id=row.id,
        object_name=name,
        changes=changes,
    )
    record(tx, caller, act)
