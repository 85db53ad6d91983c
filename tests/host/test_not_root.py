"""The site as an ordinary user runs it: its sessions are that user's, and nothing of it needs root."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from footlight.agent import processes
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.sdk import Footlight

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
WAIT_S = 60.0
# The checkout where everybody can enter, in a mount namespace of the command's own.
# Arguments: the checkout, the place, then the command.
_PLACED = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


class Person:
    """An ordinary user of this machine, with a site of their own."""

    def __init__(self, entry: pwd.struct_passwd, place: Path) -> None:
        self.uid = entry.pw_uid
        self.home = Path(entry.pw_dir)
        self.data_dir = self.home / "site"
        self.ready_file = self.home / "ready.json"
        self.log = place / "log"
        self.site: subprocess.Popen[bytes] | None = None
        self.client: Footlight | None = None
        self.ready: dict[str, Any] = {}
        self._as_person = [
            *("setpriv", "--reuid", str(self.uid), "--regid", str(entry.pw_gid), "--clear-groups")
        ]
        self._as_person, self._source = self._way_to_the_checkout(place / "checkout")

    def _way_to_the_checkout(self, place: Path) -> tuple[list[str], Path]:
        """How this user runs our Python: as it stands, or (a checkout below /root) in another place."""
        place.mkdir()
        bind = ["unshare", "--mount", "sh", "-c", _PLACED, "sh", str(ROOT), str(place)]
        for way, root in ((self._as_person, ROOT), ([*bind, *self._as_person], place)):
            python = [*way, str(root / Path(sys.executable).relative_to(ROOT))]
            environment = self._environment(root / "src")
            tried = subprocess.run(
                [*python, "-c", "import footlight.wire.host"],
                env=environment,
                cwd="/",
                capture_output=True,
                text=True,
                timeout=START_S,
                check=False,
            )
            if tried.returncode == 0:
                return python, root / "src"
        pytest.skip(f"the checkout can't be read by another user: {tried.stderr[-300:]}")

    def _environment(self, source: Path, **more: str) -> dict[str, str]:
        mark = "FOOTLIGHT_TEST_RUN"
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "PYTHONPATH": str(source),
            **({mark: os.environ[mark]} if mark in os.environ else {}),
            **more,
        }

    def start(self, **environment: str) -> Footlight:
        """Start the site and wait until it is ready; a client of its administrator."""
        self.ready_file.unlink(missing_ok=True)
        options = {
            "data-dir": self.data_dir,
            "listen": "127.0.0.1:0",
            "ready-file": self.ready_file,
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        with self.log.open("ab") as log:
            site = self.site = subprocess.Popen(
                [*self._as_person, "-m", "footlight", "up", *words],
                env=self._environment(self._source, **environment),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: self.ready_file.exists() or site.poll() is not None, START_S)
        assert self.ready_file.exists(), self.log.read_text()[-3000:]
        self.ready = json.loads(self.ready_file.read_text())
        token = json.loads((self.data_dir / "run" / "site.json").read_text())["token"]
        self.client = Footlight(self.ready["base_url"], token=token, ca_file=self.ready["ca_file"])
        return self.client

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.site is not None
        assert self.client is not None
        self.client.close()
        self.site.send_signal(number)
        return self.site.wait(WAIT_S)

    def pids(self) -> dict[int, str]:
        """All live processes of this user."""
        found = {}
        for process in psutil.process_iter(["uids", "name", "status"]):
            uids = process.info["uids"]
            if uids is not None and self.uid in uids and process.info["status"] != "zombie":
                found[process.pid] = process.info["name"]
        return found

    def clear(self) -> None:
        """Whatever a failed test has left."""
        if self.client is not None:
            self.client.close()
        until(lambda: not [os.kill(pid, signal.SIGKILL) for pid in self.pids()], WAIT_S)
        if self.site is not None:
            self.site.wait(WAIT_S)
        shutil.rmtree(f"/tmp/footlight-{self.uid}", ignore_errors=True)


def until(condition: Callable[[], Any], limit_s: float = WAIT_S) -> None:
    limit = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < limit, "not in time"
        time.sleep(0.05)


def open_to_others(folder: Path) -> list[str]:
    """Paths in and below the folder that somebody else has any right to."""
    paths = [folder, *folder.rglob("*")]
    return [str(path) for path in paths if path.lstat().st_mode & 0o077 and not path.is_symlink()]


@contextmanager
def _account() -> Iterator[pwd.struct_passwd]:
    name = f"fltest-{secrets.token_hex(4)}"
    subprocess.run(["useradd", "--create-home", name], check=True, capture_output=True)
    try:
        yield pwd.getpwnam(name)
    finally:
        subprocess.run(["userdel", "--remove", name], check=True, capture_output=True)


@pytest.fixture
def person() -> Iterator[Person]:
    with tempfile.TemporaryDirectory(prefix="footlight-place-") as place, _account() as entry:
        os.chmod(place, 0o755)
        os.chmod(entry.pw_dir, 0o700)
        made = Person(entry, Path(place))
        try:
            yield made
        finally:
            made.clear()


def _of_session(folder: Path) -> dict[int, str]:
    """Live processes of the session, and their names."""
    found = {}
    for pid in processes.with_environment(f"XDG_RUNTIME_DIR={folder}/run"):
        with contextlib.suppress(OSError):
            found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
    return found


def _launch(client: Footlight) -> str:
    return str(client.launches.create("Terminal", new=True)["sessionId"])


def test_a_users_own_site_records_survives_kill_9_and_leaves_nothing(person: Person) -> None:
    client = person.start()
    session = _launch(client)
    client.sessions.start_recording(session, notify_user=True)
    run_root = Path(f"/tmp/footlight-{person.uid}") / person.ready["site_id"][:8]
    folder = run_root / session[:8]

    # Whose it is.
    until(lambda: {"Xvnc", "openbox", "xterm"} <= set(person.pids().values()))
    # What dresses the screen is soon through.
    until(lambda: not {"xsetroot", "mkdir"} & set(_of_session(folder).values()))
    running = _of_session(folder)
    assert len(running) >= 4
    for pid in {**running, **person.pids()}:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:  # one of the site's own that was soon through
            assert pid not in running
            continue
        assert f"Uid:\t{person.uid}\t{person.uid}\t{person.uid}\t{person.uid}\n" in status
        assert "CapEff:\t0000000000000000\n" in status

    # Who gets at it: what is open within the folder of the run is behind a closed door.
    assert folder.is_dir()
    assert not run_root.is_relative_to(person.data_dir)
    for path in (run_root.parent, run_root):
        assert (path.stat().st_mode & 0o777, path.stat().st_uid) == (0o700, person.uid)
    private = ("run", "x/rfb", "cookie", "order.json", "state.json", "log", "keeper.sock")
    for path in (folder / "x", *(folder / name for name in private)):
        assert path.stat().st_mode & 0o077 == 0, path
    assert open_to_others(person.data_dir) == []
    assert open_to_others(person.ready_file) == []
    listening = {
        c.pid for c in psutil.net_connections("inet") if c.status == "LISTEN" and c.pid is not None
    }
    assert listening & set(person.pids()) == {person.ready["pid"]}

    # Killed, and another takes over what goes on.
    assert person.end(signal.SIGKILL) == -signal.SIGKILL
    kept = {pid: name for pid, name in person.pids().items() if name in ("Xvnc", "xterm")}
    assert len(kept) == 2
    client = person.start()
    assert kept.items() <= person.pids().items()
    until(lambda: client.sessions.recording_status(session))
    client.sessions.stop_recording(session)
    (recording,) = client.recordings.list(session_id=session)
    client.sessions.logoff(session)
    until(lambda: not processes.with_environment(f"XDG_RUNTIME_DIR={folder}/run"))
    until(lambda: not set(kept) & set(person.pids()))

    # A clean end, with a session that runs until then.
    _launch(client)
    assert person.end() == 0
    until(lambda: not person.pids())
    assert not run_root.exists()
    assert not person.ready_file.exists()
    source = FolderSource(person.data_dir / "recordings" / recording["id"])
    verdict = verify_recording(source)
    assert (verdict.status, verdict.findings) == ("unchanged-unknown-signer", [])


def test_a_run_folder_of_the_login_session_is_taken(person: Person) -> None:
    runtime = person.home / "runtime"
    runtime.mkdir(mode=0o700)
    os.chown(runtime, person.uid, -1)
    client = person.start(XDG_RUNTIME_DIR=str(runtime))
    session = _launch(client)
    folder = runtime / "footlight" / person.ready["site_id"][:8] / session[:8]
    assert (folder / "keeper.sock").is_socket()
    assert not Path(f"/tmp/footlight-{person.uid}").exists()
    assert person.end() == 0
    until(lambda: not person.pids())
    assert not folder.parent.exists()
