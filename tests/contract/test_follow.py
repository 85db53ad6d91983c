"""Who follows a recording that is made is close behind, and what is reported, found and deleted of a real one."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.conftest import LiveSite

V1 = "/footlight/v1"
ROUNDS = 5
WITHIN_S = 60.0
BEHIND_S = 5.0  # generous: the machine may be busy with other tests
# Prints a line whenever the file has grown.
WATCHER = """import os, sys, time
size = 0
while True:
    now = os.stat(sys.argv[1]).st_size
    if now != size:
        size = now
        print("changed", now, flush=True)
    time.sleep(0.01)
"""


@pytest.fixture
def trigger(tmp_path: Path, client: httpx.Client) -> Iterator[Path]:
    """A file that a program in a session watches; the program is published as Watcher."""
    folder = tmp_path
    while folder != folder.parent and folder != Path("/tmp"):
        folder.chmod(0o755)
        folder = folder.parent
    script, file = tmp_path / "watcher.py", tmp_path / "trigger"
    script.write_text(WATCHER)
    file.touch()
    group = client.get("/cvad/manage/DeliveryGroups").json()["Items"][0]["Name"]
    program = {
        "CommandLineExecutable": "xterm",
        "CommandLineArguments": f"-e /usr/bin/python3 {script} {file}",
    }
    body = {
        "NewApplications": [{"Name": "Watcher", "InstalledAppProperties": program}],
        "DeliveryGroups": [{"Item": group}],
    }
    assert client.post("/cvad/manage/Applications", json=body).status_code == 201
    yield file
    client.delete("/cvad/manage/Applications/Watcher")


class Follower:
    """Fetches the bytes of what is open as they come, from segment to segment, and notes when. `have`: how many."""

    def __init__(self, site: LiveSite, recording_id: str) -> None:
        self._site = site
        self._segments = f"{V1}/recordings/{recording_id}/segments"
        self.have = 0
        self.sealed = 0
        self.grew_at = 0.0
        self.ended = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._site.client() as client:
            at = 0
            while not self.ended:
                url = f"{self._segments}/{self.sealed}?wait=5"
                answer = client.get(url, headers={"Range": f"bytes={at}-"})
                if answer.status_code == 404:  # the next one has not begun
                    time.sleep(0.05)
                elif answer.headers["X-Footlight-Open"] == "false":
                    self.sealed, at = self.sealed + 1, 0
                elif answer.status_code == 206:
                    at += len(answer.content)
                    self.have += len(answer.content)
                    self.grew_at = time.monotonic()

    def stop(self) -> None:
        self.ended = True
        self._thread.join(WITHIN_S)


def until(look: Any) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := look()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)
    return found


def test_a_change_reaches_who_follows(site: LiveSite, client: httpx.Client, trigger: Path) -> None:
    made = client.post(f"{V1}/launches", json={"resource": "Watcher", "new": True}).json()
    session = f"/cvad/manage/Sessions/{made['sessionId']}"
    report = client.post(f"{V1}/sessions/{made['sessionId']}/reports", json={"text": "slow"})
    assert report.status_code == 201, report.text
    recording_id = report.json()["recordingId"]
    assert recording_id is not None
    follower = Follower(site, recording_id)
    try:
        behind = [_changed(follower, trigger) for _ in range(ROUNDS)]
    finally:
        follower.stop()
    print("behind, in seconds:", [round(one, 3) for one in behind])
    assert statistics.median(behind) < BEHIND_S, behind
    assert client.post(f"{session}/$stopRecording").status_code == 200
    listed = f"{V1}/recordings/{recording_id}"
    hits = f"{V1}/recordings/search?recordingId={recording_id}&type=recording-started"
    (hit,) = until(lambda: client.get(hits).json()["items"])
    assert hit["recordingId"] == recording_id
    hold = client.post(f"{listed}/holds", json={"reason": "case"}).json()
    assert client.delete(f"{listed}?reason=over").status_code == 409
    assert client.delete(f"{listed}/holds/{hold['id']}").status_code == 204
    until(lambda: client.delete(f"{listed}?reason=over").status_code == 200)
    assert client.get(listed).status_code == 404
    left = client.get(f"{V1}/recordings/tombstones/{recording_id}").json()
    assert left["why"] == "over"
    assert left["sealedSegments"] >= max(1, follower.sealed)
    assert client.get(f"{V1}/audit/verification").json()["whole"] is True
    client.post(f"{session}/$logoff")


def _changed(follower: Follower, trigger: Path) -> float:
    """How long it takes from a change on the screen until its bytes are there."""
    # What came before is over when nothing has come for a while.
    until(lambda: follower.have and time.monotonic() - follower.grew_at > 1.5)
    before = follower.have
    began = time.monotonic()
    with trigger.open("a") as file:
        file.write("x")
    until(lambda: follower.have > before)
    return follower.grew_at - began
