"""What a program can't do from inside a session: to others' sessions, and to the X server of its own."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

from footlight.agent import xvnc

# Runs inside a session. Its argument is a list of [action, target]; it answers with a list of "done" or the error's
# name, and stays.
_PROBE = """
import ctypes, json, os, signal, socket, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
held = []

def failed(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")

def display(target, cookie=None):
    environment = {"PATH": "/usr/bin:/bin", "DISPLAY": target, "HOME": "/nonexistent"}
    environment["XAUTHORITY"] = cookie or os.environ["XAUTHORITY"]
    subprocess.run(["xdpyinfo"], env=environment, check=True, capture_output=True, timeout=10)

def connect(target):
    held.append(socket.socket(socket.AF_UNIX))
    held[-1].settimeout(5)
    held[-1].connect(target)

def trace(target):
    failed(libc.ptrace(16, target, None, None))  # PTRACE_ATTACH
    os.waitpid(target, 0x40000000)
    libc.ptrace(17, target, None, None)

def vncconfig(*words):
    subprocess.run(["vncconfig", *words], check=True, capture_output=True, timeout=10)

ACTIONS = {
    "read": lambda path: open(path, "rb").read(1),
    "list": os.listdir,
    "link": os.readlink,
    "write": lambda path: open(path, "ab").close(),
    "remove": os.unlink,
    "connect": connect,
    "display": display,
    "cookie": lambda pair: display(*pair),
    "signal": lambda pid: os.kill(pid, 0),
    "stop": lambda pid: os.kill(pid, signal.SIGSTOP),
    "kill": lambda pid: os.kill(pid, signal.SIGKILL),
    "trace": trace,
    "priority": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
    "memory": lambda key: failed(libc.shmget(key, 4096, 0)),
    "new memory": lambda key: failed(libc.shmget(key, 4096, 0o1666)),
    "vncconfig": lambda words: vncconfig(*words),
}

answers = []
for action, target in json.loads(sys.argv[1]):
    try:
        ACTIONS[action](target)
        answers.append("done")
    except Exception as error:
        answers.append(type(error).__name__)
path = os.environ["XDG_RUNTIME_DIR"] + "/answers"
with open(path + ".new", "w") as file:
    json.dump(answers, file)
os.rename(path + ".new", path)
time.sleep(60)
"""

_KEY = 0x464C


async def _try(stage: Any, user: str, attempts: list[tuple[str, Any]]) -> list[tuple[Any, str]]:
    """Each attempt with its outcome, as a program of that user's own session meets it."""
    session = await stage.launch(["python3", "-c", _PROBE, json.dumps(attempts)], user=user)
    answers = stage.folder(session) / "run" / "answers"
    await stage.eventually(answers.exists)
    return list(zip(attempts, json.loads(answers.read_text()), strict=True))


async def _try_in(
    stage: Any, session: str, attempts: list[tuple[str, Any]]
) -> list[tuple[Any, str]]:
    """The same in a session that runs already."""
    answers = stage.folder(session) / "run" / "answers"
    answers.unlink(missing_ok=True)
    await stage.agent.host.session(session)._keeper.link.run(
        ["python3", "-c", _PROBE, json.dumps(attempts)]
    )
    await stage.eventually(answers.exists)
    return list(zip(attempts, json.loads(answers.read_text()), strict=True))


def _state(stage: Any, session: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((stage.folder(session) / "state.json").read_text())
    return state


def _status(pid: int) -> str:
    """R, S, T (stopped), t (traced), ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def test_another_users_session_is_out_of_reach(stage: Any) -> None:
    mine = await stage.launch(["xterm"], user="ada")
    made = await _try_in(stage, mine, [("new memory", _KEY), ("memory", _KEY)])
    assert [answer for _, answer in made] == ["done", "done"]
    folder, facts = stage.folder(mine), stage.sessions[mine]
    home = Path(f"~{facts.linux_user}").expanduser()
    paths = ("auth/Xauthority", "x/Xauthority", "cookie", "state.json", "order.json", "log")
    attempts: list[tuple[str, Any]] = [
        *(("read", str(folder / path)) for path in paths),
        *(("list", str(path)) for path in (folder, folder / "run", folder / "x", home)),
        *(("connect", str(folder / path)) for path in ("x/rfb", "keeper.sock", "run/bus")),
        ("write", str(home / "planted")),
        ("remove", xvnc.socket_path(int(facts.display[1:]))),
        ("remove", xvnc.lock_path(int(facts.display[1:]))),
        ("display", facts.display),
        ("cookie", (facts.display, str(folder / "auth" / "Xauthority"))),
        ("cookie", (facts.display, "/dev/null")),
        ("memory", _KEY),
    ]
    for pid in stage.pids(mine) | {_state(stage, mine)["keeper_pid"]}:
        attempts += [("read", f"/proc/{pid}/{name}") for name in ("environ", "mem", "maps")]
        attempts += [("list", f"/proc/{pid}/fd"), ("list", f"/proc/{pid}/root")]
        attempts += [("link", f"/proc/{pid}/{name}") for name in ("cwd", "exe")]
        attempts += [(name, pid) for name in ("signal", "stop", "kill", "trace", "priority")]
    tried = await _try(stage, "bob", attempts)
    assert not [attempt for attempt, answer in tried if answer == "done"]
    assert all(_status(pid) in "RSD" for pid in stage.pids(mine))
    assert stage.x(mine, "xdpyinfo").returncode == 0


async def test_what_is_refused_to_others_works_on_ones_own(stage: Any) -> None:
    """Else the probe would prove nothing."""
    session = await stage.launch(["sleep", "60"])
    pid = _state(stage, session)["pids"]["program"]
    folder, display = stage.folder(session), stage.sessions[session].display
    tried = await _try_in(
        stage,
        session,
        [
            ("read", str(folder / "auth" / "Xauthority")),
            ("list", str(folder / "run")),
            ("connect", str(folder / "run" / "bus")),
            ("display", display),
            ("cookie", (display, str(folder / "auth" / "Xauthority"))),
            *(("read", f"/proc/{pid}/{name}") for name in ("environ", "maps")),
            *((name, pid) for name in ("signal", "trace", "stop", "kill")),
        ],
    )
    assert not [attempt for attempt, answer in tried if answer != "done"]


async def test_the_x_server_is_out_of_its_own_users_reach(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    state, folder = _state(stage, session), stage.folder(session)
    server = state["pids"]["x"]
    assert state["own_account"]
    owner = Path(f"/proc/{server}").stat().st_uid
    assert owner == xvnc.account(int(state["display"][1:])) != state["linux_uid"]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        target = f"127.0.0.1:{listener.getsockname()[1]}"
        tried = await _try_in(
            stage,
            session,
            [
                *((name, server) for name in ("signal", "stop", "kill", "trace", "priority")),
                *(("read", f"/proc/{server}/{name}") for name in ("environ", "mem", "maps")),
                ("list", f"/proc/{server}/fd"),
                ("connect", str(folder / "x" / "rfb")),
                ("remove", str(folder / "x" / "rfb")),
                ("read", str(folder / "x" / "Xauthority")),
                ("list", str(folder / "x")),
                ("remove", xvnc.socket_path(int(state["display"][1:]))),
                ("remove", xvnc.lock_path(int(state["display"][1:]))),
                ("vncconfig", ["-connect", target]),
                ("vncconfig", ["-set", "AcceptKeyEvents=0"]),
                ("vncconfig", ["-set", "FrameRate=1"]),
                ("vncconfig", ["-set", "SendPrimary=0"]),
            ],
        )
        listener.setblocking(False)
        try:
            listener.accept()
            raise AssertionError("the X server came out of its network")
        except BlockingIOError:
            pass
    assert not [
        attempt for attempt, answer in tried if answer == "done" and attempt[0] != "vncconfig"
    ]
    # vncconfig may say that it went well; that it changed nothing is what counts.
    for name, value in (("AcceptKeyEvents", "1"), ("FrameRate", "60"), ("SendPrimary", "1")):
        assert stage.x(session, "vncconfig", "-get", name).stdout.strip() in (value, "on"), name
    assert _status(server) in "RSD"
    assert stage.x(session, "xdpyinfo").returncode == 0


async def test_the_x_server_may_use_shared_memory_of_its_session_and_nothing_else(
    stage: Any,
) -> None:
    first = await stage.launch(["xterm"])
    second = await stage.launch(["xterm"], user="bob")
    spaces = set()
    for session in (first, second):
        pids = _state(stage, session)["pids"]
        inside = {os.readlink(f"/proc/{pids[role]}/ns/ipc") for role in ("x", "wm", "program")}
        assert len(inside) == 1
        spaces |= inside
        status = Path(f"/proc/{pids['x']}/status").read_text()
        rights = {line.split()[0]: line.split()[1:] for line in status.splitlines() if line[3:]}
        assert int(rights["CapPrm:"][0], 16) == 1 << 15  # CAP_IPC_OWNER
        assert rights["Groups:"] == []
        assert rights["NoNewPrivs:"] == ["1"]
    assert len(spaces | {os.readlink("/proc/self/ns/ipc")}) == 3


async def test_an_x_server_has_no_network(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    server = _state(stage, session)["pids"]["x"]
    assert os.readlink(f"/proc/{server}/ns/net") != os.readlink("/proc/self/ns/net")
    for table in ("tcp", "tcp6", "udp", "udp6"):
        assert len(Path(f"/proc/{server}/net/{table}").read_text().splitlines()) == 1, table
    devices = Path(f"/proc/{server}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices if "lo" not in line.split(":")[0]] == []


async def test_nothing_in_a_session_inherits_files_or_secrets(stage: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SITE", "s3cret")
    kept = (stage.data_dir / "agent.pem").open("rb")
    os.set_inheritable(kept.fileno(), True)
    ours, theirs = socket.socketpair()
    os.set_inheritable(ours.fileno(), True)
    with kept, ours, theirs:
        session = await stage.launch([], session_type="Desktop")
        cookie = (stage.folder(session) / "cookie").read_bytes()
        secrets = (b"s3cret", cookie, cookie.hex().encode(), b"PRIVATE KEY")
        sockets = _links(os.getpid()) & {link for link in _links(os.getpid()) if "socket" in link}
        pids = stage.pids(session)
        assert len(pids) >= 4
        for pid in pids:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            seen = Path(f"/proc/{pid}/environ").read_bytes()
            seen += Path(f"/proc/{pid}/cmdline").read_bytes()
            assert not [secret for secret in secrets if secret in seen], name
            links = _links(pid)
            assert not links & sockets, name
            assert not [link for link in links if str(stage.data_dir) in link], name
            private = [link for link in links if str(stage.run_root) in link]
            assert all(f"/{session[:8]}/" in link for link in private), name


def _links(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(os.readlink(link))
        except FileNotFoundError:
            continue
    return found
