"""The recording notice on a real screen."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import zstandard

from footlight.agent.notice import TEXT
from footlight.agent.notice_window import BACKGROUND, DOT, HEIGHT, LIT
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file
from footlight.wire.host import MessageOrder


def _pixels(stage: Any, session: str) -> list[tuple[int, int, int]]:
    """The middle of the screen's top edge, as the X server has it."""
    code = (
        "import sys;from Xlib import X;from Xlib.display import Display;d=Display();"
        f"i=d.screen().root.get_image(340,0,600,{HEIGHT},X.ZPixmap,0xffffffff);"
        "sys.stdout.buffer.write(i.data)"
    )
    authority = stage.data_dir / "Xauthority"
    cookie = (stage.folder(session) / "cookie").read_bytes()
    authority.write_bytes(authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode()))
    environment = {"DISPLAY": stage.sessions[session].display, "XAUTHORITY": str(authority)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, timeout=20, check=True
    )
    return [(r, g, b) for b, g, r, _ in struct.iter_unpack("4B", done.stdout)]


def _is_shown(stage: Any, session: str) -> bool:
    pixels = _pixels(stage, session)
    return pixels.count(BACKGROUND) > 3000 and pixels.count(DOT) > 50


def _events(stage: Any, recording: str) -> list[dict[str, Any]]:
    """The events of a finished recording, read from its segments' bodies by format.md section 3."""
    events = []
    for path in sorted((stage.data_dir / "recordings").rglob("*.flseg")):
        if recording not in str(path):
            continue
        # Skippable frames before the body are stepped over.
        data = path.read_bytes()
        while data[:4] in (struct.pack("<I", 0x184D2A50 + n) for n in range(16)):
            data = data[8 + struct.unpack_from("<I", data, 4)[0] :]
        raw = zstandard.ZstdDecompressor(max_window_size=2**23).stream_reader(data).read()
        at = 0
        while at + 16 <= len(raw):
            kind, _, _, length, _ = struct.unpack_from("<BBHIQ", raw, at)
            if kind == 3:
                events.append(json.loads(raw[at + 16 : at + 16 + length]))
            at += 16 + length
    return events


async def test_the_notice_is_shown_stays_on_top_and_comes_again_for_each_viewer(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    recording = await stage.record(session, notify=True)
    await stage.until(session, lambda f: f.recording and f.recording.notified)
    assert await asyncio.to_thread(_is_shown, stage, session)

    # A window that covers all and wants to be above: the notice is back above it.
    covered = await asyncio.to_thread(
        stage.x, session, "sh", "-c", "xterm -geometry 300x80+0+0 -e sleep 30 >/dev/null 2>&1 &"
    )
    assert covered.returncode == 0
    await asyncio.sleep(1)
    await stage.eventually(lambda: _is_shown(stage, session))

    stream = await stage.view(session)
    await stage.eventually(lambda: _pixels(stage, session).count(LIT) > 3000)  # it blinks
    await stage.eventually(lambda: _is_shown(stage, session))
    await asyncio.sleep(2.5)
    assert await asyncio.to_thread(_is_shown, stage, session)
    await stream.close()
    await stage.until(session, lambda f: not f.viewers)

    await stage.change(session, recording=None)
    await stage.until_recording(recording, lambda f: f.status == "completed")
    await stage.eventually(lambda: not _is_shown(stage, session))
    await stage.eventually(
        lambda: any(e["type"] == "recording-stopped" for e in _events(stage, recording))
    )
    shown = [e for e in _events(stage, recording) if e["type"] == "notice-shown"]
    assert [e["viewer"] for e in shown] == ["", "TEST\\ada"]
    assert {e["text"] for e in shown} == {TEXT}
    kinds = [e["type"] for e in _events(stage, recording)]
    assert kinds.index("viewer-attached") < kinds.index("viewer-left")


async def test_the_notice_comes_back_when_its_process_is_killed(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    await stage.record(session, notify=True)
    await stage.until(session, lambda f: f.recording and f.recording.notified)
    killed = _notice_pid(stage, session)
    os.kill(killed, signal.SIGKILL)
    await stage.eventually(lambda: _notice_pid(stage, session) not in (None, killed))
    await stage.eventually(lambda: _is_shown(stage, session))


async def test_the_notice_is_centred_again_after_a_resize(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    await stage.record(session, notify=True)
    await stage.until(session, lambda f: f.recording and f.recording.notified)
    resized = await asyncio.to_thread(stage.x, session, "xrandr", "--size", "1024x768")
    assert resized.returncode == 0, resized.stderr

    def off_centre() -> int:
        listed = stage.x(session, "xwininfo", "-name", "Recording notice").stdout
        words = [line.split() for line in listed.splitlines()]
        found = {" ".join(w[:-1]): w[-1] for w in words if w}
        left_edge = int(found["Absolute upper-left X:"])
        return abs(2 * left_edge + int(found["Width:"]) - 1024)

    await stage.eventually(lambda: off_centre() <= 1)


async def test_without_notify_nothing_is_shown(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    await stage.record(session, notify=False)
    await asyncio.sleep(1)
    assert not await asyncio.to_thread(_is_shown, stage, session)
    assert not stage.sessions[session].recording.notified


async def test_a_message_is_an_event_of_the_recording(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    recording = await stage.record(session)
    message = MessageOrder(
        message_id="m1", style="Critical", title="Soon", text="Save ü", ordered_by="TEST\\root"
    )
    await stage.change(session, messages=[message])
    await stage.until(session, lambda f: f.messages_shown == ["m1"])
    await stage.change(session, recording=None, messages=[])
    await stage.until_recording(recording, lambda f: f.status == "completed")
    await stage.eventually(
        lambda: any(e["type"] == "recording-stopped" for e in _events(stage, recording))
    )
    (shown,) = [e for e in _events(stage, recording) if e["type"] == "message-shown"]
    assert (shown["messageId"], shown["text"], shown["orderedBy"]) == ("m1", "Save ü", "TEST\\root")
    assert (shown["style"], shown["title"]) == ("Critical", "Soon")


def _notice_pid(stage: Any, session: str) -> int | None:
    """The notice's process: the site's own user's, not the session's."""
    wanted = f"DISPLAY={stage.sessions[session].display}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"footlight.agent.notice_window" not in (folder / "cmdline").read_bytes():
                continue
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                assert folder.stat().st_uid == 0
                return int(folder.name)
        except OSError:
            continue
    return None
