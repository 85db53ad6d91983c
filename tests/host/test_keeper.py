"""A keeper on its own: what it obeys, how it ends a session, and what it costs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.keeper_link import KeeperLink, read_state
from footlight.errors import Unavailable


async def _link(stage: Any, session: str) -> tuple[KeeperLink, list[dict[str, Any]], asyncio.Event]:
    """A second connection to the session's keeper: all states it tells, and its end."""
    states: list[dict[str, Any]] = []
    gone = asyncio.Event()
    link = await KeeperLink.connect(stage.folder(session), states.append, gone.set)
    return link, states, gone


async def test_a_keeper_tells_its_state_to_all_and_on_disk(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    link, states, gone = await _link(stage, session)
    now = await link.status()
    assert now == read_state(stage.folder(session))
    assert now["phase"] == "running"
    assert now["own_network"] is True
    assert set(now["pids"]) >= {"x", "bus", "wm", "program"}
    assert now["started_at_ms"] <= now["established_at_ms"] <= time.time() * 1000
    await stage.log_off(session)
    await asyncio.wait_for(gone.wait(), 60)
    phases = [state["phase"] for state in states]
    assert phases[0] == "running"
    assert phases[-1] == "ended"
    assert states[-1]["end_reason"] == "logged off"


async def test_a_further_program_runs_as_the_sessions_user(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    link, _, _ = await _link(stage, session)
    pid = await link.run(["sleep", "50"])
    assert Path(f"/proc/{pid}").stat().st_uid == stage.sessions[session].linux_uid
    assert pid in stage.pids(session)
    with pytest.raises(Unavailable, match="No such file"):
        await link.run(["no-such-program-here"])
    await link.close()


async def test_bad_orders_are_answered_and_change_nothing(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    reader, writer = await asyncio.open_unix_connection(str(stage.folder(session) / "keeper.sock"))
    await reader.readline()
    for line in (b"{", b"[]", b'{"id": 1}', b'{"id": 2, "do": "end"}', b'{"id": 3, "do": "fly"}'):
        writer.write(line + b"\n")
        answer = json.loads(await asyncio.wait_for(reader.readline(), 60))
        assert answer["ok"] is False, line
    writer.write(b"x" * 400_000)
    with contextlib.suppress(ConnectionResetError):
        assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()
    link, _, _ = await _link(stage, session)
    assert (await link.status())["phase"] == "running"
    await link.close()


async def test_windows_are_closed_before_programs_are_told_to_end(stage: Any) -> None:
    session = await stage.launch(["mousepad"])
    await stage.eventually(
        lambda: "Mousepad" in stage.x(session, "xwininfo", "-root", "-tree").stdout
    )
    facts = await stage.log_off(session)
    # By itself and in order: a TERM would have been -15.
    assert facts.exit_code == 0


async def test_a_program_that_hears_nothing_is_killed_in_time(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "trap '' TERM HUP INT; while :; do sleep 1; done"])
    started = asyncio.get_running_loop().time()
    facts = await stage.log_off(session)
    assert asyncio.get_running_loop().time() - started < 15
    assert facts.exit_code == -9
    await stage.eventually(lambda: not stage.pids(session))


async def test_kill_ends_a_session_at_once(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "trap '' TERM; sleep 60"])
    link, _, gone = await _link(stage, session)
    await link.kill("enough")
    await asyncio.wait_for(gone.wait(), 60)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("enough", -9)


async def test_the_x_server_outlives_the_programs_while_it_is_asked_to(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "sleep 1"])
    link, states, gone = await _link(stage, session)
    await link.linger(5)
    await stage.agent.stop(keep_sessions=True)  # it would let the X server go at once
    await stage.eventually(lambda: states[-1]["programs_gone"])
    assert stage.x(session, "xdpyinfo").returncode == 0
    await link.linger(0)
    await asyncio.wait_for(gone.wait(), 60)
    assert stage.x(session, "xdpyinfo").returncode != 0
    await stage.start_agent()


async def test_what_programs_print_is_bounded(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "yes filling the disk | head -c 5000000; sleep 60"])
    await stage.eventually(lambda: (stage.folder(session) / "log").stat().st_size > 100_000)
    await asyncio.sleep(1)
    assert (stage.folder(session) / "log").stat().st_size <= 512 * 1024


async def test_a_keeper_is_small(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    keeper = read_state(stage.folder(session))["keeper_pid"]
    status = Path(f"/proc/{keeper}/status").read_text()
    kib = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    assert kib < 16 * 1024
    assert len(os.listdir(f"/proc/{keeper}/task")) == 1
