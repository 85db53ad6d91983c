"""Reports against rows: a pure difference, then one transaction that writes it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import ne
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from footlight.archive import catalogue
from footlight.archive.catalogue import Turn
from footlight.broker import load
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.sessions import messages, phases, queries, viewers
from footlight.sessions.actions import ROOM
from footlight.sessions.phases import Phase
from footlight.sessions.session import app_state_of, own_viewer, state_of
from footlight.site import machines
from footlight.site.machines import Machine
from footlight.store import schema
from footlight.store.changes import fitting, write_changes
from footlight.store.store import Tx
from footlight.wire.host import HostReport, RecordingFacts, ReportTaken, SessionFacts, SessionOrder

from .orders import end_of_stray

_s = schema.sessions


class Known(NamedTuple):
    """What is kept of a session and reports are compared with: its name, then the columns that reports change, in
    the order of session_changes. Booleans as the driver gives them."""

    uid: int
    id: str
    account_id: str
    session_type: str
    reported_generation: int
    phase: str
    display: str | None
    linux_user: str | None
    linux_uid: int | None
    logon: str | None
    started_at_ms: int | None
    established_at_ms: int | None
    disconnects: int
    state: str
    app_state: str
    manager_restarts: int
    recording_live: int | bool
    ended_at_ms: int | None
    end_reason: str | None
    exit_code: int | None
    exit_detail: str | None
    idle_since_ms: int | None
    launch_moments: str | None
    first_picture_ms: int | None
    viewers: str | None
    client_address: str | None
    client_name: str
    client_platform: str
    client_version: str | None
    connected_via_ip: str | None


_FIRST_REPORTED = Known._fields.index("reported_generation")
_FIRST_OF_CLIENT = Known._fields.index("client_address")
_REPORTED = Known._fields[_FIRST_REPORTED:]
_WIDTHS = tuple(getattr(_s.c[name].type, "length", None) or sys.maxsize for name in _REPORTED)
_PLACES = range(len(_REPORTED))
# Rows are wide, and reports are many: only what is needed is read.
_KNOWN = select(*(_s.c[name] for name in Known._fields)).where(
    _s.c.id.in_(bindparam("ids", expanding=True))
)
ROWS_AT_ONCE = 1000


def session_changes(row: Known, facts: SessionFacts, now_ms: int) -> dict[str, Any]:
    """Columns of the session's row (of known_sessions) that the facts change, with their new values. Of the client
    they are those of the viewer at work, and stay when it leaves."""
    viewer = own_viewer(facts.viewers)
    if viewer is None:
        client: tuple[Any, ...] = row[_FIRST_OF_CLIENT:]
    else:
        via = viewer.via_address or viewer.address
        client = (viewer.address, viewer.client_name, viewer.platform, viewer.version, via)
    state = state_of(facts)
    app_state = app_state_of(row.session_type, facts)
    ended_at_ms = facts.ended_at_ms
    if facts.phase == "ended" and ended_at_ms is None:
        ended_at_ms = now_ms
    new = (
        facts.generation if facts.generation > row.reported_generation else row.reported_generation,
        facts.phase,
        facts.display or row.display,
        facts.linux_user or row.linux_user,
        row.linux_uid if facts.linux_uid is None else facts.linux_uid,
        facts.logon or row.logon,
        facts.started_at_ms,
        facts.established_at_ms,
        facts.disconnects,
        state,
        app_state,
        facts.manager_restarts,
        facts.recording is not None and facts.recording.status == "recording",
        ended_at_ms,
        facts.end_reason,
        facts.exit_code,
        facts.exit_detail,
        facts.idle_since_ms,
        phases.written(facts.moments) or row.launch_moments,
        row.first_picture_ms or facts.first_picture_ms,
        viewers.written(facts.viewers),
        *client,
    )
    old = row[_FIRST_REPORTED:]
    if new == old:
        return {}
    changes: dict[str, Any] = {}
    for place in compress(_PLACES, map(ne, new, old)):
        value = new[place]
        if type(value) is str and (len(value) > _WIDTHS[place] or "\0" in value):
            value = fitting(_s.c[_REPORTED[place]], value)
            if value == old[place]:
                continue
        changes[_REPORTED[place]] = value
    if "state" in changes:
        since = facts.viewers_changed_at_ms if row.state != "Connected" else facts.established_at_ms
        changes["state_changed_at_ms"] = since or now_ms
    if "app_state" in changes:
        logged_on = row.app_state == "PreLogon" and facts.established_at_ms
        changes["app_state_changed_at_ms"] = logged_on or now_ms
    return changes


@dataclass
class Outcome:
    """The answer to a report, the orders that it calls for at once, and what it tells to whoever counts."""

    answer: ReportTaken
    strays: list[SessionOrder] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)  # of launches that are through by it
    turns: list[Turn] = field(default_factory=list)  # of recordings


def take(
    tx: Tx, said: Sequence[HostReport], site_name: str, scale: Scale = DEFAULT_SCALE
) -> list[Outcome]:
    """Write what the reports change, of each host one at most. One that is older than what is known, or of a host
    that has not introduced itself, changes nothing."""
    known = machines.by_ids(tx.connection, [report.machine_id for report in said])
    refused = [_refusal(report, known.get(report.machine_id)) for report in said]
    taken = [report for report, refusal in zip(said, refused, strict=True) if refusal is None]
    for report in taken:
        if report.host is not None:
            machines.register(tx, report.host, site_name)
    machines.heard(tx, [(r.machine_id, r.boot_id, r.sequence) for r in taken], known)
    for report in taken:
        _take_load(tx, report, known.get(report.machine_id), scale)
        if report.figures is not None:
            machines.told(tx, report.machine_id, report.figures)
    turns: list[Turn] = []
    done = _finished(tx, taken, turns)
    outcomes = _take_sessions(tx, taken, done)
    if outcomes:
        outcomes[0].turns = turns
    for report in taken:
        if report.full:
            _end_missing(tx, report)
    return [Outcome(r) if r is not None else outcomes.pop(0) for r in refused]


def _take_load(tx: Tx, report: HostReport, known: Machine | None, scale: Scale) -> None:
    """Write how busy the host is, if that is worth it."""
    if report.load is None:
        return
    parts = load.parts_of(report.load, scale)
    index = load.index_of(parts, scale)
    before = (None, None) if known is None else (known.load_index, known.load_at_ms)
    if load.is_worth_writing(*before, index, tx.now_ms):
        machines.loaded(tx, report.machine_id, index=index, full=load.FULL, **parts._asdict())


def _refusal(report: HostReport, known: Machine | None) -> ReportTaken | None:
    """The answer to a report that is not written."""
    if report.host is None and known is None:
        return ReportTaken(want_full=True)
    if known is not None and known.boot_id == report.boot_id:
        return ReportTaken() if report.sequence <= known.sequence else None
    return None if report.full else ReportTaken(want_full=True)


def _recordings_of(report: HostReport) -> list[RecordingFacts]:
    running = [s.recording for s in report.sessions if s.recording is not None]
    return [*report.recordings, *running]


def _finished(tx: Tx, taken: Sequence[HostReport], turns: list[Turn]) -> list[list[str]]:
    """Write what is said of recordings; by report the ids of those that its host may forget."""
    by_report = [_recordings_of(report) for report in taken]
    known = catalogue.report(tx, [facts for said in by_report for facts in said], turns)
    return [
        [
            facts.recording_id
            for facts in said
            if facts.status in catalogue.FINAL or facts.recording_id not in known
        ]
        for said in by_report
    ]


def _take_sessions(tx: Tx, taken: Sequence[HostReport], finished: list[list[str]]) -> list[Outcome]:
    ids = [facts.session_id for report in taken for facts in report.sessions]
    rows = known_sessions(tx.connection, ids)
    changed: dict[int, dict[str, Any]] = {}
    outcomes = []
    up: set[int] = set()
    shown: set[int] = set()
    for report, forget_recordings in zip(taken, finished, strict=True):
        forget, strays = [], []
        for facts in report.sessions:
            row = rows.get(facts.session_id)
            if facts.phase == "ended":
                forget.append(facts.session_id)
            if row is None:
                continue
            if row.ended_at_ms is not None:
                if facts.phase != "ended":
                    whole = queries.row(tx.connection, row.id)
                    strays.append(end_of_stray(whole, facts.generation))
                continue
            if facts.messages_shown:
                messages.take_shown(tx, row.id, facts.messages_shown)
            changes = session_changes(row, facts, tx.now_ms)
            if changes:
                changed[row.uid] = changes
                if row.established_at_ms is None and changes.get("established_at_ms"):
                    up.add(row.uid)
                if row.first_picture_ms is None and "first_picture_ms" in changes:
                    shown.add(row.uid)
                if "ended_at_ms" in changes:
                    tx.wake(ROOM)
                # How a line does is written, and is no event.
                if changes.keys() != {"viewers"} or not viewers.same(
                    row.viewers, changes["viewers"]
                ):
                    tx.emit("session", row.id, row.account_id)
        answer = ReportTaken(forget_sessions=forget, forget_recordings=forget_recordings)
        outcomes.append(Outcome(answer, strays))
    write_changes(tx.connection, _s, changed.items())
    if up | shown:
        outcomes[0].phases = _phases(tx.connection, up, shown)
    return outcomes


def _phases(connection: Connection, up: set[int], shown: set[int]) -> list[Phase]:
    """Of sessions that are up now, and of those whose first picture was shown, each once."""
    query = select(
        *(_s.c.uid, _s.c.brokering_ms, _s.c.brokered_at_ms, _s.c.established_at_ms),
        *(_s.c.launch_moments, _s.c.first_picture_ms),
    ).where(_s.c.uid.in_(up | shown))
    found: list[Phase] = []
    for row in connection.execute(query):
        last = [one for one in phases.of_session(row) if one.name == "first_picture"]
        if row.uid in up:
            found += [one for one in phases.of_session(row) if one not in last]
            found.append(Phase("total", max(0, row.established_at_ms - row.brokered_at_ms)))
        if row.uid in shown:
            found += last
    return found


def known_sessions(connection: Connection, ids: Sequence[str]) -> dict[str, Known]:
    """The rows of those sessions by id."""
    rows: dict[str, Known] = {}
    for first in range(0, len(ids), ROWS_AT_ONCE):
        chosen = {"ids": ids[first : first + ROWS_AT_ONCE]}
        # As the driver gives them: SQLAlchemy's rows cost as much again.
        cursor = connection.execute(_KNOWN, chosen).cursor
        assert cursor is not None
        rows.update((row.id, row) for row in map(Known._make, cursor.fetchall()))
    return rows


def _end_missing(tx: Tx, report: HostReport) -> None:
    """Sessions that the host once reported and now does not know are over."""
    present = {facts.session_id for facts in report.sessions}
    rows = tx.connection.execute(
        select(_s.c.uid, _s.c.id, _s.c.account_id).where(
            _s.c.machine_id == report.machine_id,
            _s.c.ended_at_ms.is_(None),
            _s.c.phase != "ordered",
        )
    )
    missing = [row for row in rows if row.id not in present]
    over = {
        "phase": "ended",
        "ended_at_ms": tx.now_ms,
        "end_reason": "the host no longer has the session",
        "recording_live": False,
    }
    write_changes(tx.connection, _s, [(row.uid, over) for row in missing])
    for row in missing:
        tx.wake(ROOM)
        tx.emit("session", row.id, row.account_id)
