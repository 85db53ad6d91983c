"""What happens in a real session stands in its recording's event track."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from footlight.agent.events import sources
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file
from footlight.playback.timeline import read_timeline
from footlight.recording.event_types import EVENT_TYPES
from footlight.recording.source import FolderSource

TYPED = "sesameopen"
COPIED = "copied in the session: äöü"
# Copies its argument; the second is a further kind of content.
_OWNER = """
import sys
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol.event import SelectionNotify
display = Display()
atom = display.intern_atom
window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
kinds = {atom("UTF8_STRING"): sys.argv[1].encode(), atom("text/html"): b"<b>"}
if len(sys.argv) > 2:
    kinds[atom(sys.argv[2])] = b"secret"
window.set_selection_owner(atom("CLIPBOARD"), X.CurrentTime)
while True:
    event = display.next_event()
    if event.type != X.SelectionRequest:
        continue
    if event.target == atom("TARGETS"):
        event.requestor.change_property(event.property, Xatom.ATOM, 32, [event.target, *kinds])
    else:
        event.requestor.change_property(event.property, event.target, 8, kinds[event.target])
    event.requestor.send_event(SelectionNotify(
        time=event.time, requestor=event.requestor, selection=event.selection, target=event.target,
        property=event.property))
    display.flush()
"""
# 300 titles within two seconds, and one that stays.
_TITLES = r"""
sleep 1.5
i=0; while [ $i -lt 300 ]; do printf '\033]2;title %d\007' $i; i=$((i+1)); sleep 0.005; done
printf '\033]2;the last title\007'
cat
"""


async def _events(stage: Any, recording: str) -> list[dict[str, Any]]:
    """Of a finished recording, once it is stored."""
    folder = stage.data_dir / "recordings"
    await stage.eventually(lambda: list(folder.rglob(f"{recording}/manifest.json")))
    (manifest,) = folder.rglob(f"{recording}/manifest.json")
    return read_timeline(FolderSource(manifest.parent)).events


def _of(events: list[dict[str, Any]], kind: str, **members: Any) -> list[dict[str, Any]]:
    return [
        event
        for event in events
        if event["type"] == kind and all(event.get(k) == v for k, v in members.items())
    ]


async def _run(stage: Any, session: str, *argv: str) -> int:
    """Start a program in the session, as its user; its pid."""
    return int(await stage.agent.host.session(session)._keeper.link.run(list(argv)))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The watcher's events as they come, to wait by."""
    found: list[dict[str, Any]] = []
    plain = sources.read_event

    def read_event(data: bytes) -> Any:
        event = plain(data)
        found.append({"type": event.kind, **event.members})
        return event

    monkeypatch.setattr(sources, "read_event", read_event)
    return found


@pytest.fixture
def copying(stage: Any) -> Iterator[Callable[..., None]]:
    """Copies a text in a session, as a program of it would."""
    owners: list[subprocess.Popen[bytes]] = []

    def copy(session: str, *arguments: str) -> None:
        authority = stage.data_dir / "Xauthority"
        cookie = (stage.folder(session) / "cookie").read_bytes()
        authority.write_bytes(authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode()))
        environment = {"DISPLAY": stage.sessions[session].display, "XAUTHORITY": str(authority)}
        command = [sys.executable, "-c", _OWNER, *arguments]
        owners.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))

    yield copy
    for owner in owners:
        owner.kill()
        owner.wait(10)


