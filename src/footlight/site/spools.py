"""What session hosts still hold of recordings: as they report it, and in plain words."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select, update

from footlight.caller import Caller
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.host import SpoolFacts
from footlight.wire.rest.dates import rfc3339_of

_m = schema.machines
_MIB = 1024 * 1024
STEPS = 100  # the size is written anew when it has changed by that part of the limit
MAX_WORDS = 300


class Spool(NamedTuple):
    """A host's spool. `registered` false: the host is silent, and this is what it said last."""

    machine_id: str
    machine_name: str
    registered: bool
    facts: SpoolFacts


def take(tx: Tx, machine_id: str, facts: SpoolFacts, before: str | None) -> None:
    """Write what a host says of its spool, if that is worth it; `before`: the column as it is. Whether uploads fail
    and whether there is room are an event."""
    known = read(before)
    said = _state(facts) != (_state(known) if known is not None else (False, False))
    if known is not None and not said and not _has_moved(known, facts):
        return
    kept = msgspec.structs.replace(
        facts,
        failure=None if facts.failure is None else facts.failure[:MAX_WORDS],
        full=None if facts.full is None else facts.full[:MAX_WORDS],
    )
    text = msgspec.json.encode(kept).decode()
    tx.connection.execute(update(_m).where(_m.c.id == machine_id).values(spool=text))
    if said:
        tx.emit("machine", machine_id)


def seen(connection: Connection, caller: Caller) -> list[Spool]:
    """Of the machines that the caller sees and that have said something, by name."""
    query = (
        select(_m.c.id, _m.c.name, _m.c.registered, _m.c.spool)
        .where(sight.machines(caller), _m.c.spool.is_not(None))
        .order_by(_m.c.name)
    )
    return [spool for row in connection.execute(query) if (spool := _spool(row)) is not None]


def read(text: str | None) -> SpoolFacts | None:
    """The column's facts; None where there are none or none that this release understands."""
    try:
        return None if text is None else msgspec.json.decode(text, type=SpoolFacts)
    except msgspec.DecodeError:
        return None


def words_of(facts: SpoolFacts) -> str:
    """How it stands, for people: one or two sentences."""
    amount = (
        f"{facts.size_bytes // _MIB} MiB in the spool of at most {facts.limit_bytes // _MIB} MiB"
    )
    if facts.failing_since_ms is None:
        words = f"Uploads work; {amount}."
    else:
        since = rfc3339_of(facts.failing_since_ms)
        words = f"Uploads fail since {since}: {facts.failure or 'no reason given'}; {amount}."
    if facts.full is not None:
        words += f" Recordings pause: {facts.full}."
    return words


def _state(facts: SpoolFacts) -> tuple[bool, bool]:
    return facts.failing_since_ms is not None, facts.full is not None


def _has_moved(known: SpoolFacts, facts: SpoolFacts) -> bool:
    step = max(facts.limit_bytes // STEPS, _MIB)
    moved = abs(known.size_bytes - facts.size_bytes) >= step
    emptied = facts.size_bytes == 0 != known.size_bytes
    return moved or emptied or known.limit_bytes != facts.limit_bytes


def _spool(row: Any) -> Spool | None:
    facts = read(row.spool)
    return None if facts is None else Spool(row.id, row.name, row.registered, facts)
