from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import line_meter, tap
from footlight.agent.cover import Cover
from footlight.agent.tap import MOST_VIEWERS, Tap, Viewer, send_round, throw_out
from footlight.bus.bus import ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.rfb.cut_text import Carried
from footlight.wire.host import DisplayHello, ViewerFacts, ViewerLine, encode

HELLO = b"RFB 003.008\n\x01\x00"
KEY = struct.pack(">BBHI", 4, 1, 0, 97)
REQUEST = struct.pack(">BBHHHH", 3, 1, 0, 0, 10, 10)


class Session:
    """A session whose X server only notes what it gets."""

    def __init__(self, path: str | None) -> None:
        self.viewers: list[Viewer] = []
        self.cover = Cover()
        self.path = path
        self.moves: list[str] = []
        self.got = bytearray()
        self.answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.changed = asyncio.Condition()

    def rfb_path(self) -> str | None:
        return self.path

    async def consents(self, viewer: Viewer) -> bool:
        self.moves.append(f"?{viewer.facts.viewer_id}")
        return await self.answer

    def viewer_attached(self, viewer: Viewer) -> None:
        self.moves.append(f"+{viewer.facts.viewer_id}")

    def picture_sent(self) -> None:
        self.moves.append("picture")

    def copied(self, viewer: Viewer, carried: Carried) -> None:
        self.moves.append(f"{carried.direction} {carried.text}")

    def line_measured(self) -> None:
        self.moves.append("measured")

    def viewer_left(self, viewer: Viewer) -> None:
        self.moves.append(f"-{viewer.facts.viewer_id}")

    async def x_server(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n")
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                async with self.changed:
                    self.got += data
                    self.changed.notify_all()
        writer.close()

    async def until_got(self, wanted: bytes) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: bytes(self.got) == wanted)


class Door:
    def __init__(self, session: Session, bus: InProcessBus, tap: Tap) -> None:
        self.session = session
        self.tap = tap
        self.bus = bus

    async def attach(
        self,
        name: str,
        *,
        own: bool = True,
        mode: str = "interactive",
        ask: bool = False,
        watched: bool = False,
    ) -> ByteStream:
        facts = ViewerFacts(
            viewer_id=name,
            user_name="F\\ada",
            own=own,
            mode=mode,  # type: ignore[arg-type]
            address="127.0.0.1",
            via_address=None,
            client_name="",
            platform="Linux",
            version="1",
            attached_at_ms=1,
        )
        hello = DisplayHello(session_id="s", viewer=facts, ask=ask, watched=watched)
        return await self.bus.dial("display", encode(hello), 5)

    async def shown(self, stream: ByteStream) -> bytes:
        async with asyncio.timeout(5):
            return await stream.read(100)

    async def shown_after_handshake(self, stream: ByteStream) -> bytes:
        found = b""
        async with asyncio.timeout(5):
            while len(found) < 24 + 7:
                found += await stream.read(1000)
        return found

    async def closed(self, stream: ByteStream) -> None:
        async with asyncio.timeout(5):
            while await stream.read(100):
                pass


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    path = str(tmp_path / "rfb")
    session = Session(path)
    server = await asyncio.start_unix_server(session.x_server, path)
    bus = InProcessBus()
    made = Tap({"s": session}.get)
    await bus.listen("display", made.serve)
    yield Door(session, bus, made)
    await bus.close()
    server.close()
    await server.wait_closed()


async def test_bytes_go_both_ways_and_the_shared_flag_is_set(door: Door) -> None:
    stream = await door.attach("v")
    assert await door.shown(stream) == b"RFB 003.008\n"
    await stream.write(HELLO + KEY + REQUEST)
    await door.session.until_got(b"RFB 003.008\n\x01\x01" + KEY + REQUEST)


async def test_what_is_copied_through_a_viewer_is_told_as_far_as_it_passed(door: Door) -> None:
    for mode, name in (("view", "looks"), ("interactive", "works")):
        stream = await door.attach(name, mode=mode, own=mode != "view")
        await stream.write(HELLO + b"\x06\0\0\0\0\0\0\x05hello" + REQUEST)
    async with asyncio.timeout(5):
        while "in hello" not in door.session.moves:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert door.session.moves.count("in hello") == 1


async def test_a_stream_may_come_byte_by_byte(door: Door) -> None:
    stream = await door.attach("v")
    for byte in HELLO + KEY + b"\xee anything":
        await stream.write(bytes([byte]))
    await door.session.until_got(b"RFB 003.008\n\x01\x01" + KEY + b"\xee anything")


async def test_what_follows_the_handshake_at_once_is_not_lost(door: Door) -> None:
    stream = await door.attach("v")
    await stream.write(HELLO + b"\xee\xef no message that we know")
    await door.session.until_got(b"RFB 003.008\n\x01\x01\xee\xef no message that we know")


async def test_one_who_only_views_can_change_nothing(door: Door) -> None:
    stream = await door.attach("v", mode="view")
    for byte in HELLO + KEY + REQUEST + KEY + REQUEST:
        await stream.write(bytes([byte]))
    await door.session.until_got(b"RFB 003.008\n\x01\x01" + REQUEST + REQUEST)


async def test_nonsense_ends_the_stream_of_one_who_only_views(door: Door) -> None:
    stream = await door.attach("v", mode="view")
    await stream.write(HELLO + b"\xee")
    await door.closed(stream)
    assert door.session.moves == ["+v", "-v"]