async def test_what_is_done_in_a_session_is_in_its_recording(
    stage: Any, heard: list[dict[str, Any]], copying: Callable[..., None]
) -> None:
    session = await stage.launch(["xterm", "-T", "a terminal", "-e", "cat"])
    await stage.eventually(lambda: "a terminal" in stage.x(session, "xlsclients", "-l").stdout)
    recording = await stage.record(session)
    await stage.eventually(lambda: _of(heard, "window-opened", title="a terminal", already=True))
    await stage.eventually(lambda: _of(heard, "program-running", name="xterm"))
    await stage.eventually(lambda: _of(heard, "window-manager", name="Openbox"))
    stage.x(session, "xdotool", "type", TYPED)

    seven = await _run(stage, session, "sh", "-c", "sleep 0.05; exit 7", "--password=hunter2")
    await stage.eventually(lambda: _of(heard, "program-ended", pid=seven, exitCode=7))
    crashed = await _run(stage, session, "sh", "-c", "sleep 0.05; kill -SEGV $$")
    await stage.eventually(lambda: _of(heard, "program-crashed", pid=crashed, signal="SIGSEGV"))
    await _run(stage, session, "xterm", "-T", "first title", "-e", "sh", "-c", _TITLES)
    await stage.eventually(lambda: _of(heard, "window-title", title="the last title"))
    copying(session, COPIED)
    sha256 = hashlib.sha256(COPIED.encode()).hexdigest()
    await stage.eventually(lambda: _of(heard, "clipboard", sha256=sha256))
    stage.x(session, "xdotool", "search", "--name", "last title", "windowkill")
    await stage.eventually(lambda: _of(heard, "window-closed", title="the last title"))
    await stage.log_off(session)
    await stage.until_recording(recording, lambda f: f.status == "completed")

    events = await _events(stage, recording)
    assert {event["type"] for event in events} <= EVENT_TYPES.keys()
    for event in events:
        known = {"type", "atNs", *EVENT_TYPES[event["type"]].members}
        assert event.keys() <= known, event
    (started,) = _of(events, "program-started", pid=seven)
    user = stage.sessions[session].linux_user
    assert started["user"] == user
    assert started["commandLine"] == "sh -c 'sleep 0.05; exit 7' --password=***"
    (ended,) = _of(events, "program-ended", pid=seven)
    assert started["atNs"] < ended["atNs"]
    assert ended["durationMs"] >= 50
    titles = [one["title"] for one in _of(events, "window-title") if "title" in one["title"]]
    assert titles[-1] == "the last title"
    assert 1 <= len(titles) <= 8
    assert any(one.get("skipped", 0) >= 10 for one in _of(events, "window-title"))
    (copied,) = _of(events, "clipboard", sha256=sha256)
    assert copied["direction"] == "inside"
    assert copied["selection"] == "clipboard"
    assert copied["bytes"] == len(COPIED.encode())
    assert "text" not in copied
    assert events[-1]["type"] in ("session-ended", "recording-stopped")
    assert _of(events, "session-ended")
    # Keys are not recorded, nor what was copied, nor the secret of the command line.
    text = json.dumps(events, ensure_ascii=False)
    assert TYPED not in text
    assert COPIED not in text
    assert "hunter2" not in text
    await stage.eventually(lambda: stage.agent.sources.pid is None)


async def test_what_is_copied_is_told_as_text_or_not_at_all(
    stage: Any, heard: list[dict[str, Any]], copying: Callable[..., None]
) -> None:
    session = await stage.launch(["sleep", "300"])
    recording = await stage.record(session, clipboard_text=True, arguments=False)
    await stage.eventually(lambda: _of(heard, "window-manager"))
    (sleeping,) = _of(heard, "program-running", name="sleep")
    assert sleeping["commandLine"] == "sleep"
    copying(session, COPIED)
    await stage.eventually(lambda: _of(heard, "clipboard", text=COPIED))
    viewer = await stage.view(session)
    handshake = b"RFB 003.008\n\x01\x01"
    await viewer.write(handshake + struct.pack(">Bxxxi", 6, 10) + b"from afar!")
    copying(session, "of a password manager", "x-kde-passwordManagerHint")
    await stage.eventually(lambda: _of(heard, "clipboard", secret=True))
    (hidden,) = _of(heard, "clipboard", secret=True)
    assert "bytes" not in hidden
    assert "sha256" not in hidden
    assert "of a password manager" not in json.dumps(heard)
    await stage.change(session, recording=None)
    await stage.until_recording(recording, lambda f: f.status == "completed")
    events = await _events(stage, recording)
    assert _of(events, "clipboard", text=COPIED, direction="inside")
    (brought,) = _of(events, "clipboard", direction="in")
    assert (brought["text"], brought["userName"]) == ("from afar!", "TEST\\ada")
    assert brought["sha256"] == hashlib.sha256(b"from afar!").hexdigest()
    (secret,) = _of(events, "clipboard", secret=True)
    assert secret["offeredTo"] == ["TEST\\ada"]


@pytest.mark.expects_errors
async def test_a_watcher_that_dies_is_told_and_comes_back(
    stage: Any, heard: list[dict[str, Any]]
) -> None:
    session = await stage.launch(["sleep", "300"])
    recording = await stage.record(session)
    await stage.eventually(lambda: _of(heard, "window-manager"))
    first = stage.agent.sources.pid
    os.kill(first, signal.SIGKILL)
    await stage.eventually(lambda: stage.agent.sources.pid not in (None, first))
    heard.clear()
    await stage.eventually(lambda: _of(heard, "window-manager"))
    pid = await _run(stage, session, "true")
    await stage.eventually(lambda: _of(heard, "program-ended", pid=pid))
    await stage.log_off(session)
    await stage.until_recording(recording, lambda f: f.status == "completed")
    events = await _events(stage, recording)
    (failed,) = _of(events, "source-failed", source="watcher")
    (back,) = _of(events, "source-back", source="watcher")
    assert failed["atNs"] < back["atNs"]
