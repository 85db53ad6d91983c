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
from footlight.broker.launched import Launched
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.policies import health, reviews
from footlight.sessions import messages, phases, queries, viewers
from footlight.sessions.actions import ROOM
from footlight.sessions.phases import Phase
from footlight.sessions.session import UNKNOWN, app_state_of, own_viewer, state_of
from footlight.site import enrolled_hosts, machines, spools
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
    events_recording_id: str | None
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
        _shows_screen(row, facts),
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
        changes["state_changed_at_ms"] = _state_since(row.state, facts) or now_ms
    if "app_state" in changes:
        logged_on = row.app_state == "PreLogon" and facts.established_at_ms
        changes["app_state_changed_at_ms"] = logged_on or now_ms
    return changes


def _shows_screen(row: Known, facts: SessionFacts) -> bool:
    """Whether the screen is being recorded, and not events alone."""
    recording = facts.recording
    return (
        recording is not None
        and recording.status == "recording"
        and recording.recording_id != row.events_recording_id
    )


def _state_since(before: str, facts: SessionFacts) -> int | None:
    if before == UNKNOWN:
        return None
    return facts.established_at_ms if before == "Connected" else facts.viewers_changed_at_ms


@dataclass
class Outcome:
    """The answer to a report, the orders that it calls for at once, and what it tells to whoever counts."""

    answer: ReportTaken
    strays: list[SessionOrder] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)  # of launches that are through by it
    turns: list[Turn] = field(default_factory=list)  # of recordings
    alarms: list[str] = field(default_factory=list)  # about them (policies/alarms.py)


def take(
    tx: Tx, said: Sequence[HostReport], site_name: str, scale: Scale = DEFAULT_SCALE
) -> list[Outcome]:
    """Write what the reports change, of each host one at most. One that is older than what is known, or of a host
    that has not introduced itself, changes nothing."""
    known = machines.by_ids(tx.connection, [report.machine_id for report in said])
    refused = [_refusal(report, known.get(report.machine_id)) for report in said]
    refused = _trusted(tx, said, refused)
    taken = [report for report, refusal in zip(said, refused, strict=True) if refusal is None]
    for report in taken:
        if report.host is not None:
            machines.register(tx, report.host, site_name)
    answers = [_answer(report, known.get(report.machine_id)) for report in taken]
    heard = [(r.machine_id, r.boot_id, a.sequence) for r, a in zip(taken, answers, strict=True)]
    machines.heard(tx, heard, known)
    for report in taken:
        before = known.get(report.machine_id)
        _take_load(tx, report, before, scale)
        if report.spool is not None:
            spools.take(tx, report.machine_id, report.spool, before.spool if before else None)
        if report.figures is not None:
            machines.told(tx, report.machine_id, report.figures)
    turns = _take_recordings(tx, taken, answers)
    strays, launched = _take_sessions(tx, taken, answers)
    alarms: list[str] = []
    for report in taken:
        if report.full:
            _end_missing(tx, report)
        alarms += health.take(tx, report.sessions, _recordings_of(report))
    outcomes = list(map(Outcome, answers, strays))
    if outcomes:
        outcomes[0].turns, outcomes[0].phases = turns, launched.phases(tx.connection)
        outcomes[0].alarms = alarms
    in_turn = iter(outcomes)
    return [Outcome(r) if r is not None else next(in_turn) for r in refused]


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
    if known is None or known.boot_id != report.boot_id:
        if report.full:
            return None
        sequence = 0 if report.beat else report.sequence
        return ReportTaken(boot_id=report.boot_id, sequence=sequence, want_full=True)
    if report.sequence > known.sequence or report.beat:
        return None
    return ReportTaken(boot_id=report.boot_id, sequence=report.sequence)


def _answer(report: HostReport, known: Machine | None) -> ReportTaken:
    """The answer to one that is, so far as it is known before. One of a host whose report before it is missing is
    written, and everything asked for: what was in that is in no other."""
    if report.beat:
        assert known is not None
        return ReportTaken(boot_id=report.boot_id, sequence=known.sequence)
    missing = not report.full and known is not None and report.sequence > known.sequence + 1
    return ReportTaken(boot_id=report.boot_id, sequence=report.sequence, want_full=missing)


def _trusted(
    tx: Tx, said: Sequence[HostReport], refused: list[ReportTaken | None]
) -> list[ReportTaken | None]:
    """The same, with those refused whose hosts say that they are what was not enrolled. Only a host that introduces
    itself is looked at: one that is revoked has to (enrolled_hosts.revoke)."""
    asked = [
        r.host.machine_id for r, no in zip(said, refused, strict=True) if r.host and no is None
    ]
    enrolled = enrolled_hosts.of_machines(tx.connection, asked) if asked else {}
    found = list(refused)
    for place, report in enumerate(said):
        if report.host is None or found[place] is not None:
            continue
        reason = enrolled_hosts.mismatch(enrolled.get(report.machine_id), report.host)
        if report.host.machine_id != report.machine_id:
            reason = "it reports for one machine as another"
        if reason is not None:
            found[place] = ReportTaken(
                boot_id=report.boot_id, sequence=report.sequence, refused=reason
            )
    return found


def _recordings_of(report: HostReport) -> list[RecordingFacts]:
    running = [s.recording for s in report.sessions if s.recording is not None]
    return [*report.recordings, *running]


def _take_recordings(
    tx: Tx, taken: Sequence[HostReport], answers: Sequence[ReportTaken]
) -> list[Turn]:
    """Write what is said of recordings, and name those that the host may forget; what is new of them."""
    by_report = [_recordings_of(report) for report in taken]
    turns: list[Turn] = []
    known = catalogue.report(tx, [facts for said in by_report for facts in said], turns)
    for said, answer in zip(by_report, answers, strict=True):
        answer.forget_recordings.extend(
            facts.recording_id
            for facts in said
            if facts.status in catalogue.FINAL or facts.recording_id not in known
        )
    return turns


def _take_sessions(
    tx: Tx, taken: Sequence[HostReport], answers: Sequence[ReportTaken]
) -> tuple[list[list[SessionOrder]], Launched]:
    """Write what is said of sessions, and name those that the host may forget; by report the orders that end those
    which it should not have, and what is launched by them."""
    ids = [facts.session_id for report in taken for facts in report.sessions]
    rows = known_sessions(tx.connection, ids)
    changed: dict[int, dict[str, Any]] = {}
    moved: list[str] = []  # to other addresses
    by_report = []
    launched = Launched()
    for report, answer in zip(taken, answers, strict=True):
        forget, strays = answer.forget_sessions, []
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
                launched.note(row, changes)
                if "client_address" in changes:
                    changes["asked_from"] = None
                    moved.append(row.id)
                if "ended_at_ms" in changes:
                    tx.wake(ROOM)
                # How a line does is written, and is no event.
                if changes.keys() != {"viewers"} or not viewers.same(
                    row.viewers, changes["viewers"]
                ):
                    tx.emit("session", row.id, row.account_id)
        by_report.append(strays)
    write_changes(tx.connection, _s, changed.items())
    reviews.ask_moved(tx, moved)
    return by_report, launched


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
