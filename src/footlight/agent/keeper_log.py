"""What a session's processes print: bounded on disk, last words kept in memory. Standard library only."""

from __future__ import annotations

import json
import os
import selectors
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LOG_BYTES = 512 * 1024
KEPT_LOG_BYTES = 128 * 1024
LONGEST_TAIL_BYTES = 4 * 1024


class KeeperLog:
    """One file for all; one pipe for each role, so that its last line can be told from the others'."""

    def __init__(self, path: str, selector: selectors.BaseSelector) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._selector = selector
        self._tails: dict[str, bytes] = {}
        self._open: dict[int, Callable[[], bool]] = {}

    def writer(self, role: str, also: Callable[[bytes], None] = lambda _: None) -> int:
        """A descriptor for the role's output, of which `also` is told too; the caller closes it once the child
        has it."""
        read, write = os.pipe()
        os.set_blocking(read, False)
        self._tails[role] = b""
        self._open[read] = lambda: self._take(read, role, also)
        self._selector.register(read, selectors.EVENT_READ, self._open[read])
        return write

    def say(self, event: str, **fields: str | int | None) -> None:
        """An event of the keeper itself, as the agent logs its own: a line of JSON."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        told = {name: value for name, value in fields.items() if value is not None}
        entry = {"event": event, **told, "room": "agent.keeper", "level": "info", "timestamp": at}
        self._append(json.dumps(entry).encode() + b"\n")

    def text_of(self, role: str) -> str:
        """The last words of the role's newest process, at most LONGEST_TAIL_BYTES."""
        self.drain()
        return self._tails.get(role, b"").decode(errors="replace")

    def last_line_of(self, role: str) -> str:
        """Its last line that says something, at most 200 characters; "" when it was silent."""
        lines = [line.strip() for line in self.text_of(role).splitlines() if line.strip()]
        return lines[-1][:200] if lines else ""

    def drain(self) -> None:
        """Take what is there now."""
        for take in list(self._open.values()):
            for _ in range(64):
                if not take():
                    break

    def _take(self, read: int, role: str, also: Callable[[bytes], None]) -> bool:
        """Whether there was something."""
        try:
            piece = os.read(read, 64 * 1024)
        except BlockingIOError:
            return False
        if not piece:
            self._selector.unregister(read)
            del self._open[read]
            os.close(read)
            return False
        self._tails[role] = (self._tails[role] + piece)[-LONGEST_TAIL_BYTES:]
        self._append(piece)
        also(piece)
        return True

    def _append(self, piece: bytes) -> None:
        try:
            size = os.fstat(self._file).st_size
            if size + len(piece) > LONGEST_LOG_BYTES:
                kept = os.pread(self._file, KEPT_LOG_BYTES, max(0, size - KEPT_LOG_BYTES))
                os.ftruncate(self._file, 0)
                os.write(self._file, kept)
            os.write(self._file, piece)
        except OSError:  # a full disk must not end a session
            return
