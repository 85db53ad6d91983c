"""A real host and a simulated one are told the same and say the same."""

from __future__ import annotations

import uuid
from typing import Any

from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import MessageOrder, SessionFacts

# Of the program that ran: there is none in a simulated session.
OF_PROGRAMS = {"exit_code", "exit_detail"}


def shape(facts: SessionFacts) -> dict[str, Any]:
    """What is said, without ids, names and times."""
    said = {name for name in facts.__struct_fields__ if getattr(facts, name) not in (None, [], 0)}
    viewer = facts.viewers[0] if facts.viewers else None
    return {
        "said": said - OF_PROGRAMS,
        "generation": facts.generation,
        "phase": facts.phase,
        "disconnects": facts.disconnects,
        "viewer": viewer and (viewer.own, viewer.mode, viewer.platform),
        "messages": len(facts.messages_shown),
        "recording": facts.recording and facts.recording.status,
        "end_reason": facts.end_reason,
    }


async def dialogue(stage: Any) -> list[dict[str, Any]]:
    """What the host says of a session after each thing that it is told."""
    heard = []
    session = await stage.launch(["xterm"])
    heard.append(stage.sessions[session])
    stream = await stage.view(session)
    assert (await stream.read(12)).startswith(b"RFB 003.00")
    heard.append(await stage.until(session, lambda f: f.viewers))
    order = await stage.change(session, disconnects=1)
    heard.append(
        await stage.until(session, lambda f: f.generation == order.generation and not f.viewers)
    )
    note = MessageOrder(
        message_id=str(uuid.uuid4()),
        style="Information",
        title="Maintenance",
        text="Please save your work.",
        ordered_by="TEST\\root",
    )
    order = await stage.change(session, messages=[note])
    heard.append(
        await stage.until(session, lambda f: f.generation == order.generation and f.messages_shown)
    )
    await stage.change(session, messages=[])
    recording = await stage.record(session)
    heard.append(await stage.until(session, lambda f: f.generation == 5))
    await stage.change(session, recording=None)
    heard.append(await stage.until(session, lambda f: f.generation == 6))
    kept = await stage.until_recording(recording, lambda f: f.status == "completed")
    assert (kept.sealed_count, kept.error) == (1, None)
    heard.append(await stage.log_off(session))
    return [shape(facts) for facts in heard]


async def test_both_are_told_the_same_and_say_the_same(stage: Any, simulated_stage: Any) -> None:
    assert await dialogue(simulated_stage) == await dialogue(stage)


async def test_an_older_order_changes_nothing_on_a_simulated_host(simulated_stage: Any) -> None:
    session = await simulated_stage.launch([])
    await simulated_stage.change(session, disconnects=1)
    await simulated_stage.until(session, lambda f: f.generation == 2)
    await simulated_stage.order(
        simulated_stage.orders[session].__class__(
            session_id=session,
            generation=1,
            want="end",
            launch=simulated_stage.orders[session].launch,
        )
    )
    assert (await simulated_stage.until(session, lambda f: f.generation == 2)).phase == "running"


async def test_a_session_that_the_host_has_lost_is_over(simulated_stage: Any) -> None:
    session = await simulated_stage.launch([])
    known = simulated_stage.orders[session]
    lost = str(uuid.uuid4())
    order = known.__class__(
        session_id=lost, generation=4, want="run", launch=known.launch, known=True
    )
    await simulated_stage.order(order)
    ended = await simulated_stage.until(lost, lambda f: f.phase == "ended")
    assert ended.end_reason == "the host no longer has it"


async def test_a_simulated_recording_is_one(simulated_stage: Any) -> None:
    """The screen that was drawn is in it, sealed, and goes on to the session's end."""
    stage = simulated_stage
    session = await stage.launch([])
    recording = await stage.record(session)
    await stage.log_off(session)
    kept = await stage.until_recording(recording, lambda f: f.status == "completed")
    assert kept.session_id == session
    await stage.eventually(
        lambda: (stage.data_dir / "recordings" / recording / "manifest.json").exists()
    )
    source = FolderSource(stage.data_dir / "recordings" / recording)
    verdict = verify_recording(source)
    assert verdict.segments
    assert not verdict.findings, verdict
