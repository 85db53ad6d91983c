"""Recordings as things we keep: the catalogue's rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.archive import retention, terms
from footlight.archive.terms import Terms
from footlight.audit.log import Act, record_of_site
from footlight.caller import Caller, Permission
from footlight.ids import new_guid
from footlight.store import schema, schema_keeping, sight
from footlight.store.changes import fitting, write_changes
from footlight.store.store import Tx
from footlight.wire.host import RecordingFacts

_r = schema.recordings
FINAL = ("completed", "failed")
HEAD_EACH_MS = 60_000


@dataclass(frozen=True)
class NewRecording:
    """What is known when a recording is ordered."""

    session_id: str
    account_id: str
    user_name: str
    machine_id: str
    machine_name: str
    resource_name: str
    reason: str
    ordered_by: str
    terms: Terms
    continues: str | None = None  # the recording that it takes over from


def open_recording(tx: Tx, new: NewRecording) -> str:
    """A row for a recording that is ordered; its id. It is not listed before its first key frame is on disk."""
    recording_id = new_guid()
    m = schema.machines
    place = tx.connection.execute(
        select(m.c.catalog_id, m.c.delivery_group_id).where(m.c.id == new.machine_id)
    ).first()
    tx.connection.execute(
        _r.insert().values(
            id=recording_id,
            session_id=new.session_id,
            account_id=new.account_id,
            user_name=new.user_name,
            machine_id=new.machine_id,
            machine_name=new.machine_name,
            catalog_id=place.catalog_id if place is not None else None,
            delivery_group_id=place.delivery_group_id if place is not None else None,
            resource_name=new.resource_name,
            reason=new.reason,
            ordered_by=new.ordered_by,
            notify=new.terms.notify,
            ordered_at_ms=tx.now_ms,
            status="ordered",
            retention_class=retention.named(tx.connection, new.terms.retention_class),
            continues=new.continues,
            terms=terms.written(new.terms),
            **_bounds(new.terms),
        )
    )
    return recording_id


def _bounds(wanted: Terms) -> dict[str, int | None]:
    longest_ms = None if wanted.roll_over_s is None else wanted.roll_over_s * 1000
    return {"roll_over_bytes": wanted.roll_over_bytes, "roll_over_ms": longest_ms}


def bound_anew(tx: Tx, recording_id: str, wanted: Terms) -> None:
    """The recording goes on, and as a new one from where these terms say."""
    chosen = update(_r).where(_r.c.id == recording_id)
    tx.connection.execute(chosen.values(terms=terms.written(wanted), **_bounds(wanted)))


def row(connection: Connection, recording_id: str) -> Row[Any] | None:
    """The row by id, unrestricted."""
    return connection.execute(select(_r).where(_r.c.id == recording_id)).first()


def get(connection: Connection, caller: Caller, recording_id: str) -> Row[Any] | None:
    """The row if the caller may see it and it has begun."""
    query = select(_r).where(
        _r.c.id == recording_id.lower(), _r.c.started_at_ms.is_not(None), sight.recordings(caller)
    )
    return connection.execute(query).first()


def may(connection: Connection, caller: Caller, recording_id: str, permission: Permission) -> bool:
    """Whether the caller has the permission on the recording of that id, be it there or not."""
    if caller.everywhere(permission) and not caller.separate_duties:
        return True
    query = select(_r.c.id).where(_r.c.id == recording_id, sight.recordings(caller, permission))
    return connection.execute(query).first() is not None


@dataclass(frozen=True)
class Turn:
    """What a report says for the first time of a recording. `started_after_ms`: from the order to its first key
    frame; `ended`: its final status, with the `gaps` that it has."""

    started_after_ms: int | None = None
    ended: str | None = None
    gaps: int = 0


def report(tx: Tx, reported: Sequence[RecordingFacts], turns: list[Turn] | None = None) -> set[str]:
    """Bring the rows to what the host says; the ids of those that there are. A final row never changes. Of
    several facts on one recording the last counts, or the first final one. `turns` is given what is new."""
    by_id: dict[str, RecordingFacts] = {}
    for facts in reported:
        before = by_id.get(facts.recording_id)
        if before is None or before.status not in FINAL:
            by_id[facts.recording_id] = facts
    if not by_id:
        return set()
    rows = list(tx.connection.execute(select(_r).where(_r.c.id.in_(by_id))))
    changes = []
    for known in rows:
        facts = by_id[known.id]
        changed = _changes(known, facts)
        if changed and known.status not in FINAL:
            if _head_is_due(known, facts, tx.now_ms):
                head = facts.head or known.head or ""
                changed |= {"head_logged": head, "head_logged_ms": tx.now_ms}
                record_of_site(tx, _head_act(known, facts, head))
            changes.append((known.uid, changed))
            if turns is not None:
                turns.append(_turn(known, facts))
            tx.emit("recording", known.id, None)
    write_changes(tx.connection, _r, changes)
    known_ids = {str(known.id) for known in rows}
    return known_ids | _deleted(tx.connection, by_id.keys() - known_ids)


def _deleted(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of which tombstones are left: their hosts may forget them, too."""
    t = schema_keeping.recording_tombstones
    if not ids:
        return set()
    return set(
        connection.execute(select(t.c.recording_id).where(t.c.recording_id.in_(ids))).scalars()
    )


def _turn(known: Row[Any], facts: RecordingFacts) -> Turn:
    started = None
    if known.started_at_ms is None and facts.started_at_ms is not None:
        started = max(0, facts.started_at_ms - known.ordered_at_ms)
    return Turn(started, facts.status if facts.status in FINAL else None, facts.gaps)


def _changes(known: Row[Any], facts: RecordingFacts) -> dict[str, Any]:
    values = {
        "status": facts.status,
        "started_at_ms": facts.started_at_ms,
        "ended_at_ms": facts.ended_at_ms,
        "duration_ms": facts.duration_ms,
        "size_bytes": facts.size_bytes,
        "segment_count": facts.segment_count,
        "sealed_count": facts.sealed_count,
        "head": facts.head or known.head,
        "error": facts.error and fitting(_r.c.error, facts.error),
    }
    return {name: value for name, value in values.items() if getattr(known, name) != value}


def _head_is_due(known: Row[Any], facts: RecordingFacts, now_ms: int) -> bool:
    """Whether the audit chain gets the head: at the start, each minute in which it moved, and at the end."""
    if facts.status not in ("recording", *FINAL):
        return False
    if known.head_logged_ms is None or facts.status in FINAL:
        return True
    moved = (facts.head or known.head or "") != known.head_logged
    return moved and now_ms - int(known.head_logged_ms) >= HEAD_EACH_MS


def _head_act(known: Row[Any], facts: RecordingFacts, head: str) -> Act:
    state = "ended" if facts.status in FINAL else "goes on"
    return Act(
        text=f"The recording of {known.user_name} {state}, {facts.sealed_count} segments sealed",
        kind="RecordingHead",
        target_type="Recording",
        object_id=known.id,
        object_name=known.user_name,
        parameters={
            "Head": head,
            "SealedSegments": str(facts.sealed_count),
            "Status": facts.status,
            "SessionId": known.session_id,
        },
        succeeded=facts.status != "failed",
    )


def withdraw(tx: Tx, recording_id: str, error: str) -> None:
    """An ordered recording that never began is closed as failed."""
    tx.connection.execute(
        update(_r)
        .where(_r.c.id == recording_id, _r.c.status.in_(("ordered", "starting")))
        .values(status="failed", error=error, ended_at_ms=tx.now_ms)
    )
