"""The files' door: streams from the server, each one operation in a session's drop folder.

The policy is looked at again here. What touches the folder is a process of the session's user (folder_process.py);
the bytes are counted and hashed on this side, where he cannot reach.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import pwd
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

import footlight.agent
from footlight.bus.bus import ByteStream
from footlight.log import bind, get_logger
from footlight.wire.file_names import name_problem
from footlight.wire.files import FileEnd, FileHead, FileOrder, FileSpan, Refusal
from footlight.wire.frames import DATA, DATA_BYTES, END, FROM, HEADER, Frames
from footlight.wire.frames import frame as framed
from footlight.wire.host import decode, encode

_log = get_logger(__name__)

MOST_AT_ONCE = 4  # of a session
ANSWER_S = 20.0  # the folder's process may take for a step
STALL_S = 60.0  # the other side of the stream may take for a step
END_S = 5.0
PIPE_BYTES = 2 * DATA_BYTES
_NEEDS = {"get": ("out", "both"), "put": ("in", "both"), "delete": ("in", "both"),
          "list": ("in", "out", "both")}  # fmt: skip


class Owner(Protocol):
    """What the door needs of a session."""

    transfers: set[asyncio.Event]  # one for each that is under way; set to end it

    def linux_user(self) -> tuple[str, int] | None:
        """Name and uid of whom it runs as; None unless it runs."""
        ...

    def file_event(self, kind: str, members: dict[str, object]) -> None:
        """Something has happened to a file."""
        ...


class _Refused(Exception):
    """Not done; the reason is one of wire/files.py Refusal."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


class FileDoor:
    """Takes file streams for the sessions that `find` knows."""

    def __init__(self, find: Callable[[str], Owner | None]) -> None:
        self._find = find

    async def serve(self, hello: bytes, stream: ByteStream) -> None:
        """The bus's stream handler: returns when the operation is over."""
        try:
            order = decode(FileOrder, hello)
        except ValueError as error:
            _log.warning("file order refused", error=str(error))
            return
        bind(session=order.session_id)
        session = self._find(order.session_id)
        user = session.linux_user() if session is not None else None
        if session is None or user is None:
            await stream.write(framed(HEADER, encode(FileHead(refused="not-running"))))
            await stream.close()
            return
        stop = asyncio.Event()
        work = asyncio.ensure_future(self._work(order, session, user, stream))
        stopping = asyncio.ensure_future(stop.wait())
        session.transfers.add(stop)
        try:
            await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, stopping):
                task.cancel()
            await asyncio.gather(work, stopping, return_exceptions=True)
            session.transfers.discard(stop)
            await stream.close()
        if not work.cancelled():
            work.result()

    @staticmethod
    async def _work(
        order: FileOrder, session: Owner, user: tuple[str, int], stream: ByteStream
    ) -> None:
        transfer = Transfer(order, session, stream)
        try:
            refusal = _refusal(order, session)
            if refusal is not None:
                raise _Refused(refusal)
            await transfer.run(await _start(order, user))
        except asyncio.CancelledError:
            transfer.cut_off("session-ended")
            raise
        except _Refused as refused:
            await transfer.refuse(refused.reason)
        except (OSError, ValueError) as error:
            if not isinstance(error, ConnectionError):
                _log.warning("file operation failed", error=str(error), do=order.do)
            await transfer.refuse("failed")


def _refusal(order: FileOrder, session: Owner) -> Refusal | None:
    """Why the order is not even tried."""
    if order.allowed not in _NEEDS[order.do]:
        return "policy"
    if order.do != "list" and name_problem(order.name) is not None:
        return "missing"
    return "busy" if len(session.transfers) > MOST_AT_ONCE else None


