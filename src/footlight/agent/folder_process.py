"""One operation in a user's drop folder: a process that starts as the agent's user, becomes the folder's for good
before it looks at anything, and speaks frames (wire/frames.py) over standard input and output. Standard library only.

The user can end it, and has then ended his own transfer; he can neither trace it nor read its memory, and it has
no descriptor but its two pipes.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

from footlight.agent import drop_folder
from footlight.wire.frames import DATA, DATA_BYTES, END, FROM, HEAD, HEADER, MAX_PAYLOAD_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

PR_SET_NO_NEW_PRIVS = 38


class Broken(Exception):
    """The other side has gone, or says what it should not."""


class FolderProcess:
    """The dialogue over two streams."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink

    def run(self, plan: dict[str, Any]) -> None:
        """Do what the plan says, and tell how it went. Raises Broken."""
        try:
            folder = drop_folder.open_folder(plan["home"])
            try:
                self._do(folder, plan)
            finally:
                os.close(folder)
        except drop_folder.Refused as refused:
            self._say(HEADER, {"refused": str(refused)})
        except OSError as error:
            self._say(HEADER, {"refused": drop_folder.reason_of(error)})

    def plan(self) -> dict[str, Any]:
        """What is to be done. Raises Broken."""
        return self._object(HEADER)

    def _do(self, folder: int, plan: dict[str, Any]) -> None:
        name = plan["name"]
        match plan["do"]:
            case "list":
                entries, more = drop_folder.listed(folder, plan["after"], plan["count"])
                self._say(HEADER, {"entries": entries, "more": more})
            case "get":
                self._get(folder, name)
            case "put":
                self._put(folder, name, plan)
            case "delete":
                drop_folder.remove(folder, name)
                self._say(HEADER, {})

    def _get(self, folder: int, name: str) -> None:
        file, facts = drop_folder.open_file(folder, name)
        mark = f"{facts.st_ino:x}-{facts.st_size:x}-{facts.st_mtime_ns:x}"
        self._say(HEADER, {"file": drop_folder.entry(name, facts), "mark": mark})
        span = self._object(FROM)
        at, left = int(span["first"]), int(span["length"])
        while left > 0:
            data = os.pread(file, min(left, DATA_BYTES), at)
            if not data:
                self._say(END, {"refused": "failed"})  # it was cut meanwhile
                return
            self._send(DATA, data)
            at += len(data)
            left -= len(data)
        self._say(END, {})

    def _put(self, folder: int, name: str, plan: dict[str, Any]) -> None:
        arrival = drop_folder.Arrival(folder, name, overwrite=plan["overwrite"])
        try:
            self._say(HEADER, {})
            try:
                while (frame := self._next())[0] == DATA:
                    arrival.write(frame[1])
                if frame[0] != END:
                    raise Broken("another frame")
                arrival.keep()
            except drop_folder.Refused as refused:
                self._say(END, {"refused": str(refused)})
            except OSError as error:
                self._say(END, {"refused": drop_folder.reason_of(error)})
            else:
                self._say(END, {})
        finally:
            arrival.close()

    def _next(self) -> tuple[bytes, bytes]:
        kind, length = HEAD.unpack(self._exactly(HEAD.size))
        if length > MAX_PAYLOAD_BYTES:
            raise Broken("too long")
        return kind, self._exactly(length)

    def _object(self, wanted: bytes) -> dict[str, Any]:
        kind, payload = self._next()
        if kind != wanted:
            raise Broken("another frame")
        found: dict[str, Any] = json.loads(payload)
        return found

    def _exactly(self, count: int) -> bytes:
        data = self._source.read(count)
        if len(data) != count:
            raise Broken("the agent has gone")
        return data

    def _say(self, kind: bytes, message: dict[str, Any]) -> None:
        self._send(kind, json.dumps(message).encode())

    def _send(self, kind: bytes, payload: bytes) -> None:
        try:
            self._sink.write(HEAD.pack(kind, len(payload)) + payload)
            self._sink.flush()
        except BrokenPipeError:
            raise Broken("the agent has gone") from None


def become(user: dict[str, Any], limit_bytes: int) -> None:
    """Be that user from now on, with files of at most that size; no way leads back. Raises OSError."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    if os.geteuid() == 0:
        os.initgroups(user["name"], user["gid"])
        os.setresgid(user["gid"], user["gid"], user["gid"])
        os.setresuid(user["uid"], user["uid"], user["uid"])
    if os.geteuid() == 0 or os.geteuid() != user["uid"]:
        raise PermissionError("this is not the folder's user")
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o077)


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    os.chdir("/")
    dialogue = FolderProcess(sys.stdin.buffer, sys.stdout.buffer)
    try:
        plan = dialogue.plan()
        become(plan["user"], plan["limit_bytes"])
        dialogue.run(plan)
    except (Broken, OSError):
        sys.exit(1)


if __name__ == "__main__":
    main()
