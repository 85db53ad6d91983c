"""What a session may take, on the kernel's own cgroups: one that takes all leaves the others usable."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

MEMORY_BYTES = 256 * 1024**2
PROCESSES = 150

_BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        import time; time.sleep(0.2)"
_HOG = "held = []\nwhile True: held.append(bytearray(8 << 20))"


@pytest.fixture
async def bounded(stage: Any) -> Any:
    """The stage, its sessions bounded."""
    await stage.agent.stop(keep_sessions=False)
    stage.resources = {"memory_bytes": MEMORY_BYTES, "processes": PROCESSES, "cpu_weight": 100}
    await stage.start_agent()
    return stage


def _groups(stage: Any, name: str) -> list[Path]:
    """Groups of the stage's session of that name, in every hierarchy."""
    own = f"/footlight/{stage.site_id[:8]}/{name}"
    # Those of others come and go meanwhile.
    folders = (folder for folder, _, _ in os.walk("/sys/fs/cgroup") if folder.endswith(own))
    return [Path(folder) for folder in folders]


def _usable(stage: Any, session_id: str) -> float:
    """Seconds until another session's X server has answered a client."""
    begun = time.monotonic()
    assert stage.x(session_id, "xdpyinfo").returncode == 0
    return time.monotonic() - begun


async def test_a_fork_bomb_stays_within_its_session(bounded: Any) -> None:
    calm = await bounded.launch(["xterm"], user="calm")
    wild = await bounded.launch(["python3", "-c", _BOMB], user="wild")
    await bounded.eventually(lambda: len(bounded.pids(wild)) >= PROCESSES - 10)
    assert len(bounded.pids(wild)) <= PROCESSES + 5  # and its X server
    assert _usable(bounded, calm) < 15
    fresh = await bounded.launch(["xterm"], user="fresh")
    assert _usable(bounded, fresh) < 15
    await bounded.log_off(wild)
    await bounded.agent.host.session(wild).gone()
    assert bounded.pids(wild) == set()


async def test_a_memory_hog_ends_alone(bounded: Any) -> None:
    calm = await bounded.launch(["xterm"], user="calm")
    hog = await bounded.launch(["python3", "-c", _HOG], user="hog", wait=False)
    facts = await bounded.until(hog, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("program ended", -9)
    assert _usable(bounded, calm) < 15
    assert bounded.sessions[calm].phase == "running"


async def test_the_groups_go_with_their_sessions(bounded: Any) -> None:
    session = await bounded.launch(["xterm"])
    name = bounded.folder(session).name
    pid = next(pid for pid in bounded.pids(session) if _is(pid, "xterm"))
    lines = Path(f"/proc/{pid}/cgroup").read_text()
    assert f"/footlight/{bounded.site_id[:8]}/{name}/session" in lines
    assert os.stat(f"/proc/{pid}").st_uid == bounded.sessions[session].linux_uid
    assert _groups(bounded, name)
    await bounded.log_off(session)
    await bounded.agent.host.session(session).gone()
    assert _groups(bounded, name) == []


def _is(pid: int, name: str) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == name
    except OSError:
        return False