class Transfer:
    """One operation between the stream and the folder's process."""

    def __init__(self, order: FileOrder, session: Owner, stream: ByteStream) -> None:
        self._order = order
        self._session = session
        self._stream = stream
        self._from_server = Frames(stream.read)
        self._size = 0
        self._hash = hashlib.sha256()
        self._answered = False
        self._began = False

    async def run(self, process: Process) -> None:
        """Until it is over; then nothing of the process is left. Raises _Refused, OSError, ValueError."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._to_folder = process.stdin
        self._from_folder = Frames(process.stdout.read)
        done = False
        try:
            head = await self._head()
            match self._order.do:
                case "get":
                    self._begin()
                    await self._answer(HEADER, head)
                    await self._get()
                case "put":
                    self._begin()
                    await self._answer(HEADER, head)
                    await self._put()
                case "delete":
                    self._event("file-deleted", {})
                    await self._answer(HEADER, head)
                case "list":
                    await self._answer(HEADER, head)
            done = True
        finally:
            if not done and self._order.do != "put":
                process.kill()  # it may wait for somebody who reads; of an arrival it has to clear up
            await asyncio.shield(_end(process))

    def cut_off(self, reason: str) -> None:
        """It is over before its end."""
        if self._order.do != "list":
            kind = "file-transfer-failed" if self._began else "file-refused"
            self._event(kind, {"bytes": self._size, "reason": reason})

    async def refuse(self, reason: Refusal) -> None:
        """The last word on the stream, if anybody listens."""
        self.cut_off(reason)
        try:
            if self._answered:
                await self._stream.write(framed(END, encode(FileEnd(refused=reason))))
            else:
                await self._answer(HEADER, FileHead(refused=reason))
        except (ConnectionError, TimeoutError):
            return

    async def _head(self) -> FileHead:
        head = decode(FileHead, await self._of_folder(HEADER))
        if head.refused is not None:
            raise _Refused(head.refused)
        return head

    async def _get(self) -> None:
        asked = await self._of_server()
        if asked is None or asked[0] != FROM:
            raise ConnectionResetError("the server has gone")
        span = decode(FileSpan, asked[1])
        await self._give(framed(FROM, encode(span)))
        while (found := await self._next_of_folder())[0] == DATA:
            self._count(found[1])
            await self._take(framed(*found))
        await self._ended(found)

    async def _put(self) -> None:
        while True:
            said = await self._of_server()
            if said is None or said[0] not in (DATA, END):
                raise ConnectionResetError("the file ended early")
            if said[0] == DATA:
                self._count(said[1])
                if self._size > self._order.limit_bytes:
                    raise _Refused("too-large")
            await self._give(framed(*said))
            if said[0] == END:
                break
        await self._ended(await self._next_of_folder())

    async def _ended(self, found: tuple[bytes, bytes]) -> None:
        if found[0] != END:
            raise ValueError("another frame of the folder's process")
        end = decode(FileEnd, found[1])
        if end.refused is not None:
            raise _Refused(end.refused)
        whole = FileEnd(size_bytes=self._size, sha256=self._hash.hexdigest())
        self._event("file-transferred", {"bytes": self._size, "sha256": whole.sha256})
        await self._take(framed(END, encode(whole)))

    def _count(self, data: bytes) -> None:
        self._size += len(data)
        self._hash.update(data)

    # --- both sides, each step within its time ---

    async def _of_folder(self, kind: bytes) -> bytes:
        found = await self._next_of_folder()
        if found[0] != kind:
            raise ValueError("another frame of the folder's process")
        return found[1]

    async def _next_of_folder(self) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout(ANSWER_S):
                found = await self._from_folder.next()
        except TimeoutError:
            raise _Refused("stalled") from None
        if found is None:
            raise _Refused("failed")
        return found

    async def _give(self, frame: bytes) -> None:
        """To the folder's process. One that has refused reads no more, and its word is there to be read."""
        try:
            async with asyncio.timeout(ANSWER_S):
                self._to_folder.write(frame)
                await self._to_folder.drain()
        except TimeoutError:
            raise _Refused("stalled") from None
        except ConnectionError:
            end = decode(FileEnd, await self._of_folder(END))
            raise _Refused(end.refused or "failed") from None

    async def _of_server(self) -> tuple[bytes, bytes] | None:
        try:
            async with asyncio.timeout(STALL_S):
                return await self._from_server.next()
        except TimeoutError:
            raise _Refused("stalled") from None

    async def _take(self, frame: bytes) -> None:
        """To the server."""
        try:
            async with asyncio.timeout(STALL_S):
                await self._stream.write(frame)
        except TimeoutError:
            raise _Refused("stalled") from None

    async def _answer(self, kind: bytes, message: msgspec.Struct) -> None:
        self._answered = True
        await self._take(framed(kind, encode(message)))

    def _begin(self) -> None:
        self._began = True
        self._event("file-transfer-began", {})

    def _event(self, kind: str, members: dict[str, object]) -> None:
        order = self._order
        ways: dict[str, object] = {"get": "out", "put": "in", "delete": "delete"}
        common = {
            "name": order.name,
            "direction": ways.get(order.do, order.do),
            "userName": order.user_name,
            "address": order.address,
        }
        self._session.file_event(kind, {**common, **members})


async def _start(order: FileOrder, user: tuple[str, int]) -> Process:
    """The folder's process, told what to do. Raises OSError, _Refused."""
    try:
        entry = pwd.getpwnam(user[0])
    except KeyError:
        raise _Refused("not-running") from None
    if entry.pw_uid != user[1] or entry.pw_uid == 0:
        raise _Refused("not-running")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-sSP", "-m", "footlight.agent.folder_process"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={
            "PYTHONPATH": str(Path(footlight.agent.__file__).parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
        },
        limit=PIPE_BYTES,
        start_new_session=True,
    )
    plan: dict[str, Any] = {
        "do": order.do,
        "name": order.name,
        "overwrite": order.overwrite,
        "after": order.after,
        "count": order.count,
        "limit_bytes": order.limit_bytes,
        "home": entry.pw_dir,
        "user": {"name": user[0], "uid": entry.pw_uid, "gid": entry.pw_gid},
    }
    assert process.stdin is not None
    process.stdin.write(framed(HEADER, msgspec.json.encode(plan)))
    return process


async def _end(process: Process) -> None:
    """End of input ends it; KILL if not within END_S."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
