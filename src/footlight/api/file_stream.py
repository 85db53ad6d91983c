"""The server's side of an operation on a file of a session: a stream to its host, and refusals in HTTP's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from footlight.api.errors import Refused, http_problem
from footlight.bus import subjects
from footlight.bus.bus import Bus, ByteStream
from footlight.errors import Conflict, Forbidden, LimitReached, NotFound, Unavailable
from footlight.wire.files import FileEnd, FileHead, FileOrder, FileSpan, Refusal
from footlight.wire.frames import DATA, DATA_BYTES, END, FROM, HEADER, Frames, frame
from footlight.wire.host import decode, encode

DIAL_TIMEOUT_S = 10.0
STEP_S = 40.0  # longer than a host gives a folder's process for a step
BUSY_RETRY_S = 2


class FileStream:
    """One operation; `head` is the host's answer to its order, `end` how it went."""

    def __init__(self, stream: ByteStream, order: FileOrder) -> None:
        self.head = FileHead()
        self.end = FileEnd()  # of one that was read whole
        self._stream = stream
        self._order = order
        self._frames = Frames(stream.read)

    @classmethod
    async def open(cls, bus: Bus, machine_id: str, order: FileOrder) -> FileStream:
        """Raises what `refusal` makes of a refusal, and Unavailable when the host is not there."""
        stream = await bus.dial(subjects.files(machine_id), encode(order), DIAL_TIMEOUT_S)
        made = cls(stream, order)
        try:
            made.head = decode(FileHead, await made._expected(HEADER))
            if made.head.refused is not None:
                raise refusal(made.head.refused, order)
        except BaseException:
            await made.close()
            raise
        return made

    async def read(self, span: FileSpan) -> AsyncIterator[bytes]:
        """The file's bytes, all of them. Raises Unavailable, also in the midst."""
        await self._send(FROM, encode(span))
        left = span.length
        while (found := await self._next())[0] == DATA:
            left -= len(found[1])
            yield found[1]
        self.end = self._end_of(found)
        if left != 0:
            raise Unavailable("The host gave another number of bytes than it said.")

    async def write(self, data: bytes) -> None:
        """Bytes of the file that goes in. Raises what `refusal` makes of a refusal."""
        for first in range(0, len(data), DATA_BYTES):
            await self._send(DATA, data[first : first + DATA_BYTES])

    async def finish(self) -> FileEnd:
        """The file is whole: returns once it has its name. Raises what `refusal` makes of a refusal."""
        await self._send(END, b"")
        return self._end_of(await self._next())

    async def close(self) -> None:
        """End it; what has not arrived whole leaves nothing."""
        await self._stream.close()

    async def _expected(self, kind: bytes) -> bytes:
        found = await self._next()
        if found[0] != kind:
            raise Unavailable("The host answers something else.")
        return found[1]

    async def _next(self) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout(STEP_S):
                found = await self._frames.next()
        except (TimeoutError, ValueError):
            found = None
        if found is None:
            raise Unavailable("The session's host has ended the transfer.")
        return found

    def _end_of(self, found: tuple[bytes, bytes]) -> FileEnd:
        if found[0] != END:
            raise Unavailable("The host answers something else.")
        end = decode(FileEnd, found[1])
        if end.refused is not None:
            raise refusal(end.refused, self._order)
        return end

    async def _send(self, kind: bytes, payload: bytes) -> None:
        try:
            async with asyncio.timeout(STEP_S):
                await self._stream.write(frame(kind, payload))
        except TimeoutError:
            raise Unavailable("The session's host takes nothing.") from None
        except ConnectionError:
            # The host has had enough; why is its last word.
            self._end_of(await self._next())
            raise Unavailable("The session's host has ended the transfer.") from None


def refusal(reason: Refusal, order: FileOrder) -> Exception:
    """The exception that tells of it."""
    named = {"entityType": "File", "id": order.name}
    match reason:
        case "policy":
            return Forbidden(
                "The delivery group's rules do not let files go this way.", code="FilesNotAllowed"
            )
        case "missing":
            return NotFound("There is no such file.", code="UnknownFile", **named)
        case "exists":
            return Conflict("There is a file of that name.", code="FileExists", **named)
        case "not-a-file":
            return Conflict("What is called so is no ordinary file.", code="NotAFile", **named)
        case "denied":
            return Conflict("The session's user may not do that.", code="NotPermitted", **named)
        case "too-large":
            return too_large(order.limit_bytes)
        case "no-space":
            return Conflict("There is no space left for it.", code="NoSpace", **named)
        case "no-folder":
            return Conflict("What is called as the drop folder is none.", code="NoFolder")
        case "not-running":
            return Conflict("The session does not run.", code="SessionNotRunning")
        case "busy":
            return LimitReached("Too many transfers at once.", retry_s=BUSY_RETRY_S)
        case "stalled":
            return Unavailable("The transfer stood still for too long.")
        case "failed":
            return Unavailable("The session's host could not do it.")


def too_large(limit_bytes: int) -> Refused:
    """413."""
    limit = {"maxBytes": str(limit_bytes)}
    return Refused(http_problem(413, f"The file is over {limit_bytes} bytes.", None, limit))
