"""The displays' door: streams from viewers, each relayed to its session's X server.

A viewer's stream is in line with the X server's RFB socket, not a second reader of it; passage.py says what
passes of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from footlight.agent import cover
from footlight.agent.cover import Cover
from footlight.agent.line_meter import LineMeter
from footlight.agent.passage import Passage
from footlight.bus.bus import ByteStream
from footlight.log import bind, get_logger
from footlight.rfb.clipboard import Policy
from footlight.rfb.cut_text import Carried, CutTexts
from footlight.rfb.first_picture import FirstPicture
from footlight.tasks import cancel, spawn
from footlight.wire.host import DisplayHello, ViewerFacts, ViewerLine, decode

_log = get_logger(__name__)

READ_BYTES = 128 * 1024
CONNECT_S = 5.0
HELD_S = 1.0  # a viewer waits so long for a cover to be lifted before it is shown it
MOST_VIEWERS = 32


@dataclass(eq=False)
class Viewer:
    """An attached viewer; `stop` is set to throw it out. `returns`: it is to come back at once."""

    facts: ViewerFacts
    clipboard: Policy = "both"
    returns: bool = False
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    meter: LineMeter = field(default_factory=LineMeter)


class Watched(Protocol):
    """What the tap needs of a session."""

    viewers: list[Viewer]
    cover: Cover

    def rfb_path(self) -> str | None:
        """The X server's RFB socket; None while or when there is none."""
        ...

    async def consents(self, viewer: Viewer) -> bool:
        """Whether the session's user, asked now, lets it in."""
        ...

    def viewer_attached(self, viewer: Viewer) -> None:
        """It is in `viewers` now."""
        ...

    def picture_sent(self) -> None:
        """A viewer gets its first update of the screen."""
        ...

    def line_measured(self) -> None:
        """The facts of a viewer's line have changed."""
        ...

    def copied(self, viewer: Viewer, carried: Carried) -> None:
        """Its clipboard was moved."""
        ...

    def viewer_left(self, viewer: Viewer) -> None:
        """It is no longer in `viewers`."""
        ...


class Tap:
    """Takes display streams for the sessions that `find` knows."""

    def __init__(self, find: Callable[[str], Watched | None]) -> None:
        self._find = find

    def hear(self, line: ViewerLine) -> None:
        """The server's word that a viewer's connection lives."""
        session = self._find(line.session_id)
        for viewer in session.viewers if session is not None else ():
            if viewer.facts.viewer_id == line.viewer_id:
                now_s = asyncio.get_running_loop().time()
                measured = viewer.meter.measured(viewer.facts, now_s, line.round_trip_ms)
                if session is not None and measured != viewer.facts:
                    viewer.facts = measured
                    session.line_measured()

    async def serve(self, hello: bytes, stream: ByteStream) -> None:
        """The bus's stream handler: returns when the viewer has left or was thrown out."""
        try:
            message = decode(DisplayHello, hello)
        except ValueError as error:
            _log.warning("display refused", error=str(error))
            return
        bind(session=message.session_id)
        session = self._find(message.session_id)
        path = session.rfb_path() if session is not None else None
        if session is None or path is None or len(session.viewers) >= MOST_VIEWERS:
            return
        viewer = Viewer(message.viewer, message.clipboard)
        if message.ask and not await _let_in(session, viewer, stream):
            await stream.close()
            return
        await session.cover.lifted_within(HELD_S)
        cause = session.cover.cause
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await (
                    cover.connect(cause)
                    if cause
                    else asyncio.open_unix_connection(path, limit=READ_BYTES)
                )
        except (OSError, TimeoutError) as error:
            _log.warning("display is not there", error=str(error))
            return
        if bool(session.cover.cause) != bool(cause):  # meanwhile the other is true
            writer.close()
            stream.abandon()
            return
        viewer.meter.begin(asyncio.get_running_loop().time(), watched=message.watched)
        await self._attend(session, viewer, stream, reader, writer)

    @staticmethod
    async def _attend(
        session: Watched,
        viewer: Viewer,
        stream: ByteStream,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if viewer.facts.own and viewer.facts.mode == "interactive":
            throw_out(session, lambda other: other.own and other.mode == "interactive")
        session.viewers.append(viewer)
        session.viewer_attached(viewer)
        passage = Passage(only_view=viewer.facts.mode == "view", clipboard=viewer.clipboard)
        work = (
            spawn("display to viewer", _screen(reader, stream, passage, viewer.meter, session)),
            spawn("viewer to display", _input(stream, writer, passage, viewer, session)),
            spawn("viewer thrown out", _wait(viewer.stop)),
            spawn("viewer is silent", _silent(viewer)),
        )
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            session.viewers.remove(viewer)
            session.viewer_left(viewer)
            writer.close()
            await cancel(*work)
            if viewer.returns:
                stream.abandon()
            await stream.close()


def send_round(session: Watched) -> None:
    """Break off all streams: the viewers come back to what is true then, the session or its cover."""
    for viewer in session.viewers:
        viewer.returns = True
    throw_out(session, lambda _: True)


def throw_out(session: Watched, which: Callable[[ViewerFacts], bool]) -> None:
    """Close the streams of those viewers; they leave a moment later."""
    for viewer in session.viewers:
        if which(viewer.facts):
            viewer.stop.set()


async def _let_in(session: Watched, viewer: Viewer, stream: ByteStream) -> bool:
    """The user's answer; no when the viewer does not wait for it. A viewer says nothing before the server does."""
    asking = spawn("viewer asks to be let in", session.consents(viewer))
    leaving = spawn("viewer waits", stream.read(1))
    try:
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        return asking.done() and not leaving.done() and asking.result()
    finally:
        await cancel(asking, leaving)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _silent(viewer: Viewer) -> None:
    """Returns when nothing was heard of the viewer's line for too long."""
    loop = asyncio.get_running_loop()
    # Time itself is what is waited for.
    while (left_s := viewer.meter.silent_in(loop.time())) > 0:  # noqa: ASYNC110
        await asyncio.sleep(left_s)
    _log.warning("viewer's line is dead", viewer=viewer.facts.viewer_id)


async def _screen(
    reader: asyncio.StreamReader,
    stream: ByteStream,
    passage: Passage,
    meter: LineMeter,
    session: Watched,
) -> None:
    """From the X server to the viewer, held up by whoever reads slowly."""
    first: FirstPicture | None = FirstPicture()
    try:
        while data := await reader.read(READ_BYTES):
            passed, refused = passage.from_server(data)
            if passed:
                await stream.write(passed)
                meter.out_bytes += len(passed)
                if first is not None and first.feed(passed):
                    first = None
                    session.picture_sent()
            if refused is not None:
                _log.warning(
                    "display's stream refused", reason=refused.reason, offset=refused.offset
                )
                return
    except ConnectionError:
        return


async def _input(
    stream: ByteStream,
    writer: asyncio.StreamWriter,
    passage: Passage,
    viewer: Viewer,
    session: Watched,
) -> None:
    """From the viewer to the X server. What passed of its clipboard is told."""
    texts = CutTexts()
    try:
        while data := await stream.read(READ_BYTES):
            viewer.meter.in_bytes += len(data)
            passed, refused = passage.from_viewer(data)
            writer.write(passed)
            await writer.drain()
            for carried in texts.feed(passed):
                session.copied(viewer, carried)
            if refused is not None:
                _log.warning(
                    "viewer's stream refused", reason=refused.reason, offset=refused.offset
                )
                return
    except ConnectionError:
        return
