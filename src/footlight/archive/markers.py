"""Markers and comments: what people say of moments of a recording, kept with it in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from footlight.archive import catalogue
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

_m = schema.recording_markers
MOST_MARKERS = 5000  # of a recording
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class NewMarker:
    """`at_ms`: of recording time."""

    recording: Row[Any]
    at_ms: int
    kind: str
    text: str


def add(tx: Tx, caller: Caller, new: NewMarker) -> Row[Any]:
    """A marker of the caller's. Raises Conflict when there are too many."""
    there = tx.connection.execute(
        select(func.count()).where(_m.c.recording_id == new.recording.id)
    ).scalar_one()
    if there >= MOST_MARKERS:
        raise Conflict(f"A recording has at most {MOST_MARKERS} markers.", id=new.recording.id)
    marker_id = new_guid()
    tx.connection.execute(
        _m.insert().values(
            id=marker_id,
            recording_id=new.recording.id,
            at_ms=new.at_ms,
            kind=new.kind,
            text=new.text,
            account_id=caller.account_id,
            author=caller.user_name,
            created_at_ms=tx.now_ms,
        )
    )
    _audit(tx, caller, new.recording, "Mark", marker_id, {"AtMs": str(new.at_ms)})
    return one(tx.connection, new.recording.id, marker_id)


def every(connection: Connection, recording_id: str) -> list[Row[Any]]:
    """All of a recording that were not deleted, by their moments."""
    query = select(_m).where(_m.c.recording_id == recording_id, _m.c.deleted_at_ms.is_(None))
    return list(connection.execute(query.order_by(_m.c.at_ms, _m.c.uid).limit(MOST_MARKERS)))


def known(connection: Connection, recording_id: str) -> set[str]:
    """Ids of all that the recording has or had: the copies in its event track say nothing more."""
    query = select(_m.c.id).where(_m.c.recording_id == recording_id)
    return set(connection.execute(query).scalars())


def one(connection: Connection, recording_id: str, marker_id: str) -> Row[Any]:
    """That one. Raises NotFound."""
    query = select(_m).where(
        _m.c.id == marker_id.lower(),
        _m.c.recording_id == recording_id,
        _m.c.deleted_at_ms.is_(None),
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such marker.", entityType="Marker", id=marker_id)
    return row


def change(tx: Tx, caller: Caller, recording: Row[Any], marker_id: str, text: str) -> Row[Any]:
    """Another text for a marker of the caller's. Raises NotFound, Forbidden."""
    row = one(tx.connection, recording.id, marker_id)
    if row.account_id != caller.account_id:
        raise Forbidden("Only who made a marker may change it.", id=row.id)
    tx.connection.execute(
        update(_m).where(_m.c.uid == row.uid).values(text=text, changed_at_ms=tx.now_ms)
    )
    _audit(tx, caller, recording, "Change a marker in", row.id, {"AtMs": str(row.at_ms)})
    return one(tx.connection, recording.id, row.id)


def delete(tx: Tx, caller: Caller, recording: Row[Any], marker_id: str) -> None:
    """Show it no more: the caller's own, or, with the right to delete the recording, anybody's. Raises NotFound,
    Forbidden."""
    row = one(tx.connection, recording.id, marker_id)
    own = row.account_id == caller.account_id
    if not own and not catalogue.may(
        tx.connection, caller, recording.id, Permission.DELETE_RECORDINGS
    ):
        raise Forbidden(f"This needs the permission {Permission.DELETE_RECORDINGS}.", id=row.id)
    tx.connection.execute(update(_m).where(_m.c.uid == row.uid).values(deleted_at_ms=tx.now_ms))
    facts = {"AtMs": str(row.at_ms), "Author": row.author}
    _audit(tx, caller, recording, "Delete a marker in", row.id, facts)


def _audit(
    tx: Tx, caller: Caller, recording: Row[Any], verb: str, marker_id: str, facts: dict[str, str]
) -> None:
    act = Act(
        text=f"{verb} the recording of {recording.user_name}",
        kind="AdminActivity",
        target_type="Recording",
        object_id=recording.id,
        object_name=recording.user_name,
        parameters={"MarkerId": marker_id, "SessionId": recording.session_id, **facts},
    )
    record(tx, caller, act)
    tx.emit("recording", recording.id, None)
