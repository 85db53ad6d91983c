"""Sessions on a site's hosts, with something drawn on them and recordings of it, and what hosts know of them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.cluster.flushed import Flushed
from tests.cluster.ground import Host, Server, until

from footlight.recording.cipher import DataKey
from footlight.recording.format import open_name, segment_name
from footlight.recording.source import FolderSource
from footlight.sdk import Footlight
from footlight.sdk.errors import SdkError

ONE_TRY_S = 5.0
LOOK_EACH_S = 0.5
CALL_S = 40.0
SAVE_TRIES = 10
# Faults of the site as its clients see them. Connections may break in the middle of an answer.
REFUSED = (SdkError, httpx.HTTPError, OSError)
_DRAW = "while sleep 0.3 && date +%s.%N; do :; done > {tty} 2>/dev/null"
SAME = ("Uid", "StartTime", "State", "User")


@dataclass
class Live:
    """A session, where it runs, and its recording that goes on. `before`: members that must stay as they are."""

    session_id: str
    host: Host
    user: str
    before: dict[str, Any]
    recording_id: str = ""
    flushed: Flushed | None = None  # what could be read of the recording at some time


def states(host: Host) -> dict[str, dict[str, Any]]:
    """What the keepers on a host say, by the session's id, of those that run."""
    found = {}
    for file in host.machine.root.glob("run/footlight/*/*/state.json"):
        order = json.loads((file.parent / "order.json").read_text())
        state = json.loads(file.read_text())
        if state["phase"] == "running":
            found[str(order["session_id"])] = {**state, "folder": file.parent}
    return found


def launch(client: Footlight, host: Host, user: str, key: str | None = None) -> Live:
    """A new session there, logged on."""
    made = client.launches.create(
        "Terminal", user=user, machine=host.id, new=True, idempotency_key=key, timeout_s=CALL_S
    )
    session_id = str(made["sessionId"])
    until(lambda: not client.sessions.get(session_id)["LogonInProgress"], "the logon ends")
    row = client.sessions.get(session_id)
    return Live(session_id, host, user, {name: row[name] for name in SAME})


def draw(live: Live) -> subprocess.Popen[bytes]:
    """Write a line on the session's terminal three times a second, until it closes."""
    program = states(live.host)[live.session_id]["pids"]["program"]

    def terminal() -> str:
        found = live.host.machine.run("sh", "-c", f"ps -o tty= --ppid {program} || true").split()
        return next((word for word in found if word != "?"), "")

    tty = until(terminal, "the terminal has a shell")
    return live.host.machine.popen(["sh", "-c", _DRAW.format(tty=f"/dev/{tty}")])


def end_program(live: Live) -> None:
    """The user closes it, without anybody being told."""
    inside = states(live.host)[live.session_id]["pids"]["program"]
    live.host.machine.run("kill", "-KILL", str(inside))


def record(client: Footlight, live: Live) -> None:
    """Start a recording; it is the session's."""
    client.sessions.start_recording(live.session_id, notify_user=False, timeout_s=CALL_S)
    (live.recording_id,) = [
        one["id"]
        for one in client.recordings.list(session_id=live.session_id)
        if one["state"] == "recording"
    ]
    live.flushed = None


def saved(client: Footlight, recording_id: str, folder: Path) -> FolderSource:
    """All that can be read of a recording now, in a folder below that is named after it."""
    key = client.recordings.data_key(recording_id)
    data_key = DataKey(base64.b64decode(key["dataKey"]), key["wrappedKey"])
    target = folder / recording_id
    for _ in range(SAVE_TRIES):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        before = _names(client, recording_id)
        for number, name in before.items():
            (target / name).write_bytes(client.recordings.segment(recording_id, number))
        after = _names(client, recording_id)
        if all(after.get(number) == name for number, name in before.items()):
            return FolderSource(target, data_key)  # none was sealed in between
    raise AssertionError(f"segments of {recording_id} are sealed faster than they are read")


def _names(client: Footlight, recording_id: str) -> dict[int, str]:
    found = client.recordings.manifest(recording_id)["segments"]
    return {
        one["number"]: (open_name if one["open"] else segment_name)(one["number"]) for one in found
    }


class Load:
    """Lists sessions at each server again and again, as consoles do. `gap_s`: the longest time without an answer
    since `begin`, by the server's name."""

    def __init__(self, servers: list[Server]) -> None:
        self._stop = threading.Event()
        self._last = {server.name: time.monotonic() for server in servers}
        self.gap_s = {server.name: 0.0 for server in servers}
        self.calls = 0
        self._threads = [threading.Thread(target=self._poll, args=(one,)) for one in servers]
        for thread in self._threads:
            thread.start()

    def begin(self) -> None:
        """Measure anew."""
        now = time.monotonic()
        for name in self.gap_s:
            self._last[name], self.gap_s[name] = now, 0.0

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(CALL_S)

    def _poll(self, server: Server) -> None:
        while not self._stop.is_set():
            client = server.client(ONE_TRY_S, max_retries=0)
            try:
                while not self._stop.wait(LOOK_EACH_S):
                    list(client.sessions.list(limit=100))
                    now = time.monotonic()
                    gap = now - self._last[server.name]
                    self.gap_s[server.name] = max(self.gap_s[server.name], gap)
                    self._last[server.name] = now
                    self.calls += 1
            except REFUSED:
                pass  # the gap tells; a server that was started again has another token
            finally:
                client.close()
                server.clients.remove(client)
