"""Legal holds: as long as a recording has one it is not deleted, by nobody and by no retention class."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select

from footlight.audit.log import Act, record
from footlight.caller import Caller
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.store.schema_keeping import recording_holds as _h
from footlight.store.store import Tx

MAX_REASON_CHARACTERS = 1000
MAX_HOLDS = 50


def of_recording(connection: Connection, recording_id: str) -> list[Row[Any]]:
    """Its holds, the oldest first."""
    return list(
        connection.execute(select(_h).where(_h.c.recording_id == recording_id).order_by(_h.c.uid))
    )


def held(connection: Connection, recording_ids: Collection[str]) -> set[str]:
    """Those of them that have a hold."""
    query = select(_h.c.recording_id).where(_h.c.recording_id.in_(recording_ids))
    return set(connection.execute(query.distinct()).scalars())


def place(tx: Tx, caller: Caller, recording: Any, reason: str) -> Row[Any]:
    """Another hold on the recording (its row). Raises Invalid, Conflict."""
    checked_reason(reason)
    if len(of_recording(tx.connection, recording.id)) >= MAX_HOLDS:
        raise Conflict(f"The recording has {MAX_HOLDS} holds already.", id=recording.id)
    hold_id = new_guid()
    tx.connection.execute(
        _h.insert().values(
            id=hold_id,
            recording_id=recording.id,
            reason=reason,
            placed_by=caller.user_name,
            placed_at_ms=tx.now_ms,
        )
    )
    _record(tx, caller, recording, "Place a legal hold on", {"HoldId": hold_id, "Reason": reason})
    tx.emit("recording", recording.id)
    return tx.connection.execute(select(_h).where(_h.c.id == hold_id)).one()


def release(tx: Tx, caller: Caller, recording: Any, hold_id: str) -> None:
    """Take one hold away. Raises NotFound."""
    chosen = (_h.c.recording_id == recording.id, _h.c.id == hold_id.lower())
    known = tx.connection.execute(select(_h).where(*chosen)).first()
    if known is None:
        raise NotFound("There is no such hold.", entityType="RecordingHold", id=hold_id[:256])
    tx.connection.execute(_h.delete().where(*chosen))
    facts = {"HoldId": known.id, "Reason": known.reason}
    _record(tx, caller, recording, "Release a legal hold on", facts)
    tx.emit("recording", recording.id)


def checked_reason(reason: str) -> str:
    """The reason as given. Raises Invalid for none and for one that is too long."""
    if not reason.strip() or len(reason) > MAX_REASON_CHARACTERS or "\0" in reason:
        raise Invalid(
            f"A reason of 1 to {MAX_REASON_CHARACTERS} characters is wanted.",
            name="reason",
            problem="tooLong" if len(reason) > MAX_REASON_CHARACTERS else "missing",
        )
    return reason


def _record(tx: Tx, caller: Caller, recording: Any, verb: str, facts: dict[str, str]) -> None:
    act = Act(
        text=f"{verb} the recording of {recording.user_name}",
        kind="AdminActivity",
        target_type="Recording",
        object_id=recording.id,
        object_name=recording.user_name,
        parameters={**facts, "SessionId": recording.session_id},
    )
    record(tx, caller, act)
