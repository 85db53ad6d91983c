"""An embedded site whose sessions are recorded for different reasons. It can be killed and started again."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.cluster.ground import READY_S, ROOT, Server, end, until

import remains
from children import child
from footlight.archive.keys import RecordingKeys
from footlight.sdk import Footlight

SPOOL_MIB = 96
CALL_S = 40.0
SPOKEN = "a text that somebody copied: "  # of what must not be found in the clear
_DRAW = "while sleep 0.3 && date +%s.%N; do :; done > {tty} 2>/dev/null"
CALLED, DECIDED, EVENTS = "called", "decided", "eventful"
POLICIES: dict[str, dict[str, Any]] = {
    CALLED: {"record": "no", "preRollSeconds": 5},
    DECIDED: {
        **{"record": "screen", "preRollSeconds": 5, "ifLost": "cover"},
        **{"rollOverSeconds": 60, "clipboardText": True},
    },
    EVENTS: {"record": "events"},
}


@dataclass
class Acted:
    """A session in which something happens, and the processes by which it does."""

    user: str
    session_id: str
    folder: Path
    drawing: subprocess.Popen[bytes]

    @property
    def pids(self) -> dict[str, int]:
        """Of its keeper's children, by what they are."""
        found: dict[str, int] = json.loads((self.folder / "state.json").read_text())["pids"]
        return found


def terminal_of(folder: Path) -> str:
    """The device that the session's program has its shell on; empty while there is none."""
    program = json.loads((folder / "state.json").read_text())["pids"]["program"]
    words = ["ps", "-o", "tty=", "--ppid", str(program)]
    found = subprocess.run(words, capture_output=True, text=True, timeout=10, check=False)
    return next((f"/dev/{word}" for word in found.stdout.split() if word != "?"), "")


class RecordedSite:
    """`footlight up` with a spool on a small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.spool = self.data / "spool"
        self.server: Server | None = None
        self.site_id = ""
        self.acted: dict[str, Acted] = {}
        self._listen = "127.0.0.1:0"

    # --- its processes --------------------------------------------------------------------------

    def start(self) -> None:
        """Where it was before, if it was. Raises AssertionError with its log."""
        ready, log = self.folder / "ready", self.folder / "log"
        ready.unlink(missing_ok=True)
        self._hang_up()
        command = [
            *(sys.executable, "-m", "footlight", "up", "--listen", self._listen),
            *("--data-dir", str(self.data), "--ready-file", str(ready)),
        ]
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "FOOTLIGHT_DESKTOP": "light",
            "FOOTLIGHT_SPOOL_FREE_MIB": "0",
        }
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=surroundings
            )
        until(lambda: ready.exists() or process.poll() is not None, "the site starts", READY_S)
        assert ready.exists(), log.read_text()[-4000:]
        facts = json.loads((self.data / "run" / "site.json").read_text())
        self.site_id = json.loads(ready.read_text())["site_id"]
        self.server = Server("site", process, facts)
        self._listen = self.server.url.partition("://")[2]

    def _hang_up(self) -> None:
        """Clients of a site that is gone are of no use to the next."""
        if self.server is not None:
            while self.server.clients:
                self.server.clients.pop().close()

    @property
    def pid(self) -> int:
        """Of server and agent, which are one process."""
        assert self.server is not None
        return self.server.process.pid

    def child(self, module: str) -> int | None:
        """The agent's process that runs this module; None when there is none."""
        return child(self.pid, module)

    def client(self, timeout_s: float = CALL_S) -> Footlight:
        """The SDK, signed in as the administrator."""
        assert self.server is not None
        return self.server.client(timeout_s)

    @cached_property
    def keys(self) -> RecordingKeys:
        """Those of the site."""
        text = (self.data / "keys" / "recording-key").read_text()
        return RecordingKeys(bytes.fromhex(text.strip()))

    # --- its sessions -----------------------------------------------------------------------------

    def furnish(self, client: Footlight) -> None:
        """Make the policies, and a session for each."""
        for name, then in POLICIES.items():
            body = {"name": name, "conditions": {"users": [f"FOOTLIGHT\\{name}"]}, "then": then}
            client.recording_policies.create(body)
        for name in POLICIES:
            self.launch(client, name)

    def launch(self, client: Footlight, user: str) -> Acted:
        """A session of that user, with something that is drawn three times a second."""
        made = client.launches.create("Terminal", user=user, new=True, timeout_s=CALL_S)
        session_id = str(made["sessionId"])
        until(lambda: not client.sessions.get(session_id)["LogonInProgress"], "the logon ends")
        folder = remains.run_folder(self.site_id) / session_id[:8]
        tty = until(lambda: terminal_of(folder), "the terminal has a shell")
        drawing = subprocess.Popen(["sh", "-c", _DRAW.format(tty=tty)])
        self.acted[user] = Acted(user, session_id, folder, drawing)
        return self.acted[user]

    def close(self) -> None:
        """End everything."""
        for one in self.acted.values():
            one.drawing.kill()
            one.drawing.wait(10)
        self._hang_up()
        if self.server is not None:
            if self.server.process.poll() is not None:
                self.start()  # whose clean end takes the sessions along
            end([self.server.process])


@contextlib.contextmanager
def recorded_site(folder: Path) -> Iterator[RecordedSite]:
    """The site, started and furnished; everything goes afterwards."""
    site = RecordedSite(folder)
    site.spool.mkdir(parents=True, mode=0o700)
    options = ("-o", f"size={SPOOL_MIB}m,mode=700")
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", site.spool], check=True, timeout=10)
    try:
        site.start()
        site.furnish(site.client())
        yield site
    finally:
        site.close()
        subprocess.run(["umount", "-l", str(site.spool)], check=True, timeout=10)
        remains.remove(site.site_id)