async def test_the_same_users_next_viewer_replaces_the_last(door: Door) -> None:
    first = await door.attach("first")
    shadower = await door.attach("shadower", own=False, mode="view")
    looking = await door.attach("looking", mode="view")
    for stream in (first, shadower, looking):
        await door.shown(stream)
    second = await door.attach("second")
    await door.closed(first)
    await door.shown(second)
    assert [viewer.facts.viewer_id for viewer in door.session.viewers] == [
        "shadower",
        "looking",
        "second",
    ]


async def test_throwing_out(door: Door) -> None:
    mine, his = await door.attach("mine"), await door.attach("his", own=False)
    for stream in (mine, his):
        await door.shown(stream)
    throw_out(door.session, lambda facts: facts.own)
    await door.closed(mine)
    assert [viewer.facts.viewer_id for viewer in door.session.viewers] == ["his"]


async def test_a_display_that_is_not_there_closes_the_stream(door: Door) -> None:
    door.session.path = None
    await door.closed(await door.attach("v"))
    door.session.path = "/nowhere/rfb"
    await door.closed(await door.attach("v"))
    await door.closed(await door.bus.dial("display", b"no hello", 5))
    assert door.session.moves == []


async def test_who_comes_to_a_covered_session_sees_the_cover_and_types_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tap, "HELD_S", 0.01)
    door.session.cover.put("spool-full")
    stream = await door.attach("v")
    assert await door.shown(stream) == b"RFB 003.008\n"
    await stream.write(HELLO + KEY + REQUEST)
    assert b"covered" in await door.shown_after_handshake(stream)
    assert bytes(door.session.got) == b""
    door.session.cover.lift()
    send_round(door.session)
    await door.closed(stream)
    assert stream.broken  # so that it comes back
    again = await door.attach("v")
    await door.shown(again)
    await again.write(HELLO + KEY)
    await door.session.until_got(b"RFB 003.008\n\x01\x01" + KEY)


async def test_a_viewer_is_held_until_a_short_cover_is_lifted(door: Door) -> None:
    door.session.cover.put("starting")
    stream = await door.attach("v")
    shown = asyncio.ensure_future(door.shown(stream))
    await asyncio.sleep(0.05)
    assert not shown.done()
    assert door.session.moves == []
    door.session.cover.lift()
    assert await shown == b"RFB 003.008\n"


async def test_a_cover_that_comes_while_a_viewer_connects_sends_it_round(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = asyncio.open_unix_connection

    async def slow(*given: Any, **more: Any) -> Any:
        found = await opened(*given, **more)
        door.session.cover.put("spool-full")
        return found

    monkeypatch.setattr(asyncio, "open_unix_connection", slow)
    stream = await door.attach("v")
    await door.closed(stream)
    assert stream.broken
    assert door.session.moves == []


async def test_viewers_have_a_bound(door: Door) -> None:
    streams = [await door.attach(str(n), own=False) for n in range(MOST_VIEWERS)]
    for stream in streams:
        await door.shown(stream)
    await door.closed(await door.attach("one more", own=False))
    assert len(door.session.viewers) == MOST_VIEWERS


async def test_who_is_let_in_sees_the_screen_only_then(door: Door) -> None:
    stream = await door.attach("v", own=False, ask=True)
    shown = asyncio.ensure_future(door.shown(stream))
    await asyncio.sleep(0.05)
    assert not shown.done()
    assert door.session.moves == ["?v"]
    door.session.answer.set_result(True)
    assert await shown == b"RFB 003.008\n"
    assert door.session.moves == ["?v", "+v"]


async def test_who_is_refused_sees_nothing(door: Door) -> None:
    door.session.answer.set_result(False)
    assert await door.shown(await door.attach("v", own=False, ask=True)) == b""
    assert door.session.moves == ["?v"]


async def test_who_does_not_wait_is_not_let_in(door: Door) -> None:
    leaver = await door.attach("leaver", own=False, ask=True)
    await leaver.close()
    pusher = await door.attach("pusher", own=False, ask=True)
    await pusher.write(HELLO)
    await door.closed(pusher)
    assert door.session.moves == ["?leaver", "?pusher"]


async def test_how_a_line_does_is_a_fact_of_its_viewer(door: Door) -> None:
    stream = await door.attach("v", watched=True)
    await door.shown(stream)
    await stream.write(HELLO)
    await door.session.until_got(b"RFB 003.008\n\x01\x01")
    for name, trip_ms in (("other", 5), ("v", 17)):
        door.tap.hear(ViewerLine(session_id="s", viewer_id=name, round_trip_ms=trip_ms))
    (viewer,) = door.session.viewers
    assert viewer.facts.round_trip_ms == 17
    assert viewer.facts.from_viewer_bytes_s > 0
    assert viewer.facts.to_viewer_bytes_s > 0
    assert door.session.moves == ["+v", "measured"]
    door.tap.hear(ViewerLine(session_id="none", viewer_id="v", round_trip_ms=1))


async def test_a_watched_line_of_which_nothing_is_heard_is_ended(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_meter, "SILENT_S", 0.05)
    unwatched = await door.attach("w", own=False)
    stream = await door.attach("v", watched=True)
    await door.closed(stream)
    assert [viewer.facts.viewer_id for viewer in door.session.viewers] == ["w"]
    await unwatched.close()
