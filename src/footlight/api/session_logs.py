"""What the programs of a session printed and how they ended, as its host tells it."""

from __future__ import annotations

import signal

from litestar.params import FromPath

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.session_views import V1, no_session
from footlight.bus import subjects
from footlight.sessions import queries
from footlight.wire.host import ProgramOutput, ReadOutputs, SessionOutputs, decode, encode
from footlight.wire.own import OutputView, ProgramView, SessionLogs
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
HOST_TIMEOUT_S = 8.0  # longer than a host waits for a keeper


@routes.add("GET", V1 + "/sessions/{id}/logs", statuses=(200, 401, 404, 503))
async def get_logs(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> SessionLogs:
    """What each program of a session printed and how it ended, also for 24 h after the session's end."""
    session_id = decode_parameter(id)
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id, ended=True))
    if row is None:
        raise no_session(session_id)
    wanted = encode(ReadOutputs(session_id=row.id))
    answer = await parts.bus.request(subjects.outputs(row.machine_id), wanted, HOST_TIMEOUT_S)
    found = decode(SessionOutputs, answer)
    return SessionLogs(programs=[program_view(one) for one in found.programs])


def program_view(program: ProgramOutput) -> ProgramView:
    """A program as the API shows it: a negative exit code is the signal that killed it."""
    code = program.exit_code
    killed = code is not None and code < 0
    return ProgramView(
        role=program.role,
        command=program.argv,
        pid=program.pid,
        started_at=rfc3339_of(program.started_at_ms),
        ended_at=rfc3339(program.ended_at_ms),
        exit_code=None if killed else code,
        signal=_signal_name(-code) if code is not None and killed else None,
        dropped=program.dropped,
        output=[
            OutputView(at=rfc3339_of(piece.at_ms), stream=piece.stream, text=piece.text)
            for piece in program.pieces
        ],
    )


def _signal_name(number: int) -> str:
    """SIGKILL; 40 of those that have no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
