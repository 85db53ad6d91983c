"""Sessions outlive their agent, and the next one takes them over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.keeper_link import read_state
from footlight.bus import subjects
from footlight.wire.host import (
    Account,
    Launch,
    Orders,
    RecordingOrder,
    ReportTaken,
    SessionOrder,
    encode,
)


async def _replace_agent(stage: Any) -> None:
    await stage.agent.stop(keep_sessions=True)
    stage.sessions.clear()
    stage.reports.clear()
    await stage.start_agent()


def _command(pid: int) -> str:
    """Its name; "" for one that has just ended, as what a starting session runs for a moment does."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def test_a_running_session_is_adopted_with_its_facts(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    before = stage.sessions[session]
    lasting = {pid for pid in stage.pids(session) if _command(pid) in ("Xvnc", "openbox")}
    await _replace_agent(stage)
    after = await stage.until(session, lambda f: f.generation == 1)
    assert after == before
    assert stage.reports[0].full
    assert len(lasting) == 2
    assert stage.pids(session) >= lasting
    assert stage.x(session, "xdpyinfo").returncode == 0
    facts = await stage.log_off(session)
    assert facts.end_reason == "logged off"
    await stage.eventually(lambda: not stage.pids(session))


async def test_a_keeper_is_in_no_group_of_its_agent(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    keeper = read_state(stage.folder(session))["keeper_pid"]
    assert os.getsid(keeper) == keeper
    assert os.getpgid(keeper) == keeper
    assert f"/{stage.site_id[:8]}/" in Path(f"/proc/{keeper}/cgroup").read_text()
    environment = Path(f"/proc/{keeper}/environ").read_bytes()
    assert {pair.split(b"=")[0] for pair in environment.split(b"\0") if pair} == {
        b"PYTHONPATH",
        b"PYTHONDONTWRITEBYTECODE",
        b"PATH",
    }


async def test_a_session_that_ended_meanwhile_is_reported_with_its_reason(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "sleep 2; exit 4"])
    await stage.agent.stop(keep_sessions=True)
    await stage.eventually(lambda: read_state(stage.folder(session))["phase"] == "ended")
    stage.sessions.clear()
    await stage.start_agent()
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("program ended", 4)


@pytest.mark.parametrize("agent_there", [True, False])
async def test_a_lost_keeper_ends_its_session_and_leaves_nothing(
    stage: Any, agent_there: bool
) -> None:
    session = await stage.launch(["xterm", "-e", "sh", "-c", "trap '' TERM HUP; sleep 60"])
    other = await stage.launch(["xterm"])
    keeper = read_state(stage.folder(session))["keeper_pid"]
    if not agent_there:
        await stage.agent.stop(keep_sessions=True)
        stage.sessions.pop(session)
    os.kill(keeper, signal.SIGKILL)
    if not agent_there:
        await stage.start_agent()
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "host lost the keeper"
    await stage.eventually(lambda: not stage.pids(session))
    await stage.eventually(lambda: not stage.is_left_behind(facts.display))
    assert stage.x(other, "xdpyinfo").returncode == 0
    again = await stage.launch(["xterm"])
    assert stage.x(again, "xdpyinfo").returncode == 0


