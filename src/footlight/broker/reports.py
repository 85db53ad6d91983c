"""Reports against rows: a pure difference, then one transaction that writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from footlight.archive import catalogue
from footlight.sessions import messages
from footlight.sessions.session import app_state_of, own_viewer, state_of
from footlight.site import machines
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.host import HostReport, ReportTaken, SessionFacts, SessionOrder

from .orders import end_of_stray

_s = schema.sessions


def session_changes(row: Any, facts: SessionFacts, now_ms: int) -> dict[str, Any]:
    """Columns of the session's row that the facts change, with their new values."""
    state = state_of(facts)
    app_state = app_state_of(row.session_type, facts)
    new: dict[str, Any] = {
        "reported_generation": max(row.reported_generation, facts.generation),
        "phase": facts.phase,
        "display": facts.display or row.display,
        "linux_user": facts.linux_user or row.linux_user,
        "linux_uid": row.linux_uid if facts.linux_uid is None else facts.linux_uid,
        "started_at_ms": facts.started_at_ms,
        "established_at_ms": facts.established_at_ms,
        "disconnects": facts.disconnects,
        "state": state,
        "app_state": app_state,
        "recording_live": facts.recording is not None and facts.recording.status == "recording",
        "ended_at_ms": facts.ended_at_ms,
        "end_reason": facts.end_reason,
        "exit_code": facts.exit_code,
        "exit_detail": facts.exit_detail,
        **_client_of(row, facts),
    }
    if facts.phase == "ended" and facts.ended_at_ms is None:
        new["ended_at_ms"] = now_ms
    if state != row.state:
        since = facts.viewers_changed_at_ms if row.state != "Connected" else facts.established_at_ms
        new["state_changed_at_ms"] = since or now_ms
    if app_state != row.app_state:
        new["app_state_changed_at_ms"] = facts.established_at_ms or now_ms
    return {name: value for name, value in new.items() if getattr(row, name) != value}


def _client_of(row: Any, facts: SessionFacts) -> dict[str, Any]:
    """The client columns: of the viewer at work; kept after it has left."""
    viewer = own_viewer(facts.viewers)
    if viewer is None:
        return {}
    return {
        "client_address": viewer.address,
        "client_name": viewer.client_name,
        "client_platform": viewer.platform,
        "client_version": viewer.version,
        "connected_via_ip": viewer.via_address or viewer.address,
    }


@dataclass
class Outcome:
    """The answer to a report, and the orders that it calls for at once."""

    answer: ReportTaken
    strays: list[SessionOrder] = field(default_factory=list)


def take(tx: Tx, report: HostReport, site_name: str) -> Outcome:
    """Write what the report changes. One that is older than what is known, or of a host that has not
    introduced itself, changes nothing."""
    known = machines.get(tx.connection, report.machine_id)
    if report.host is None and known is None:
        return Outcome(ReportTaken(want_full=True))
    if known is not None and known.boot_id == report.boot_id:
        if report.sequence <= known.sequence:
            return Outcome(ReportTaken())
    elif not report.full:
        return Outcome(ReportTaken(want_full=True))
    if report.host is not None:
        machines.register(tx, report.host, site_name)
    machines.heard(tx, report.machine_id, report.boot_id, report.sequence)

    forget_recordings = _take_recordings(tx, report)
    forget_sessions, strays = _take_sessions(tx, report)
    if report.full:
        _end_missing(tx, report)
    answer = ReportTaken(forget_sessions=forget_sessions, forget_recordings=forget_recordings)
    return Outcome(answer, strays)


def _take_recordings(tx: Tx, report: HostReport) -> list[str]:
    finished = []
    running = [s.recording for s in report.sessions if s.recording is not None]
    for facts in [*report.recordings, *running]:
        known = catalogue.report(tx, facts)
        if facts.status in catalogue.FINAL or not known:
            finished.append(facts.recording_id)
    return finished


def _take_sessions(tx: Tx, report: HostReport) -> tuple[list[str], list[SessionOrder]]:
    ids = [facts.session_id for facts in report.sessions]
    rows = {row.id: row for row in tx.connection.execute(select(_s).where(_s.c.id.in_(ids)))}
    forget, strays = [], []
    for facts in report.sessions:
        row = rows.get(facts.session_id)
        if row is None or row.ended_at_ms is not None:
            if facts.phase == "ended":
                forget.append(facts.session_id)
            elif row is not None:
                strays.append(end_of_stray(row, facts.generation))
            continue
        if facts.messages_shown:
            messages.take_shown(tx, row.id, facts.messages_shown)
        changes = session_changes(row, facts, tx.now_ms)
        if changes:
            tx.connection.execute(update(_s).where(_s.c.id == row.id).values(**changes))
            tx.emit("session", row.id, row.account_id)
        if facts.phase == "ended":
            forget.append(facts.session_id)
    return forget, strays


def _end_missing(tx: Tx, report: HostReport) -> None:
    """Sessions that the host once reported and now does not know are over."""
    present = {facts.session_id for facts in report.sessions}
    rows = tx.connection.execute(
        select(_s.c.id, _s.c.account_id).where(
            _s.c.machine_id == report.machine_id,
            _s.c.ended_at_ms.is_(None),
            _s.c.phase != "ordered",
        )
    )
    for row in [row for row in rows if row.id not in present]:
        tx.connection.execute(
            update(_s)
            .where(_s.c.id == row.id)
            .values(
                phase="ended",
                ended_at_ms=tx.now_ms,
                end_reason="the host no longer has the session",
                recording_live=False,
            )
        )
        tx.emit("session", row.id, row.account_id)
