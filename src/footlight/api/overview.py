"""The figures of the console's first page."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.sessions import figures
from footlight.site import machine_figures
from footlight.store import schema, sight
from footlight.wire.overview import (
    BusyMachine,
    EndFigures,
    MachineFigures,
    Overview,
    SessionFigures,
)
from footlight.wire.rest.dates import rfc3339_of

routes = Routes(cvad=False)

STEP_MS = 10 * 60_000
STEPS = 144  # a day: so long ended sessions are kept
BUSIEST = 8

_r = schema.recordings


@routes.add("GET", "/footlight/v1/overview", statuses=(200, 401))
async def overview(caller: GivenCaller, parts: GivenParts) -> Overview:
    """Sessions, machines and failures, now and over the last 24 hours."""
    now_ms = parts.clock.now_ms()
    return await parts.store.read(lambda c: _overview(c, caller, now_ms))


def _overview(connection: Connection, caller: Caller, now_ms: int) -> Overview:
    states = figures.by_state(connection, caller)
    since_ms = now_ms - STEP_MS * STEPS
    told = sight.sessions(caller, Permission.RECORD)
    past = figures.history(connection, caller, now_ms, STEP_MS, STEPS, sum(states.values()))
    machines = machine_figures.standing(connection, caller)
    return Overview(
        sessions=SessionFigures(
            active=states.get("Active", 0),
            logging_on=states.get("Connected", 0),
            disconnected=states.get("Disconnected", 0),
            recorded=figures.recorded(connection, caller, told),
        ),
        machines=MachineFigures(
            total=machines.total,
            silent=machines.silent,
            maintenance=machines.maintenance,
            full=machines.full,
        ),
        busiest=[
            BusyMachine(
                id=row.id, name=row.name, sessions=row.live_sessions, load_index=row.load_index
            )
            for row in machine_figures.fullest(connection, caller, BUSIEST)
        ],
        history_from=rfc3339_of(since_ms),
        history_step_seconds=STEP_MS // 1000,
        session_counts=past.counts,
        started=past.began,
        failures=[
            EndFigures(reason=reason, count=count)
            for reason, count in figures.failures(connection, caller, since_ms)
        ],
        failed_recordings=_failed_recordings(connection, caller, since_ms),
    )


def _failed_recordings(connection: Connection, caller: Caller, since_ms: int) -> int:
    failed = (_r.c.status == "failed", _r.c.ordered_at_ms >= since_ms, sight.recordings(caller))
    return connection.execute(select(func.count()).select_from(_r).where(*failed)).scalar_one()
