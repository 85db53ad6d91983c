"""How the recordings go that should run: from what hosts report, and from what they do not in time.

A state is written when it changes, with an event. What would be late without a further report has its moment in the
row (`late_at_ms`), so that one look each second finds what is due and no session is asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from footlight.audit.log import record_of_site
from footlight.policies import alarms
from footlight.sessions.session import UNKNOWN
from footlight.store import schema
from footlight.store.changes import fitting
from footlight.store.store import Tx
from footlight.wire.host import RecordingFacts, SessionFacts
from footlight.wire.policies import Health

_y = schema.recording_reasons
_s = schema.sessions

LATE_MS = 2_000  # wanted, or gone, for so long: delayed
FIRST_RETRY_MS = 2_000
LONGEST_RETRY_MS = 60_000
DUE_AT_ONCE = 500
IDS_AT_ONCE = 500
NOT_BEGUN = "the host has not begun to record yet"
SILENT = "the host is silent"
REFUSED = "refused"  # how the error of a recording begins that the host will not make


def begin(tx: Tx, session_id: str, at_ms: int | None) -> None:
    """A recording is wanted of the session since then; None: nothing is any more."""
    row = tx.connection.execute(select(_y).where(_y.c.session_id == session_id)).first()
    if row is None or (at_ms is None and row.health is None):
        return
    if at_ms is None:
        _set(tx, row, None, None, covered=False, failures=0, late_at_ms=None, retry_at_ms=None)
        return
    late = {"late_at_ms": at_ms + LATE_MS, "late_reason": NOT_BEGUN, "retry_at_ms": None}
    if row.health in ("failed", "refused"):  # tried again: it is not well before it runs
        _change(tx, row, late)
    else:
        _set(tx, row, "starting", None, **late)


def take(
    tx: Tx, sessions: Sequence[SessionFacts], recordings: Sequence[RecordingFacts]
) -> list[str]:
    """Bring the states to what hosts say of sessions and recordings; the alarms of it (alarms.KINDS)."""
    raised: list[str] = []
    said = {facts.recording_id: facts for facts in recordings}
    covered = {facts.session_id for facts in sessions if facts.covered}
    alive = {facts.session_id for facts in sessions if facts.phase != "ended"}
    about = covered | {facts.session_id for facts in recordings}
    for row, wanted_id in _wanted(tx.connection, sorted(about)):
        under = row.session_id in covered
        raised += _alarm(tx, row, said.get(wanted_id), covered=under)
        if wanted_id in said:
            _judge(tx, row, said[wanted_id], covered=under)
        elif row.session_id in alive and bool(row.covered) != under:
            _set(tx, row, row.health, row.health_reason, covered=under)
    return raised


def look(tx: Tx) -> int:
    """Make delayed what is late now, at most DUE_AT_ONCE; how many."""
    due = select(_y).where(_y.c.late_at_ms <= tx.now_ms).limit(DUE_AT_ONCE)
    late = list(tx.connection.execute(due))
    for row in late:
        if row.health in ("failed", "refused"):
            _change(tx, row, {"late_at_ms": None})
        else:
            _set(tx, row, "delayed", row.late_reason, late_at_ms=None)
    return len(late)


def any_late(connection: Connection, now_ms: int) -> bool:
    """Whether there is something to make delayed."""
    late = select(_y.c.session_id).where(_y.c.late_at_ms <= now_ms).limit(1)
    return connection.execute(late).first() is not None


def unheard(connection: Connection) -> list[str]:
    """Sessions said to be recorded whose hosts are silent, so that nobody knows; at most DUE_AT_ONCE."""
    query = (
        select(_y.c.session_id)
        .join(_s, _s.c.id == _y.c.session_id)
        .where(_y.c.health == "recording", _s.c.state == UNKNOWN, _s.c.ended_at_ms.is_(None))
        .limit(DUE_AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def lose_sight(tx: Tx, session_ids: Sequence[str]) -> None:
    """Of these nobody knows how they are."""
    for row, _ in _wanted(tx.connection, session_ids):
        if row.health == "recording":
            _set(tx, row, "delayed", SILENT)


def retry_after_ms(failures: int) -> int:
    """How long after so many failures in a row (from 1 on) the next try is."""
    return int(min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** min(failures - 1, 10)))


def _judge(tx: Tx, row: Any, facts: RecordingFacts, *, covered: bool) -> None:
    """What the host says of the wanted recording. `starting` says nothing new, and what is late stays so."""
    if facts.status in ("failed", "completed"):
        _fail(tx, row, facts, covered=covered)
    elif facts.gap is not None:  # also when the recorder itself is lost
        since_ms = tx.now_ms if facts.gap_since_ms is None else facts.gap_since_ms
        if row.health == "delayed" and row.health_reason == facts.gap:
            late: dict[str, Any] = {"late_at_ms": None}
        else:
            late = {"late_at_ms": since_ms + LATE_MS, "late_reason": facts.gap}
        _set(tx, row, row.health, row.health_reason, covered=covered, **late)
    elif facts.status == "recording":
        well = {"late_at_ms": None, "failures": 0, "retry_at_ms": None}
        _set(tx, row, "recording", None, covered=covered, **well)
    else:
        _set(tx, row, row.health, row.health_reason, covered=covered)


def _alarm(tx: Tx, row: Any, facts: RecordingFacts | None, *, covered: bool) -> list[str]:
    """The kinds of those that are new."""
    raised: list[str] = []
    cause = "" if facts is None else facts.gap or facts.error or ""
    about_cover = alarms.of_cover(row, covered=covered, cause=cause)
    if about_cover is not None:
        record_of_site(tx, about_cover)
        raised += [alarms.COVERED] if covered else []
    about_gap = None if facts is None else alarms.of_gap(row, facts)
    if facts is not None and about_gap is not None:
        record_of_site(tx, about_gap)
        raised.append(str(facts.gap))
    return raised


def _fail(tx: Tx, row: Any, facts: RecordingFacts, *, covered: bool) -> None:
    """It is over though it is wanted: another is tried later. Said again it changes nothing."""
    if row.retry_at_ms is not None:
        return
    error = facts.error or "the host ended the recording"
    refused = facts.status == "failed" and error.startswith(REFUSED)
    failures = int(row.failures) + 1
    _set(
        tx,
        row,
        "refused" if refused else "failed",
        fitting(_y.c.health_reason, error),
        covered=covered,
        failures=failures,
        late_at_ms=None,
        retry_at_ms=tx.now_ms + retry_after_ms(failures),
    )


def _wanted(connection: Connection, session_ids: Sequence[str]) -> list[tuple[Any, str]]:
    """The rows of those sessions of which a recording is wanted, with its id."""
    found = []
    for start in range(0, len(session_ids), IDS_AT_ONCE):
        query = (
            select(_y, _s.c.wanted_recording_id)
            .join(_s, _s.c.id == _y.c.session_id)
            .where(
                _y.c.session_id.in_(session_ids[start : start + IDS_AT_ONCE]),
                _s.c.wanted_recording_id.is_not(None),
                _s.c.wanted != "end",
                _s.c.ended_at_ms.is_(None),
            )
        )
        found += [(row, str(row.wanted_recording_id)) for row in connection.execute(query)]
    return found


def _set(tx: Tx, row: Any, state: Health | None, reason: str | None, **others: Any) -> None:
    """The state and other columns, as far as they are new; an event when people see a difference."""
    values: dict[str, Any] = {"health": state, "health_reason": reason, **others}
    if state != row.health:
        values["health_since_ms"] = None if state is None else tx.now_ms
    shown = ("health", "health_reason", "covered")
    if any(name in values and values[name] != getattr(row, name) for name in shown):
        tx.emit("recording_health", row.session_id)
    _change(tx, row, values)


def _change(tx: Tx, row: Any, values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        chosen = update(_y).where(_y.c.session_id == row.session_id)
        tx.connection.execute(chosen.values(**changed))
