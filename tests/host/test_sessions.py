"""Real sessions: whose they are, what they can see, and that they end whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import signal
import socket
import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.agent import accounts, xvnc
from footlight.wire.host import Account, ReportTaken


def _environment(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(pair.decode().split("=", 1) for pair in pairs if pair)


def _command(pid: int) -> str:
    """Its name; "" for one that has just ended, as what a starting session runs for a moment does."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _pid_of(stage: Any, session_id: str, name: str) -> int:
    return next(pid for pid in stage.pids(session_id) if _command(pid) == name)


async def test_a_session_runs_as_its_own_user_with_a_clean_environment(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SITE", "s3cret")
    session = await stage.launch(["xterm"], user="Zoë Dèf", environment={"EDITOR": "mousepad"})
    facts = stage.sessions[session]
    assert stage.x(session, "xdpyinfo").stdout.startswith("name of display:")
    assert "1280x800" in stage.x(session, "xdpyinfo").stdout
    entry = pwd.getpwnam(facts.linux_user)
    assert facts.linux_user == "fl-zoe-def"
    assert entry.pw_uid == facts.linux_uid >= 1000
    assert Path(entry.pw_dir).stat().st_mode & 0o777 == 0o700
    pids = stage.pids(session)
    assert len(pids) >= 4
    server = _pid_of(stage, session, "Xvnc")  # has an account of its own
    for pid in filter(_command, pids - {server}):
        assert Path(f"/proc/{pid}").stat().st_uid == entry.pw_uid, _command(pid)
    seen = _environment(_pid_of(stage, session, "xterm"))
    assert set(seen) == {
        *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "DISPLAY", "XAUTHORITY", "EDITOR"),
        *("XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"),
    }
    assert seen["EDITOR"] == "mousepad"
    groups = [
        line.split()[1:]
        for line in Path(f"/proc/{_pid_of(stage, session, 'xterm')}/status")
        .read_text()
        .splitlines()
        if line.startswith("Groups:")
    ]
    assert groups == [[str(entry.pw_gid)]]


