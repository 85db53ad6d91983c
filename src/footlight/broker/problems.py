"""Problems as people report them: the session is recorded on for a while, where that may be, and what was so is kept.

Where a recording policy keeps the last seconds in memory, they go in front of the recording that a report begins."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from footlight.archive import catalogue
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.clock import Clock
from footlight.errors import Invalid, Unavailable
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.policies import reasons
from footlight.sessions import queries
from footlight.store import schema, sight
from footlight.store.schema_keeping import problem_reports as _p
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)
_m = schema.machines
_r = schema.recordings

LOOK_EACH_S = 1.0
ENDED_AT_ONCE = 50
MAX_TEXT_CHARACTERS = 4000


@dataclass(frozen=True)
class Reported:
    """What is reported of a session; `facts`: how it and its host were, as JSON's types."""

    session_id: str
    text: str
    facts: dict[str, Any]
    record_s: int  # at most; 0: nothing is recorded for it


def report(tx: Tx, caller: Caller, reported: Reported) -> str:
    """Keep the report, and have the session recorded if it is not and may be; the report's id.
    Raises Invalid."""
    text = reported.text
    if not text.strip() or len(text) > MAX_TEXT_CHARACTERS or "\0" in text:
        raise Invalid(
            f"A text of 1 to {MAX_TEXT_CHARACTERS} characters is wanted.",
            name="text",
            problem="tooLong" if len(text) > MAX_TEXT_CHARACTERS else "missing",
        )
    session = queries.row(tx.connection, reported.session_id)
    assert session is not None  # its row outlives its end by a day
    recording_id, began = _recorded(tx, caller, session, reported.record_s)
    report_id = new_guid()
    machine = tx.connection.execute(select(_m).where(_m.c.id == session.machine_id)).first()
    tx.connection.execute(
        _p.insert().values(
            id=report_id,
            session_id=session.id,
            account_id=session.account_id,
            user_name=session.user_name,
            machine_id=session.machine_id,
            machine_name=machine.name if machine is not None else "",
            catalog_id=machine.catalog_id if machine is not None else None,
            delivery_group_id=machine.delivery_group_id if machine is not None else None,
            reported_by=caller.user_name,
            reported_at_ms=tx.now_ms,
            text=text,
            recording_id=recording_id,
            stop_at_ms=tx.now_ms + reported.record_s * 1000 if began else None,
            facts=msgspec.json.encode(reported.facts).decode(),
        )
    )
    act = Act(
        text=f"Report a problem in the session of {session.user_name}",
        kind="AdminActivity",
        target_type="Session",
        object_id=session.id,
        object_name=session.user_name,
        parameters={"ReportId": report_id, "RecordingId": recording_id or ""},
    )
    record(tx, caller, act)
    return report_id


def leave_on(tx: Tx, session_id: str, by: str) -> None:
    """Somebody calls for a recording on the session: one that a report has begun is from now on theirs, and no longer
    ends with the report."""
    begun = (_p.c.session_id == session_id, _p.c.stop_at_ms.is_not(None))
    if tx.connection.execute(update(_p).where(*begun).values(stop_at_ms=None)).rowcount:
        reasons.pass_on(tx, session_id, by)


def page(
    connection: Connection, caller: Caller, limit: int, before_uid: int
) -> tuple[list[Row[Any]], bool]:
    """Reports with uid below `before_uid` (0: from the top), the newest first, with when their recordings began;
    whether more follow."""
    query = _seen(caller)
    if before_uid:
        query = query.where(_p.c.uid < before_uid)
    rows = list(connection.execute(query.order_by(_p.c.uid.desc()).limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def find(connection: Connection, caller: Caller, report_id: str) -> Row[Any] | None:
    """One report, if the caller sees it."""
    return connection.execute(_seen(caller).where(_p.c.id == report_id.lower())).first()


def began(connection: Connection, recording_id: str) -> bool | None:
    """Whether the recording has begun; None while that is not known."""
    row = catalogue.row(connection, recording_id)
    if row is None or row.status in catalogue.FINAL or row.started_at_ms is not None:
        return row is not None and row.started_at_ms is not None
    return None


def machine_facts(connection: Connection, machine_id: str) -> dict[str, Any]:
    """How busy the session's host is, in thousandths; null where it has not said so."""
    query = select(_m.c.load_cpu, _m.c.load_memory, _m.c.registered).where(_m.c.id == machine_id)
    row = connection.execute(query).first()
    if row is None:
        return {}
    return {
        "cpuPermille": row.load_cpu,
        "memoryPermille": row.load_memory,
        "registered": row.registered,
    }


def end_due(tx: Tx) -> int:
    """End the recordings whose reports have had their time; how many reports that were."""
    due = select(_p.c.uid, _p.c.session_id, _p.c.recording_id, _p.c.reported_by).where(
        _p.c.stop_at_ms <= tx.now_ms
    )
    rows = list(tx.connection.execute(due.order_by(_p.c.uid).limit(ENDED_AT_ONCE)))
    for row in rows:
        session = queries.row(tx.connection, row.session_id)
        asked_by = reasons.of(tx.connection, row.session_id).on_demand_by
        same = session is not None and session.wanted_recording_id == row.recording_id
        if same and asked_by == row.reported_by:
            reasons.release(tx, row.session_id)
    uids = [row.uid for row in rows]
    if uids:
        tx.connection.execute(update(_p).where(_p.c.uid.in_(uids)).values(stop_at_ms=None))
    return len(rows)


class Problems:
    """Part of the duty `recordings`: ends what reports have begun."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._loop = spawn("reported problems", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def look(self) -> None:
        """End what is due now. Raises Unavailable."""
        now_ms = self._clock.now_ms()
        due = select(_p.c.uid).where(_p.c.stop_at_ms <= now_ms).limit(1)
        if await self._store.read(lambda c: c.execute(due).first()) is not None:
            await self._store.write(end_due)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.debug("recordings of reports not ended", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("recordings of reports not ended", exc_info=error)
            await asyncio.sleep(LOOK_EACH_S)


def _recorded(tx: Tx, caller: Caller, session: Any, record_s: int) -> tuple[str | None, bool]:
    """The recording that holds the moment, and whether the report has begun it."""
    running = catalogue.row(tx.connection, session.wanted_recording_id or "")
    if running is not None and running.status not in catalogue.FINAL:
        return running.id, False
    held = reasons.of(tx.connection, session.id).policy
    # A policy that has nothing recorded and keeps nothing in front says that this user is not to be.
    forbidden = held is not None and held.then.record == "no" and held.then.pre_roll_seconds == 0
    over = session.ended_at_ms is not None or session.wanted == "end"
    if record_s <= 0 or forbidden or over:
        return None, False
    return reasons.call(tx, session, caller.user_name, notify=True)


def _seen(caller: Caller) -> Any:
    """Reports of one's own sessions, and of those that one may see."""
    own: ColumnElement[bool] = _p.c.account_id == caller.account_id
    if caller.may(Permission.SESSION_READ):
        own = or_(own, sight.machines(caller, Permission.SESSION_READ, _p))
    started = _r.c.started_at_ms.label("recording_started_ms")
    return select(_p, started).outerjoin(_r, _r.c.id == _p.c.recording_id).where(own)
