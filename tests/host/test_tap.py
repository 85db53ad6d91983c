"""Viewers on a real display: what they see, what they may do, and who has to go."""

from __future__ import annotations

import asyncio
import struct
from typing import Any

import pytest

from footlight.bus.bus import ByteStream

RETURN = 0xFF0D


class Vnc:
    """As much of a VNC client as these tests need."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self._held = b""
        self.width = self.height = 0

    async def exactly(self, count: int) -> bytes:
        async with asyncio.timeout(10):
            while len(self._held) < count:
                piece = await self.stream.read(65_536)
                if not piece:
                    raise ConnectionResetError
                self._held += piece
        data, self._held = self._held[:count], self._held[count:]
        return data

    async def sign_in(self, shared: bytes = b"\0") -> Vnc:
        assert await self.exactly(12) == b"RFB 003.008\n"
        await self.stream.write(b"RFB 003.008\n")
        assert await self.exactly(2) == b"\x01\x01"
        await self.stream.write(b"\x01")
        assert await self.exactly(4) == b"\0\0\0\0"
        await self.stream.write(shared)
        self.width, self.height = struct.unpack(">HH", (await self.exactly(20))[:4])
        await self.exactly(struct.unpack(">I", await self.exactly(4))[0])
        return self

    async def picture(self) -> bytes:
        """The whole screen in raw pixels."""
        await self.stream.write(struct.pack(">BBHi", 2, 0, 1, 0))
        await self.stream.write(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        kind, _, count = struct.unpack(">BBH", await self.exactly(4))
        assert kind == 0
        pixels = bytearray(self.width * self.height * 4)
        for _ in range(count):
            x, y, width, height, encoding = struct.unpack(">HHHHi", await self.exactly(12))
            assert encoding == 0
            for row in range(y, y + height):
                at = (row * self.width + x) * 4
                pixels[at : at + width * 4] = await self.exactly(width * 4)
        return bytes(pixels)

    async def type(self, text: str) -> None:
        for key in [*(ord(letter) for letter in text), RETURN]:
            for down in (1, 0):
                await self.stream.write(struct.pack(">BBHI", 4, down, 0, key))

    async def closed(self) -> bool:
        try:
            async with asyncio.timeout(10):
                while await self.stream.read(65_536):
                    pass
        except ConnectionError:
            return True
        return True


async def _terminal(stage: Any) -> str:
    """A session whose terminal writes each line typed into a file."""
    command = 'while read line; do echo "$line" >> $XDG_RUNTIME_DIR/typed; done'
    session = await stage.launch(["xterm", "-e", "sh", "-c", command])
    # Typing goes to the window that has the focus: wait until that is the terminal.
    await stage.eventually(
        lambda: (
            "# 0x" in stage.x(session, "xprop", "-root", "_NET_ACTIVE_WINDOW").stdout
            and "# 0x0\n" not in stage.x(session, "xprop", "-root", "_NET_ACTIVE_WINDOW").stdout
        )
    )
    return str(session)


async def test_the_user_works_in_the_session(stage: Any) -> None:
    session = await _terminal(stage)
    vnc = await Vnc(await stage.view(session)).sign_in()
    facts = await stage.until(session, lambda f: f.viewers)
    assert (facts.viewers[0].user_name, facts.viewers[0].own) == ("TEST\\ada", True)
    assert facts.viewers_changed_at_ms is not None
    assert (vnc.width, vnc.height) == (1280, 800)
    assert len(set(await vnc.picture())) > 2
    await vnc.type("hello")
    typed = stage.folder(session) / "run" / "typed"
    await stage.eventually(lambda: typed.exists() and typed.read_text() == "hello\n")
    await vnc.stream.close()
    gone = await stage.until(session, lambda f: not f.viewers)
    assert gone.viewers_changed_at_ms >= facts.viewers_changed_at_ms
    assert gone.phase == "running"


async def test_one_who_only_views_sees_and_cannot_type_or_resize(stage: Any) -> None:
    session = await _terminal(stage)
    owner = await Vnc(await stage.view(session)).sign_in()
    vnc = await Vnc(await stage.view(session, own=False, mode="view", user="TEST\\root")).sign_in()
    assert len(set(await vnc.picture())) > 2
    await vnc.type("intruder")
    await vnc.stream.write(struct.pack(">BBHH", 5, 1, 20, 20))
    await vnc.stream.write(struct.pack(">BxxxI", 6, 8) + b"clipping")
    await vnc.stream.write(struct.pack(">BxHHBxIHHHHI", 251, 640, 480, 1, 0, 0, 0, 640, 480, 0))
    # The picture's answer says that the X server is through with all of it.
    await vnc.picture()
    await owner.type("owner")
    typed = stage.folder(session) / "run" / "typed"
    await stage.eventually(typed.exists)
    await asyncio.sleep(0.3)
    assert typed.read_text() == "owner\n"
    assert "1280x800" in stage.x(session, "xdpyinfo").stdout
    facts = await stage.until(session, lambda f: len(f.viewers) == 2)
    assert {viewer.mode for viewer in facts.viewers} == {"interactive", "view"}


async def test_nobody_is_thrown_out_by_an_unshared_viewer(stage: Any) -> None:
    session = await _terminal(stage)
    recording = await stage.record(session)
    shadower = await Vnc(await stage.view(session, own=False, mode="view")).sign_in()
    await Vnc(await stage.view(session)).sign_in(shared=b"\0")
    await shadower.picture()
    assert stage.sessions[session].recording.recording_id == recording
    assert stage.sessions[session].recording.status == "recording"


async def test_the_users_next_viewer_takes_the_place_of_the_last(stage: Any) -> None:
    session = await _terminal(stage)
    first = await Vnc(await stage.view(session)).sign_in()
    shadower = await Vnc(await stage.view(session, own=False, mode="view")).sign_in()
    second = await Vnc(await stage.view(session)).sign_in()
    assert await first.closed()
    await second.picture()
    await shadower.picture()
    facts = await stage.until(session, lambda f: len(f.viewers) == 2)
    assert [viewer.own for viewer in facts.viewers] == [False, True]


async def test_disconnect_throws_viewers_out_and_the_session_stays(stage: Any) -> None:
    session = await _terminal(stage)
    vnc = await Vnc(await stage.view(session)).sign_in()
    await stage.until(session, lambda f: f.viewers)
    await stage.change(session, disconnects=1)
    assert await vnc.closed()
    facts = await stage.until(session, lambda f: f.disconnects == 1 and not f.viewers)
    assert (facts.phase, facts.generation) == ("running", 2)
    again = await Vnc(await stage.view(session)).sign_in()
    await again.picture()


async def test_a_viewer_that_talks_nonsense_is_cut_off_alone(stage: Any) -> None:
    session = await _terminal(stage)
    owner = await Vnc(await stage.view(session)).sign_in()
    vnc = await Vnc(await stage.view(session, own=False, mode="view")).sign_in()
    await vnc.stream.write(b"\xee\xee\xee")
    assert await vnc.closed()
    await owner.picture()


async def test_a_display_that_is_not_there_closes_at_once(stage: Any) -> None:
    stream = await stage.view("00000000-0000-4000-8000-000000000000")
    assert await stream.read(10) == b""
    session = await stage.launch(["true"], wait=False)
    await stage.until(session, lambda f: f.phase == "ended")
    stream = await stage.view(session)
    assert await stream.read(10) == b""


@pytest.mark.parametrize("bytes_each", [64 * 1024])
async def test_a_viewer_that_does_not_read_holds_nobody_up(stage: Any, bytes_each: int) -> None:
    session = await _terminal(stage)
    slow = await Vnc(await stage.view(session, own=False, mode="view")).sign_in()
    await slow.stream.write(struct.pack(">BBHi", 2, 0, 1, 0))
    for _ in range(20):
        await slow.stream.write(struct.pack(">BBHHHH", 3, 0, 0, 0, 1280, 800))
    owner = await Vnc(await stage.view(session)).sign_in()
    for _ in range(3):
        await owner.picture()
    await owner.type("on")
    typed = stage.folder(session) / "run" / "typed"
    await stage.eventually(lambda: typed.exists() and typed.read_text() == "on\n")
