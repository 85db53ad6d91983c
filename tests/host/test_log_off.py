"""Nothing of a session outlives its log-off, whatever its programs do about it."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
from pathlib import Path
from typing import Any

import psutil

from footlight.agent import processes

# Each way out that a program of an ordinary user has; what it has started is noted by name.
_NASTY = r"""
import os, signal, socket, subprocess, sys, time
home, notes = os.environ["HOME"], os.environ["XDG_RUNTIME_DIR"] + "/notes"
os.makedirs(notes)

def deaf():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)

def note(name):
    with open(f"{notes}/.{name}", "w") as file:
        file.write(str(os.getpid()))
    os.rename(f"{notes}/.{name}", f"{notes}/{name}")

def apart(name, work):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            deaf()
            note(name)
            work()
        os._exit(0)

def sleep():
    time.sleep(600)

def listen():
    there = socket.socket(socket.AF_UNIX)
    there.bind("\0footlight-test-" + os.environ["MARK"])
    there.listen()
    sleep()

def bare():
    os.execve("/bin/sleep", ["sleep", "600"], {})

def hop():
    while True:
        if os.fork():
            os._exit(0)

def other_user():
    os.execv(home + "/as-other", ["as-other", "600"])

def group():
    os.setpgid(0, 0)
    sleep()

for work in (sleep, listen, bare, hop, other_user):
    apart(work.__name__, work)
if os.fork() == 0:
    deaf()
    note("group")
    group()
services = home + "/.local/share/dbus-1/services"
os.makedirs(services)
with open(services + "/test.Nasty.service", "w") as file:
    file.write(f"[D-BUS Service]\nName=test.Nasty\nExec=/bin/sh {home}/service\n")
with open(home + "/service", "w") as file:
    file.write(f"trap '' TERM HUP\necho $$ > {notes}/.s; mv {notes}/.s {notes}/service\nsleep 600\n")