async def test_a_recording_goes_on_after_the_agent_was_replaced(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    recording = await stage.record(session)
    await _replace_agent(stage)
    facts = await stage.until(session, lambda f: f.recording and f.recording.status == "recording")
    assert facts.recording.recording_id == recording
    await stage.change(session, recording=None)
    done = await stage.until_recording(recording, lambda f: f.status == "completed")
    assert done.segment_count >= 2


async def test_the_recording_of_a_session_that_ended_meanwhile_is_finished(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    recording = await stage.record(session)
    await stage.agent.stop(keep_sessions=True)
    os.kill(read_state(stage.folder(session))["pids"]["program"], signal.SIGKILL)
    await stage.eventually(lambda: read_state(stage.folder(session))["phase"] == "ended")
    await stage.start_agent()
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.exit_code == -9
    await stage.until_recording(recording, lambda f: f.status == "completed")


async def test_a_clean_stop_logs_every_session_off(stage: Any) -> None:
    sessions = [await stage.launch(["xterm"]), await stage.launch([], session_type="Desktop")]
    recording = await stage.record(sessions[0])
    await stage.agent.stop(keep_sessions=False)
    stage.agent = None
    for session in sessions:
        assert stage.sessions[session].phase == "ended"
        assert stage.sessions[session].end_reason == "site stopped"
        assert not stage.pids(session)
    assert stage.recordings[recording].status == "completed"


async def test_what_happens_while_no_server_is_there_is_told_when_one_comes(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    await stage.hearing.close()
    await stage.change(session, disconnects=1)
    await asyncio.sleep(0.3)
    stage.reports.clear()
    stage.hearing = await stage.bus.consume_hosts(subjects.REPORTS, stage.hear)
    await stage.until(session, lambda f: f.generation == 2)
    sequences = [report.sequence for report in stage.reports]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


async def test_a_clean_stop_leaves_no_folder_when_the_server_knows_all(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    stage.answer = ReportTaken(forget_sessions=[session])
    await stage.agent.stop(keep_sessions=False)
    stage.agent = None
    assert stage.sessions[session].phase == "ended"
    assert not stage.run_root.exists()


# An agent in a process of its own, with one order; it says when the session is recorded.
_AGENT = """
import asyncio, pathlib, sys
from footlight import log
from footlight.agent.embedded import AgentConfig, start_agent
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.clock import SystemClock
from footlight.objects.folder import FolderObjects
from footlight.wire.host import HostReport, ReportTaken, decode, encode

async def main(site, machine, folder):
    data, bus = pathlib.Path(folder), InProcessBus()
    async def hear(machine_id, payload):
        report = decode(HostReport, payload)
        for facts in report.sessions:
            if facts.recording is not None and facts.recording.status == "recording":
                print("recorded", flush=True)
        answer = ReportTaken(boot_id=report.boot_id, sequence=report.sequence)
        await bus.send(subjects.taken(machine), encode(answer))
    await bus.consume_hosts(subjects.REPORTS, hear)
    config = AgentConfig(site, "TEST", machine, "TEST\\\\HOST1", data, data / "agent.pem", data / "c", "0")
    await start_agent(config, bus, FolderObjects(data / "recordings"), SystemClock())
    await bus.request(subjects.orders(machine), sys.stdin.buffer.read(), 5)
    await asyncio.sleep(60)

log.configure()
asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_session_and_its_recording_survive_kill_9_of_the_agent(stage: Any) -> None:
    await stage.agent.stop(keep_sessions=True)
    session, recording = str(uuid.uuid4()), str(uuid.uuid4())
    launch = Launch(
        resource_id="r",
        resource_name="Test",
        session_type="Application",
        account=Account(kind="managed", account_id=str(uuid.uuid4()), name="ada"),
        user_name="TEST\\ada",
        machine_name="TEST\\HOST1",
        command=["xterm"],
    )
    order = SessionOrder(
        session_id=session,
        generation=4,
        want="run",
        launch=launch,
        recording=RecordingOrder(
            recording_id=recording, notify=True, reason="on-demand", ordered_by="TEST\\root"
        ),
    )
    agent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _AGENT, stage.site_id, stage.machine_id, str(stage.data_dir)),
        stdin=-1,
        stdout=-1,
        start_new_session=True,
    )
    agent.stdin.write(encode(Orders(orders=[order])))
    agent.stdin.close()
    assert await asyncio.wait_for(agent.stdout.readline(), 60) == b"recorded\n"
    os.killpg(agent.pid, signal.SIGKILL)
    await agent.wait()
    stage.orders[session] = order

    await stage.start_agent()
    await stage.until(session, lambda f: f.recording and f.recording.status == "recording")
    facts = await stage.until(session, lambda f: f.generation == 4)
    assert (facts.phase, facts.recording.recording_id) == ("running", recording)
    await stage.until(session, lambda f: f.recording.notified)
    stream = await stage.view(session)
    assert await asyncio.wait_for(stream.read(12), 60) == b"RFB 003.008\n"
    await stream.close()
    await stage.log_off(session)
    await stage.until_recording(recording, lambda f: f.status == "completed")
    await stage.eventually(lambda: not stage.pids(session))