async def test_no_descriptor_of_the_site_reaches_a_session(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    folder = Path(f"/proc/{_pid_of(stage, session, 'sleep')}/fd")
    links = {link.name: os.readlink(link) for link in folder.iterdir()}
    assert set(links) == {"0", "1", "2"}
    assert links["0"] == "/dev/null"


async def test_the_desktop_has_windows_and_ends_when_it_is_left(stage: Any) -> None:
    session = await stage.launch([], session_type="Desktop")
    names = {_command(pid) for pid in stage.pids(session)}
    assert {"Xvnc", "openbox", "tint2", "dbus-daemon"} <= names
    os.kill(_pid_of(stage, session, "openbox"), signal.SIGTERM)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("desktop left", 0)


async def test_an_application_fills_the_screen(stage: Any) -> None:
    session = await stage.launch(["mousepad"])

    def width() -> int:
        listed = stage.x(session, "xwininfo", "-root", "-tree").stdout
        lines = [line for line in listed.splitlines() if '"mousepad"' in line.lower()]
        sizes = [line.split()[-2].split("x")[0] for line in lines]
        return max((int(size) for size in sizes if size.isdigit()), default=0)

    await stage.eventually(lambda: width() > 1200)


async def test_log_off_ends_every_process_and_nothing_else(stage: Any) -> None:
    first = await stage.launch(["xterm", "-e", "sh", "-c", _DAEMONS])
    second = await stage.launch(["xterm"])
    other = await stage.launch(["xterm"], user="bob")
    marker = stage.folder(first) / "run" / "daemon"
    await stage.eventually(marker.exists)
    assert stage.sessions[first].linux_uid == stage.sessions[second].linux_uid
    assert stage.sessions[first].linux_uid != stage.sessions[other].linux_uid
    daemon = int(marker.read_text())
    assert daemon in stage.pids(first)
    assert os.getsid(daemon) == daemon
    before = {
        name: {_pid_of(stage, name, program) for program in ("Xvnc", "openbox", "xterm")}
        for name in (second, other)
    }

    facts = await stage.log_off(first)

    assert facts.end_reason == "logged off"
    assert facts.generation == 2
    assert stage.pids(first) == set()
    assert not Path(f"/proc/{daemon}").exists()
    for name, pids in before.items():
        assert stage.pids(name) >= pids
        assert stage.x(name, "xdpyinfo").returncode == 0


# A process that leaves its session, its parent and its terminal, and does not hear TERM.
_DAEMONS = (
    '(setsid sh -c \'trap "" TERM HUP; echo $$ > $XDG_RUNTIME_DIR/new; mv $XDG_RUNTIME_DIR/new '
    "$XDG_RUNTIME_DIR/daemon; while :; do sleep 1; done' &) ; exec cat"
)


async def test_a_failing_program_ends_its_session_with_the_reason(stage: Any) -> None:
    missing = "program could not start: no-such-program-here: No such file"
    failures: list[tuple[list[str], str, int]] = [
        (["no-such-program-here"], missing, 127),
        (["/etc/passwd"], "program could not start: /etc/passwd: Permission denied", 127),
        (["sh", "-c", "echo last words >&2; exit 3"], "program ended", 3),
        (["sh", "-c", "kill -SEGV $$"], "program ended", -11),
    ]
    for command, reason, code in failures:
        session = await stage.launch(command, wait=False)
        facts = await stage.until(session, lambda f: f.phase == "ended" and f.generation == 1)
        assert facts.end_reason.startswith(reason)
        assert facts.exit_code == code
        assert facts.exit_detail == ("last words" if code == 3 else None)
        assert facts.ended_at_ms is not None
        await stage.eventually(lambda name=session: not stage.pids(name))


async def test_an_x_server_that_dies_ends_its_session(stage: Any) -> None:
    session = await stage.launch(["sleep", "60"])
    os.kill(_pid_of(stage, session, "Xvnc"), signal.SIGKILL)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "X server ended"
    await stage.eventually(lambda: not stage.pids(session))
    await stage.eventually(lambda: not stage.is_left_behind(stage.sessions[session].display))


async def test_a_window_manager_that_dies_comes_back(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    killed = _pid_of(stage, session, "openbox")
    os.kill(killed, signal.SIGKILL)
    await stage.eventually(
        lambda: {"openbox"} & {_command(p) for p in stage.pids(session) - {killed}}
    )
    assert stage.sessions[session].phase == "running"


@pytest.mark.parametrize("session_type", ["Application", "Desktop"])
async def test_a_window_manager_that_hangs_is_replaced_by_order(
    stage: Any, session_type: str
) -> None:
    command = ["xterm"] if session_type == "Application" else []
    session = await stage.launch(command, session_type=session_type)
    hung = _pid_of(stage, session, "openbox")
    os.kill(hung, signal.SIGSTOP)
    for count in (1, 1):  # the same order again changes nothing
        order = await stage.change(session, manager_restarts=count)
        facts = await stage.until(session, lambda f, o=order: f.generation == o.generation)
        assert (facts.phase, facts.manager_restarts) == ("running", 1)
        fresh = _pid_of(stage, session, "openbox")
        assert fresh != hung
    running = fresh
    assert {p for p in stage.pids(session) if _command(p) == "openbox"} == {running}
    await stage.eventually(
        lambda: "no such" not in stage.x(session, "xprop", "-root", "_NET_CLIENT_LIST").stdout
    )


async def test_an_account_that_may_not_run_sessions_ends_it_with_the_reason(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    known = stage.orders[session].launch
    for name, words in (("root", "system account"), ("no-such-user", "there is no account")):
        bad = msgspec.structs.replace(
            stage.orders[session],
            session_id=str(uuid.uuid4()),
            generation=1,
            launch=msgspec.structs.replace(
                known, account=Account(kind="os", account_id="x", name=name)
            ),
        )
        await stage.order(bad)
        facts = await stage.until(bad.session_id, lambda f: f.phase == "ended")
        assert words in facts.end_reason


# --- nobody gets in or out ------------------------------------------------------------------------


async def test_nothing_listens_on_the_network(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    for pid in stage.pids(session):
        for table in ("tcp", "tcp6", "udp", "udp6"):
            inodes = _listening(Path(f"/proc/{pid}/net/{table}"))
            assert not inodes & _sockets_of(pid), (_command(pid), table)


def _listening(table: Path) -> set[str]:
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] in ("0A", "07")}


def _sockets_of(pid: int) -> set[str]:
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(os.readlink(link))
        except FileNotFoundError:
            continue
    return {link[8:-1] for link in links if link.startswith("socket:[")}


async def test_another_users_cookie_is_refused(stage: Any) -> None:
    mine = await stage.launch(["xterm"])
    his = await stage.launch(["xterm"], user="bob")
    wrong = {
        "PATH": "/usr/bin:/bin",
        "DISPLAY": stage.sessions[mine].display,
        "XAUTHORITY": f"{stage.folder(his)}/auth/Xauthority",
    }
    process = await asyncio.create_subprocess_exec(
        "xdpyinfo", env=wrong, stdout=-1, stderr=-1, user=stage.sessions[his].linux_uid
    )
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode != 0
    assert b"unable to open display" in errors
    for path in (
        "x/rfb",
        "auth/Xauthority",
        "run",
        "keeper.sock",
        "order.json",
        "state.json",
        "log",
    ):
        reading = await asyncio.create_subprocess_exec(
            *("cat", str(stage.folder(mine) / path)),
            stdout=-1,
            stderr=-1,
            user=stage.sessions[his].linux_uid,
        )
        _, errors = await asyncio.wait_for(reading.communicate(), 60)
        assert b"ermission denied" in errors, path


async def test_vncconfig_connect_leads_nowhere(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(2)
        target = f"127.0.0.1:{listener.getsockname()[1]}"
        asked = await asyncio.to_thread(stage.x, session, "vncconfig", "-connect", target)
        assert f"connecting to {target} failed" in asked.stderr
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(listener.accept)
    allowed = await asyncio.to_thread(stage.x, session, "vncconfig", "-set", "AcceptKeyEvents=0")
    assert "0" not in stage.x(session, "vncconfig", "-get", "AcceptKeyEvents").stdout, allowed


async def test_no_secret_is_in_a_process_list_or_in_a_sessions_environment(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTLIGHT_TOKEN", "t0ken-of-the-site")
    session = await stage.launch(["xterm"])
    await stage.record(session, notify=True)
    await stage.until(session, lambda f: f.recording and f.recording.notified)
    cookie = (stage.folder(session) / "cookie").read_bytes()
    key = (stage.data_dir / "agent.pem").read_bytes().splitlines()[1]
    secrets = (cookie, cookie.hex().encode(), key, b"t0ken-of-the-site")
    commands: dict[int, bytes] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            commands[int(folder.name)] = (folder / "cmdline").read_bytes()
    for part in (b"agent.keeper", b"agent.recorder", b"agent.notice_window", b"Xvnc"):
        assert any(part in command for command in commands.values()), part
    pids = stage.pids(session)
    for pid, command in commands.items():
        seen = command + (Path(f"/proc/{pid}/environ").read_bytes() if pid in pids else b"")
        assert not [secret for secret in secrets if secret in seen], command
    for pid in pids:
        ours = [name for name in _environment(pid) if name.startswith("FOOTLIGHT")]
        assert not ours, _command(pid)


async def test_sockets_and_cookies_are_their_owners_alone(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    await stage.record(session, notify=True)
    await stage.until(session, lambda f: f.recording and f.recording.notified)
    folder, uid = stage.folder(session), stage.sessions[session].linux_uid
    found = {
        str(path.relative_to(folder)): (path.stat().st_uid, path.stat().st_mode & 0o777)
        for path in (folder, *folder.glob("*"), *folder.glob("x/*"), *folder.glob("auth/*"))
    }
    assert found.pop("desk") == (0, 0o755)
    assert found.pop(".") == (0, 0o711)  # passed through, not listed
    assert found.pop("keeper.sock") in {(0, 0o600), (0, 0o700)}
    server = xvnc.account(int(stage.sessions[session].display[1:]))
    assert found == {
        "x": (server, 0o700),
        "x/rfb": (server, 0o600),
        "x/Xauthority": (server, 0o600),
        "auth": (uid, 0o700),
        "auth/Xauthority": (uid, 0o600),
        "run": (uid, 0o700),
        "cookie": (0, 0o600),
        "notice.Xauthority": (0, 0o600),
        "order.json": (0, 0o600),
        "state.json": (0, 0o600),
        "log": (0, 0o600),
    }


async def test_the_folder_of_x_sockets_is_roots(stage: Any) -> None:
    await stage.launch(["xterm"])
    found = Path("/tmp/.X11-unix").stat()
    assert (found.st_uid, found.st_mode & 0o7777) == (0, 0o1777)


# --- many at once ---------------------------------------------------------------------------------


async def test_sessions_of_a_new_user_at_once_share_one_account(stage: Any) -> None:
    names = await asyncio.gather(*(stage.launch(["xterm"], user="crowd") for _ in range(5)))
    assert len({stage.sessions[name].display for name in names}) == 5
    assert len({stage.sessions[name].linux_uid for name in names}) == 1
    made = [a for a in accounts.managed_accounts() if a.site_id == stage.site_id]
    assert len(made) == 1
    for name in names:
        assert stage.x(name, "xdpyinfo").returncode == 0


async def test_an_end_that_comes_while_a_session_starts_is_kept(stage: Any) -> None:
    session = await stage.launch(["xterm"], wait=False)
    await stage.change(session, want="end", end_reason="never mind")
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "never mind"
    await stage.eventually(lambda: not stage.pids(session))


async def test_what_the_server_has_for_good_is_forgotten(stage: Any) -> None:
    session = await stage.launch(["true"], wait=False)
    await stage.until(session, lambda f: f.phase == "ended")
    stage.answer = ReportTaken(forget_sessions=[session])
    stage.agent.host._reporter.changed()
    await stage.eventually(lambda: stage.agent.host.session(session) is None)
    await stage.eventually(lambda: not stage.folder(session).exists())
    stage.answer = ReportTaken()
