"""Published servers, desktops and pages, reached from real sessions: what is at the other end the tests start."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

END_S = 10


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _sizes(stage: Any, session_id: str, title: str) -> list[str]:
    """WIDTHxHEIGHT of the windows with that in their line of the tree."""
    tree = stage.x(session_id, "xwininfo", "-root", "-tree").stdout
    found = (re.search(r"(\d+x\d+)\+", line) for line in tree.splitlines() if title in line)
    return [size.group(1) for size in found if size]


class Page(BaseHTTPRequestHandler):
    """One page, whose title the window gets."""

    def do_GET(self) -> None:
        body = b"<title>The page itself</title><body>Hello"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/start"
    server.shutdown()
    thread.join(END_S)
    server.server_close()


@pytest.fixture
def ssh_server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Its port, and a key that it takes for root."""
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name],
            check=True, timeout=20,
        )  # fmt: skip
    shutil.copy(folder / "user.pub", folder / "authorized")
    port = _free_port()
    made = not Path("/run/sshd").exists()
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    options = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "authorized",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "PidFile": "none",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    server = subprocess.Popen(
        ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", *words], stderr=subprocess.DEVNULL
    )
    yield port, folder / "user"
    server.terminate()
    server.wait(END_S)
    if made:
        Path("/run/sshd").rmdir()


@pytest.fixture
def rdp_server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Its port, and what it logs. It shows its own sign-in screen: there is nothing behind it."""
    port, log = _free_port(), tmp_path / "xrdp.log"
    pem, key = tmp_path / "rdp.pem", tmp_path / "rdp.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=rdp.test", "-keyout", key, "-out", pem],
        check=True, timeout=30, capture_output=True,
    )  # fmt: skip
    settings = tmp_path / "xrdp.ini"
    text = Path("/etc/xrdp/xrdp.ini").read_text()
    for name, value in {
        "port": f"tcp://127.0.0.1:{port}", "certificate": pem, "key_file": key, "LogFile": log,
    }.items():  # fmt: skip
        text = re.sub(rf"(?m)^{name}=.*$", f"{name}={value}", text, count=1)
    settings.write_text(text)
    server = subprocess.Popen(
        ["/usr/sbin/xrdp", "--nodaemon", "--config", settings],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield port, log
    server.terminate()
    server.wait(END_S)


def _give_key(stage: Any, session_user: str, key: Path, port: int) -> None:
    """The session's user holds the key and knows the server."""
    folder = Path(f"~{session_user}").expanduser() / ".ssh"
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(key, folder / "id_ed25519")
    host_key = (key.parent / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, session_user, session_user)


async def test_a_page_fills_the_screen_of_a_kiosk(stage: Any, page: str) -> None:
    session = await stage.launch([page])
    await stage.eventually(lambda: "1280x800" in _sizes(stage, session, "The page itself"))
    profile = stage.folder(session) / "run" / "web"
    assert profile.stat().st_uid == stage.sessions[session].linux_uid
    await stage.log_off(session)
    await stage.eventually(lambda: not profile.exists())


async def test_a_server_is_reached_by_ssh(
    stage: Any, ssh_server: tuple[int, Path], tmp_path: Path
) -> None:
    port, key = ssh_server
    await stage.eventually(lambda: _answers(port))
    first = await stage.launch(["sleep", "60"])  # makes the account
    _give_key(stage, stage.sessions[first].linux_user, key, port)
    marker = tmp_path / "reached"
    done = tmp_path / "done"
    command = f"(tty; whoami) > {marker}; until [ -e {done} ]; do sleep 0.1; done"
    session = await stage.launch([f"ssh://root@127.0.0.1:{port}", command])
    await stage.eventually(lambda: marker.exists() and marker.read_text().count("\n") == 2)
    assert re.fullmatch(r"/dev/pts/\d+\nroot\n", marker.read_text())
    assert _sizes(stage, session, "ssh 127.0.0.1")
    done.touch()
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("program ended", 0)


async def test_a_server_that_refuses_can_be_read(stage: Any) -> None:
    session = await stage.launch([f"ssh://127.0.0.1:{_free_port()}"])
    await stage.eventually(lambda: _sizes(stage, session, "ssh 127.0.0.1"))
    link = await stage.until(session, lambda f: f.phase == "running")
    assert link.end_reason is None


async def test_a_desktop_is_reached_by_rdp(stage: Any, rdp_server: tuple[int, Path]) -> None:
    port, log = rdp_server
    await stage.eventually(lambda: _answers(port))
    session = await stage.launch([f"rdp://127.0.0.1:{port}"])
    await stage.eventually(lambda: "1280x800" in _sizes(stage, session, "rdp 127.0.0.1"))
    assert "TLS" in log.read_text()


async def test_the_session_ends_with_the_last_window_not_with_the_first_process(stage: Any) -> None:
    """A program that hands over to another and goes, as many launchers do."""
    script = "setsid xterm -T second -e sleep 60 & sleep 1"
    session = await stage.launch(["sh", "-c", script])
    await stage.eventually(lambda: _sizes(stage, session, "second"))
    keeper = stage.pids(session)
    await stage.eventually(lambda: not any(_is(pid, "sh") for pid in keeper))
    assert stage.sessions[session].phase == "running"
    for pid in stage.pids(session):
        if _is(pid, "xterm"):
            os.kill(pid, 15)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("program ended", 0)


async def test_a_program_that_stays_without_windows_is_over(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", "xterm -e sleep 3; exec sleep 600"])
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "last window closed"
    assert stage.pids(session) == set()


def _is(pid: int, name: str) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == name
    except OSError:
        return False