deaf()
subprocess.Popen(["dbus-send", "--session", "--dest=test.Nasty", "/", "test.Nasty.Start"])
sleep()
"""
NOTED = {"sleep", "listen", "bare", "hop", "other_user", "group", "service"}


def _of(uid: int) -> dict[int, str]:
    """Live processes of that user."""
    found = {}
    for process in psutil.process_iter(["uids", "name", "status"]):
        uids = process.info["uids"]
        if uids is not None and uids.real == uid and process.info["status"] != "zombie":
            found[process.pid] = process.info["name"]
    return found


def _shared_memory(uid: int) -> list[str]:
    """Ids of the segments that this user made or owns."""
    rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    return [row[1] for row in rows if str(uid) in (row[7], row[9])]


async def test_a_nasty_program_leaves_nothing(stage: Any) -> None:
    first = await stage.launch(["true"], user="nasty", wait=False)
    await stage.until(first, lambda f: f.phase == "ended")
    entry = pwd.getpwnam(stage.sessions[first].linux_user)
    as_other = Path(entry.pw_dir) / "as-other"
    shutil.copy("/bin/sleep", as_other)
    os.chown(as_other, 65_534, 65_534)
    as_other.chmod(0o4755)
    calm = await stage.launch(["xterm"], user="calm")

    session = await stage.launch(
        ["/usr/bin/python3", "-c", _NASTY], user="nasty", environment={"MARK": stage.site_id}
    )
    notes = stage.folder(session) / "run" / "notes"
    await stage.eventually(lambda: notes.is_dir() and {p.name for p in notes.iterdir()} >= NOTED)
    pids = {path.name: int(path.read_text()) for path in notes.iterdir()}
    # Each got out in its own way.
    assert os.getsid(pids["sleep"]) != os.getsid(pids["group"])
    assert f"footlight-test-{stage.site_id}" in Path("/proc/net/unix").read_text()
    assert Path(f"/proc/{pids['bare']}/environ").read_bytes() == b""
    status = Path(f"/proc/{pids['other_user']}/status")
    await stage.eventually(lambda: "65534" in status.read_text())  # not before its exec
    group = f"{processes.cgroup_root()}/footlight/{stage.site_id[:8]}/{session[:8]}"

    facts = await stage.log_off(session)

    assert facts.end_reason == "logged off"
    await asyncio.wait_for(stage.agent.host.session(session).gone(), 60)
    assert _of(entry.pw_uid) == {}
    assert not [name for name, pid in pids.items() if Path(f"/proc/{pid}").exists()]
    assert not Path(group).exists()
    assert not stage.is_left_behind(facts.display)
    left = {path.name for path in stage.folder(session).iterdir()}
    assert left == {"order.json", "state.json", "log", "outputs.json"}
    after = Path("/proc/net/unix").read_text()
    assert stage.site_id not in after
    assert str(stage.folder(session)) not in after
    assert _shared_memory(entry.pw_uid) == []
    assert stage.sessions[calm].phase == "running"
    assert stage.x(calm, "xdpyinfo").returncode == 0


async def test_a_lost_keepers_nasty_program_leaves_nothing_either(stage: Any) -> None:
    session = await stage.launch(["/usr/bin/python3", "-c", _HOPPER], user="nasty")
    uid = stage.sessions[session].linux_uid
    await stage.eventually((stage.folder(session) / "run" / "hops").exists)
    keeper = next(
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(stage.folder(session)) in (process.info["cmdline"] or ())
        and "footlight.agent.keeper" in process.info["cmdline"]
    )
    os.kill(keeper, 9)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "host lost the keeper"
    await asyncio.wait_for(stage.agent.host.session(session).gone(), 60)
    assert _of(uid) == {}


# Never long enough in one process to be killed by its number, and without the session's environment.
_HOPPER = r"""
import os
open(os.environ["XDG_RUNTIME_DIR"] + "/hops", "w")
if os.fork() == 0:
    os.setsid()
    os.execve("/usr/bin/python3", ["python3", "-c", '''
import os
while True:
    if os.fork():
        os._exit(0)
'''], {})
import time
time.sleep(600)
"""


async def test_twenty_come_and_go_at_once(stage: Any) -> None:
    users = [f"crowd{number % 5}" for number in range(20)]
    sessions = await asyncio.gather(*(stage.launch(["xterm"], user=user) for user in users))
    facts = [stage.sessions[session] for session in sessions]
    assert len({f.display for f in facts}) == 20
    assert len({f.linux_uid for f in facts}) == 5
    for session in sessions:
        assert stage.x(session, "xdpyinfo").returncode == 0

    await asyncio.gather(*(stage.log_off(session) for session in sessions))

    for session in sessions:
        assert stage.sessions[session].end_reason == "logged off"
        await asyncio.wait_for(stage.agent.host.session(session).gone(), 60)
        assert {path.name for path in stage.folder(session).iterdir()} == {
            *("order.json", "state.json", "log", "outputs.json"),
        }
    for f in facts:
        assert _of(f.linux_uid) == {}
        assert not stage.is_left_behind(f.display)
    group = Path(f"{processes.cgroup_root()}/footlight/{stage.site_id[:8]}")
    assert not [path for path in group.iterdir() if path.is_dir()]


async def test_a_group_is_killed_whole_at_one_blow(stage: Any) -> None:
    group = Path(f"{processes.cgroup_root()}/footlight/{stage.site_id[:8]}/hoppers")
    assert processes.make_cgroup(str(group))
    hop = "import os\nfor _ in iter(int, 1):\n    if os.fork(): os._exit(0)"
    for _ in range(3):
        starting = await asyncio.create_subprocess_exec(
            "sh", "-c", f"echo 0 > {group}/cgroup.procs; exec python3 -c '{hop}'"
        )
        await asyncio.wait_for(starting.wait(), 60)
    assert processes.cgroup_members(str(group))
    processes.kill_cgroup(str(group))
    await stage.eventually(lambda: not processes.cgroup_members(str(group)))
    processes.remove_cgroup(str(group))
    assert not group.exists()
