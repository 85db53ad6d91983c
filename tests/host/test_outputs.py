"""What programs of real sessions print and how they end, told while they run and afterwards."""

from __future__ import annotations

from typing import Any

from footlight.bus import subjects
from footlight.wire.host import (
    ProgramOutput,
    ReadOutputs,
    ReportTaken,
    SessionOutputs,
    decode,
    encode,
)


async def _outputs(stage: Any, session_id: str) -> SessionOutputs:
    wanted = encode(ReadOutputs(session_id=session_id))
    return decode(
        SessionOutputs, await stage.bus.request(subjects.outputs(stage.machine_id), wanted, 8)
    )


async def _of(stage: Any, session_id: str, role: str) -> ProgramOutput:
    found = await _outputs(stage, session_id)
    return next(one for one in found.programs if one.role == role)


def _said(program: ProgramOutput, stream: str) -> str:
    return "".join(piece.text for piece in program.pieces if piece.stream == stream)


async def test_a_running_program_is_heard(stage: Any) -> None:
    script = "echo to out; echo to err >&2; exec sleep 60"
    session = await stage.launch(["sh", "-c", script])
    await stage.eventually(lambda: "to err" in (stage.folder(session) / "log").read_text())
    program = await _of(stage, session, "program")
    assert (_said(program, "stdout"), _said(program, "stderr")) == ("to out\n", "to err\n")
    assert (program.exit_code, program.ended_at_ms) == (None, None)
    assert program.argv == ["sh", "-c", script]
    roles = {one.role for one in (await _outputs(stage, session)).programs}
    assert {"x", "bus", "wm", "program"} <= roles


async def test_the_last_words_and_the_signal_outlive_the_session(stage: Any) -> None:
    stage.answer = ReportTaken()
    session = await stage.launch(["sh", "-c", "echo last words; kill -SEGV $$"], wait=False)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.exit_code == -11
    for kept in (False, True):
        if kept:  # the server has heard, and the host forgets the session itself
            stage.answer = ReportTaken(forget_sessions=[session])
            await stage.eventually(lambda: not stage.folder(session).exists())
        program = await _of(stage, session, "program")
        assert (_said(program, "stdout"), program.exit_code) == ("last words\n", -11)


async def test_a_program_that_is_not_there_says_so(stage: Any) -> None:
    session = await stage.launch(["no-such-program-here"], wait=False)
    await stage.until(session, lambda f: f.phase == "ended")
    program = await _of(stage, session, "program")
    assert (program.pid, program.exit_code) == (None, 127)
    assert "No such file" in _said(program, "stderr")


async def test_a_flood_is_bounded_and_nobody_else_is_told(stage: Any) -> None:
    script = "yes some words | head -c 3000000; echo the end; exec sleep 60"
    session = await stage.launch(["sh", "-c", script])
    await stage.eventually(
        lambda: (stage.folder(session) / "log").read_text().endswith("the end\n")
    )
    program = await _of(stage, session, "program")
    text = _said(program, "stdout")
    assert text.endswith("the end\n")
    assert len(text) <= 32 * 1024
    assert len(text) + program.dropped == 3_000_000 + len("the end\n")
    # Others on the host read neither the file nor the log.
    for name in ("outputs.json", "log"):
        assert (stage.folder(session) / name).stat().st_mode & 0o077 == 0
    assert not (await _outputs(stage, "../../etc")).found
