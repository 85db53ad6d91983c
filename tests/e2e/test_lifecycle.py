"""A site's start and end, and what outlives it: sessions and every flushed byte of a recording."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import remains
from children import child
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.sdk import Footlight
from footlight.sdk.errors import NotFound

pytestmark = pytest.mark.long

WAIT_S = 60.0


class OwnSite:
    """A site that a test starts, kills and starts again on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.ready_file = folder / "ready.json"
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}
        self.password = ""
        self._clients: list[Footlight] = []

    def start(self, *options: str) -> dict[str, Any]:
        self.ready_file.unlink(missing_ok=True)
        arguments = ["--data-dir", self.data_dir, "--listen", "127.0.0.1:0"]
        arguments += ["--ready-file", self.ready_file, *options]
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "footlight", "up", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        wait_for(lambda: self.ready_file.exists() or self.process.poll() is not None)  # type: ignore[union-attr]
        assert self.ready_file.exists(), self.log.read_text()[-3000:]
        self.ready = json.loads(self.ready_file.read_text())
        self.password = self.ready["admin_password"] or self.password
        return self.ready

    def client(self) -> Footlight:
        client = Footlight(
            self.ready["base_url"],
            user=self.ready["admin_user"],
            password=self.password,
            ca_file=self.ready["ca_file"],
        )
        self._clients.append(client)
        return client

    def end(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        while self._clients:
            self._clients.pop().close()
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)

    def recorder_now(self) -> int | None:
        assert self.process is not None
        return child(self.process.pid, "footlight.agent.recorder")

    def recorder_pid(self) -> int:
        pid = self.recorder_now()
        if pid is None:
            pytest.fail("the site has no recorder")
        return pid

    def log_everything_off(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()
        self.end()


def wait_for(condition: Callable[[], Any], limit_s: float = WAIT_S) -> Any:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def ended_view(client: Footlight, session_id: str) -> dict[str, Any] | None:
    view = client.sessions.view(session_id)
    return view if view["state"] == "Ended" else None


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[OwnSite]:
    site = OwnSite(tmp_path)
    yield site
    if site.ready:
        site.log_everything_off()
        remains.remove(site.ready["site_id"])


def test_ready_file_and_clean_end(own_site: OwnSite) -> None:
    ready = own_site.start()
    assert set(ready) == {
        "base_url",
        "site_id",
        "customer_id",
        "admin_user",
        "admin_password",
        "client_id",
        "client_secret",
        "ca_file",
        "pid",
    }
    assert ready["pid"] == own_site.process.pid  # type: ignore[union-attr]
    assert own_site.ready_file.stat().st_mode & 0o777 == 0o600
    local = own_site.data_dir / "run" / "site.json"
    assert local.stat().st_mode & 0o777 == 0o600
    context = ssl.create_default_context(cafile=ready["ca_file"])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with urllib.request.urlopen(
        ready["base_url"] + "/healthz", context=context, timeout=10
    ) as answer:
        assert answer.status == 200
    session_id = own_site.client().launches.create("Terminal")["sessionId"]
    runs = remains.run_folder(ready["site_id"])
    keepers = [
        p
        for p in psutil.process_iter(["cmdline"])
        if str(runs) in " ".join(p.info["cmdline"] or [])
    ]
    assert keepers
    assert own_site.end() == 0
    assert not own_site.ready_file.exists()
    assert not local.exists()
    assert not any(keeper.is_running() for keeper in keepers)
    again = own_site.start()
    assert (again["admin_password"], again["client_secret"]) == (None, None)
    assert again["site_id"] == ready["site_id"]
    with pytest.raises(NotFound):
        own_site.client().sessions.get(session_id)


def test_password_file_is_told_at_every_start(own_site: OwnSite, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("a password of mine\n")
    first = own_site.start("--admin-password-file", str(file), "--no-agent")
    own_site.end()
    second = own_site.start("--admin-password-file", str(file), "--no-agent")
    assert first["admin_password"] == second["admin_password"] == "a password of mine"
    assert first["client_secret"] == second["client_secret"]
    with Footlight(
        second["base_url"],
        client_id=second["client_id"],
        client_secret=second["client_secret"],
        customer_id=second["customer_id"],
        ca_file=second["ca_file"],
    ) as cloud:
        assert list(cloud.sessions.list()) == []


def test_a_second_start_on_one_folder_is_refused(own_site: OwnSite) -> None:
    own_site.start("--no-agent")
    second = subprocess.run(
        [
            sys.executable,
            "-m",
            "footlight",
            "up",
            "--data-dir",
            str(own_site.data_dir),
            "--listen",
            "127.0.0.1:0",
        ],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert second.returncode == 1
    assert "running" in second.stderr
    assert str(own_site.ready["pid"]) in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_sessions_outlive_kill_9_and_are_adopted(own_site: OwnSite) -> None:
    own_site.start()
    session_id = own_site.client().launches.create("Terminal")["sessionId"]
    before = own_site.client().sessions.get(session_id)
    own_site.end(signal.SIGKILL)
    own_site.start()
    client = own_site.client()
    after = client.sessions.get(session_id)
    assert (after["Id"], after["Uid"], after["StartTime"]) == (
        before["Id"],
        before["Uid"],
        before["StartTime"],
    )
    client.sessions.start_recording(session_id)  # usable still
    assert client.sessions.recording_status(session_id)
    client.sessions.stop_recording(session_id)
    client.sessions.logoff(session_id)
    view = wait_for(lambda: ended_view(client, session_id))
    assert "admin" in view["endReason"]


def test_keep_sessions_leaves_them_and_marks_the_gap(own_site: OwnSite) -> None:
    own_site.start("--keep-sessions")
    client = own_site.client()
    session_id = client.launches.create("Terminal")["sessionId"]
    client.sessions.start_recording(session_id)
    assert own_site.end() == 0
    own_site.start("--keep-sessions")
    client = own_site.client()
    wait_for(lambda: client.sessions.recording_status(session_id))
    client.sessions.stop_recording(session_id)
    (recording,) = client.recordings.list(session_id=session_id)
    manifest = client.recordings.manifest(recording["id"])
    assert [gap["cause"] for gap in manifest["gaps"]] == ["site stopped"]
    assert client.recordings.verification(recording["id"])["status"] == "verified"
    client.sessions.logoff(session_id)
    wait_for(lambda: ended_view(client, session_id))


def test_kill_9_of_the_site_during_a_recording(own_site: OwnSite) -> None:
    own_site.start()
    client = own_site.client()
    session_id = client.launches.create("Terminal")["sessionId"]
    client.sessions.start_recording(session_id)
    (recording,) = client.recordings.list(session_id=session_id)
    spool = own_site.data_dir / "spool" / recording["id"]
    wait_for(lambda: list(spool.glob("*.open")))
    time.sleep(1.5)  # past the last flush
    flushed = {p.name: p.read_bytes() for p in spool.iterdir() if p.suffix in (".open", ".flseg")}
    own_site.end(signal.SIGKILL)
    own_site.start()
    client = own_site.client()
    wait_for(lambda: client.sessions.recording_status(session_id))
    client.sessions.stop_recording(session_id)
    (after,) = client.recordings.list(session_id=session_id)
    assert (after["id"], after["state"]) == (recording["id"], "completed")
    assert client.recordings.verification(recording["id"])["status"] == "verified"
    assert client.recordings.manifest(recording["id"])["gaps"]
    kept = own_site.data_dir / "recordings" / recording["id"]
    assert flushed
    for name in flushed:
        assert (kept / name).with_suffix(".flseg").stat().st_size > 0
    key = bytes.fromhex(
        json.loads((own_site.data_dir / "run" / "site.json").read_text())["site_public_key"]
    )
    assert verify_recording(FolderSource(kept), key).status == "verified"


def test_kill_9_of_the_recorder_heals_and_is_a_gap(own_site: OwnSite) -> None:
    own_site.start()
    client = own_site.client()
    session_id = client.launches.create("Terminal")["sessionId"]
    client.sessions.start_recording(session_id)
    old = own_site.recorder_pid()
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: own_site.recorder_now() not in (None, old))
    wait_for(lambda: client.sessions.recording_status(session_id))
    client.sessions.stop_recording(session_id)
    (recording,) = client.recordings.list(session_id=session_id)
    manifest = client.recordings.manifest(recording["id"])
    assert [gap["cause"] for gap in manifest["gaps"]] == ["recorder-lost"]
    assert client.recordings.verification(recording["id"])["status"] == "verified"


def test_a_program_that_cannot_start_ends_its_session_with_the_reason(own_site: OwnSite) -> None:
    own_site.start("--no-agent")
    own_site.end()
    import sqlite3

    with sqlite3.connect(own_site.data_dir / "footlight.db") as database:
        database.execute(
            "UPDATE resources SET command = '[\"no-such-program\"]' WHERE name = 'Terminal'"
        )
    database.close()
    own_site.start()
    client = own_site.client()
    session_id = client.launches.create("Terminal")["sessionId"]
    view = wait_for(lambda: ended_view(client, session_id))
    assert view["exitCode"] == 127
    assert "no-such-program" in view["endReason"] + (view["exitDetail"] or "")
