"""One recording from the policy that wants it to the tombstone that is left of it, on real sessions."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.cluster.ground import ROOT, until
from tests.cluster.recorded_site import Acted, RecordedSite, terminal_of

import remains
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file
from footlight.playback.render import Renderer
from footlight.recording.source import FolderSource
from footlight.sdk import Conflict, Footlight
from spool_lock import holding

pytestmark = pytest.mark.long
COPIED, TITLE, MARK = "a copied text", "a title of its own", "the moment of the marker"
ROLL_OVER_BYTES = 1_000_000
DAY_MS = 24 * 3_600_000
COLOURS = {"red": "#ff0000", "green": "#00ff00", "blue": "#0000ff"}
SEEN = 1000  # pixels of a colour at least


class Life:
    """The site, and what is done in its sessions."""

    def __init__(self, folder: Path) -> None:
        self.site = RecordedSite(folder)
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def client(self) -> Footlight:
        return self.site.client()

    def environment(self, acted: Acted) -> dict[str, str]:
        """What a program of root needs to reach the session's screen."""
        authority = self.folder / f"Xauthority.{acted.user}"
        cookie = (acted.folder / "cookie").read_bytes()
        authority.write_bytes(authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode()))
        display = json.loads((acted.folder / "state.json").read_text())["display"]
        return {**os.environ, "DISPLAY": display, "XAUTHORITY": str(authority)}

    def paint(self, acted: Acted, colour: str) -> None:
        """Another background of the terminal."""
        Path(terminal_of(acted.folder)).write_text(f"\033]11;{colour}\007\033[2J")

    def copy(self, acted: Acted, text: str) -> None:
        """As a program of the session would."""
        command = [sys.executable, str(ROOT / "tests" / "session_inside.py"), "own", text]
        process = subprocess.Popen(
            command, env=self.environment(acted), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        self.processes.append(process)

    def footlight(self, *words: str) -> tuple[int, dict[str, Any]]:
        """A command on the site's data folder: exit code and what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "footlight", *words, "--json"],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "src"),
                "FOOTLIGHT_DATA_DIR": str(self.site.data),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        print(words, done.stderr)
        return done.returncode, json.loads(done.stdout or "{}")

    def events(self, recording_id: str, kind: str) -> list[dict[str, Any]]:
        return [dict(one) for one in self.client.recordings.events(recording_id, type=kind)]

    def programs(self, recording_id: str) -> list[str]:
        """Those that ran when the recording began, and those started since: a policy may be faster than a program."""
        kinds = ("program-running", "program-started")
        return [one["name"] for kind in kinds for one in self.events(recording_id, kind)]

    def again(self) -> None:
        """End the site, and start it again with what it has kept."""
        assert self.site.server is not None
        for acted in self.site.acted.values():
            acted.drawing.kill()
        for client in self.site.server.clients:
            client.close()
        self.site.server.clients.clear()
        self.site.server.process.terminate()
        assert self.site.server.process.wait(60) == 0
        self.site.start()

    def pass_two_days(self) -> None:
        """For recordings that have ended."""
        with contextlib.closing(sqlite3.connect(self.site.data / "footlight.db")) as database:
            database.create_function("fold", 1, str.casefold, deterministic=True)
            database.execute(
                f"UPDATE recordings SET ended_at_ms = ended_at_ms - {2 * DAY_MS} WHERE ended_at_ms > 0"
            )
            database.commit()

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate(timeout=10)
        self.site.close()
        remains.remove(self.site.site_id)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    made = Life(tmp_path)
    try:
        made.site.start()
        yield made
    finally:
        made.close()


def colours(png: bytes) -> dict[str, int]:
    """How many pixels are red, green, blue."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).reshape(-1, 3)
    return {
        name: int((pixels == np.eye(3, dtype=np.uint8)[place] * 255).all(axis=1).sum())
        for place, name in enumerate(COLOURS)
    }


def running(client: Footlight, session_id: str) -> str:
    found = [
        str(one["id"])
        for one in client.recordings.list(session_id=session_id)
        if one["state"] == "recording"
    ]
    return found[0] if found else ""


def store(life: Life, recording_id: str) -> FolderSource:
    """Once it is kept."""
    folder = life.site.data / "recordings" / recording_id
    until((folder / "manifest.json").exists, "it is stored")
    return FolderSource(folder, life.site.keys.data_key(recording_id))


def test_from_the_policy_to_the_tombstone(life: Life) -> None:
    client = life.client
    client.retention_classes.create({"name": "Day", "keepDays": 1})
    then = {"record": "screen", "ifLost": "cover", "clipboardText": True, "retentionClass": "Day"}
    policy = client.recording_policies.create(
        {"name": "Kept", "conditions": {"users": ["FOOTLIGHT\\kept"]}, "then": then}
    )
    session = life.site.launch(client, "kept")
    first = until(lambda: running(client, session.session_id), "the policy has it recorded")
    assert client.sessions.recording_status(session.session_id)

    # What is done is in its events, and can be found.
    life.copy(session, COPIED)
    until(lambda: [e for e in life.events(first, "clipboard") if e.get("text") == COPIED], "copied")
    until(lambda: "xterm" in life.programs(first), "the terminal is told of")
    subprocess.run(
        ["xdotool", "search", "--class", "xterm", "set_window", "--name", TITLE],
        env=life.environment(session),
        check=True,
        timeout=20,
    )
    until(lambda: [e for e in life.events(first, "window-title") if e["title"] == TITLE], "title")
    client.recordings.markers.add(first, MARK)
    hit = until(lambda: next(iter(client.recordings.search(text=MARK)), None), "it is found")
    assert (hit["recordingId"], hit["type"]) == (first, "marker")

    # Calls change nothing of what the policy holds.
    client.sessions.start_recording(session.session_id)
    assert running(client, session.session_id) == first
    with pytest.raises(Conflict, match="Kept"):
        client.sessions.stop_recording(session.session_id)

    # Nobody uses it unrecorded.
    pid = life.site.child("footlight.agent.recorder")
    assert pid is not None
    with holding(life.site.spool / ".lock"):
        os.kill(pid, signal.SIGKILL)
        until(lambda: not client.sessions.recording_status(session.session_id), "it is lost")
        time.sleep(2.5)  # longer than anybody may use it
    until(lambda: client.sessions.recording_status(session.session_id), "it is back")
    until(lambda: life.events(first, "session-uncovered"), "it is uncovered")
    assert [e["cause"] for e in life.events(first, "session-covered")] == ["recorder-lost"]

    # It goes on as another one, and at the border both show the same.
    session.drawing.kill()
    noise = subprocess.Popen(
        ["sh", "-c", f"exec base64 -w 70 /dev/urandom > {terminal_of(session.folder)}"]
    )
    try:
        until(
            lambda: client.recordings.get(first)["sizeBytes"] > ROLL_OVER_BYTES,
            "it has grown",
            120,
        )
    finally:
        noise.kill()
        noise.wait(10)
    life.paint(session, COLOURS["blue"])
    time.sleep(2)  # all of it is drawn and recorded
    then["rollOverBytes"] = ROLL_OVER_BYTES
    client.recording_policies.update(policy["id"], {"then": then})
    second = until(
        lambda: found if (found := running(client, session.session_id)) != first else "",
        "it rolls over",
    )
    client.sessions.logoff(session.session_id)
    for one in (first, second):
        until(lambda one=one: client.recordings.get(one)["state"] == "completed", "it is closed")
        assert client.recordings.verification(one)["status"] == "verified"
    before, after = client.recordings.get(first), client.recordings.get(second)
    assert after["startedAt"] <= before["endedAt"]
    assert client.recordings.manifest(second)["gaps"] == []
    last = Renderer(store(life, first)).picture(before["durationMs"] * 1_000_000)
    begun = Renderer(store(life, second)).picture(0)
    assert last is not None
    assert begun is not None
    assert np.array_equal(last.pixels.pixels, begun.pixels.pixels)

    # The evidence file stands alone, and does not when a byte of it is another.
    evidence = life.folder / "evidence.html"
    code, _ = life.footlight("recordings", "export", first, "--evidence", "--out", str(evidence))
    assert code == 0
    key = client.recordings.verification(first)["siteKey"]
    (life.folder / "site-key").write_text(key)
    pinned = ("--key", str(life.folder / "site-key"))
    assert life.footlight("recordings", "verify", str(evidence), *pinned)[1]["status"] == "verified"
    data = bytearray(evidence.read_bytes())
    place = data.index(b'data-name="000000.flseg"') + 2000
    data[place] = ord("A") if data[place] != ord("A") else ord("B")
    flipped = life.folder / "flipped.html"
    flipped.write_bytes(data)
    code, verdict = life.footlight("recordings", "verify", str(flipped), *pinned)
    assert code == 1
    assert verdict.get("status") == "damaged"

    # Held it stays; released it goes, and what is left says so.
    hold = client.recordings.hold(first, {"reason": "asked for by the court"})
    life.again()
    client = life.client
    life.pass_two_days()
    life.again()
    client = life.client
    (stone,) = until(lambda: list(client.recordings.tombstones()), "its time is over", 90)
    assert stone["recordingId"] == second
    assert client.recordings.get(first)["state"] == "completed"
    client.recordings.release(first, hold["id"])
    life.again()
    client = life.client
    until(lambda: len(list(client.recordings.tombstones())) == 2, "it is gone", 90)
    assert client.recordings.tombstone(first)["signature"]
    until(lambda: not (life.site.data / "recordings" / first).exists(), "its files, too")
    code, found = life.footlight("audit", "verify")
    assert (code, found["whole"]) == (0, True)


def test_a_reports_link_leads_to_what_was_on_the_screen(life: Life) -> None:
    """The seconds before it are in the recording, and the moment is counted from where they begin."""
    client = life.client
    then = {"record": "no", "preRollSeconds": 20}
    client.recording_policies.create(
        {"name": "Ready", "conditions": {"users": ["FOOTLIGHT\\called"]}, "then": then}
    )
    session = life.site.launch(client, "called")
    seen_s = {}  # when (seconds since 1970) each colour had been there for a while
    for colour in ("blue", "red"):
        life.paint(session, COLOURS[colour])
        time.sleep(2)
        seen_s[colour] = time.time()
        time.sleep(1.5)  # times are told in whole seconds
    report = client.reports.create(session.session_id, {"text": "it is red"})
    time.sleep(1)
    life.paint(session, COLOURS["green"])
    time.sleep(2)
    seen_s["green"] = time.time()
    found = until(
        lambda: one if (one := client.reports.get(report["id"]))["atMs"] is not None else None,
        "it is recorded",
    )
    client.sessions.start_recording(session.session_id)  # theirs from now on
    client.sessions.stop_recording(session.session_id)
    recording_id, at_s = found["recordingId"], found["atMs"] / 1000
    began_s = datetime.fromisoformat(found["reportedAt"]).timestamp() - at_s
    moments = {**seen_s, "red": began_s + at_s}
    for colour, when_s in moments.items():
        shown = colours(client.recordings.frame(recording_id, when_s - began_s))
        assert max(shown, key=shown.__getitem__) == colour, (when_s - began_s, shown)
        assert shown[colour] > SEEN
