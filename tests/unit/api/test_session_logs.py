from __future__ import annotations

import signal
from typing import Any

from tests.unit.conftest import MACHINE_ID

from footlight.bus import subjects
from footlight.ids import new_guid
from footlight.wire.host import (
    OutputPiece,
    ProgramOutput,
    ReadOutputs,
    SessionOutputs,
    decode,
    encode,
)

V1 = "/footlight/v1"


def program(exit_code: int | None) -> ProgramOutput:
    return ProgramOutput(
        role="program",
        argv=["xterm", "-e", "sh"],
        pid=7,
        started_at_ms=1_760_000_000_000,
        ended_at_ms=None if exit_code is None else 1_760_000_001_000,
        exit_code=exit_code,
        dropped=5,
        pieces=[OutputPiece(at_ms=1_760_000_000_500, stream="stderr", text="no\n")],
    )


async def serve(door: Any, *programs: ProgramOutput) -> list[str]:
    """Stand for the host of all sessions; what it is asked for."""
    asked: list[str] = []

    async def answer(payload: bytes) -> bytes:
        asked.append(decode(ReadOutputs, payload).session_id)
        return encode(SessionOutputs(programs=list(programs)))

    await door.parts.bus.serve(subjects.outputs(MACHINE_ID), answer)
    return asked


async def launched(door: Any) -> str:
    body = {"resource": "Desktop", "new": True}
    answer = await door.client.post(f"{V1}/launches", headers=door.headers, json=body)
    return str(answer.json()["sessionId"])


async def test_what_programs_printed_and_how_they_ended(door: Any) -> None:
    one = await launched(door)
    asked = await serve(
        door, program(None), program(3), program(-signal.SIGSEGV), program(-signal.SIGRTMIN - 3)
    )
    programs = (await door.get(f"{V1}/sessions/{one}/logs")).json()["programs"]
    assert asked == [one]
    assert [(p["exitCode"], p["signal"]) for p in programs] == [
        (None, None),
        (3, None),
        (None, "SIGSEGV"),
        (None, str(signal.SIGRTMIN + 3)),
    ]
    assert programs[1] == {
        "role": "program", "command": ["xterm", "-e", "sh"], "pid": 7,
        "startedAt": "2025-10-09T08:53:20Z", "endedAt": "2025-10-09T08:53:21Z",
        "exitCode": 3, "signal": None, "dropped": 5,
        "output": [{"at": "2025-10-09T08:53:20Z", "stream": "stderr", "text": "no\n"}],
    }  # fmt: skip


async def test_also_of_a_session_that_has_ended(door: Any) -> None:
    one = await launched(door)
    await serve(door, program(0))
    await door.rooms.host.change(one, phase="ended", end_reason="program ended")
    answer = await door.get(f"{V1}/sessions/{one}/logs")
    assert (answer.status_code, len(answer.json()["programs"])) == (200, 1)


async def test_what_is_not_seen_is_not_there(door: Any) -> None:
    one = await launched(door)
    asked = await serve(door, program(0))
    other = await door.sign_in_as("bob")
    for path, headers in ((one, other), (new_guid(), door.headers)):
        answer = await door.client.get(f"{V1}/sessions/{path}/logs", headers=headers)
        assert answer.status_code == 404
    assert asked == []


async def test_a_silent_host_is_told(door: Any) -> None:
    one = await launched(door)
    assert (await door.get(f"{V1}/sessions/{one}/logs")).status_code == 503
