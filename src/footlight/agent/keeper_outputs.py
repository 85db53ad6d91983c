"""What each program of a session printed and how it ended: bounded, in the keeper's memory, written to a file when
asked for. Standard library only; wire/host.py SessionOutputs is the file's shape.

Bounds: MOST_PROGRAMS of LONGEST_OUTPUT characters in MOST_PIECES pieces each, so that the file stays below
wire.host.MAX_MESSAGE_BYTES whatever is printed.
"""

from __future__ import annotations

import codecs
import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_OUTPUT = 32 * 1024  # characters of one program, the newest
MOST_PIECES = 512  # of one program
MOST_PROGRAMS = 20
LONGEST_WORD = 200
MOST_WORDS = 20
TOGETHER_MS = 1000  # what one stream says within that time is one piece

# Nothing that was printed may move the terminal of who reads it.
_HARMLESS = {number: "\ufffd" for number in (*range(9), *range(11, 32), *range(127, 160))}


class Output:
    """One program. `stream` is stdout or stderr."""

    def __init__(self, role: str, argv: list[str]) -> None:
        self.role = role
        self.argv = [word[:LONGEST_WORD] for word in argv[:MOST_WORDS]]
        self.pid: int | None = None
        self.exit_code: int | None = None
        self.started_at_ms = _now_ms()
        self.ended_at_ms: int | None = None
        self.dropped = 0
        self._pieces: list[tuple[int, str, str]] = []
        self._length = 0
        decoder = codecs.getincrementaldecoder("utf-8")
        self._decoders = {name: decoder("replace") for name in ("stdout", "stderr")}

    def take(self, stream: str, piece: bytes) -> None:
        """What it has just printed; the oldest goes when there is too much."""
        text = self._decoders[stream].decode(piece).replace("\r\n", "\n").translate(_HARMLESS)
        if not text:
            return
        now_ms = _now_ms()
        self._length += len(text)
        if self._pieces and self._pieces[-1][1] == stream:
            began_ms, _, before = self._pieces[-1]
            if now_ms - began_ms < TOGETHER_MS:
                now_ms, text = began_ms, before + text
                del self._pieces[-1]
        self._pieces.append((now_ms, stream, text))
        while self._length > LONGEST_OUTPUT or len(self._pieces) > MOST_PIECES:
            self._drop()

    def _drop(self) -> None:
        at_ms, stream, text = self._pieces[0]
        too_many = self._length - LONGEST_OUTPUT
        cut = len(text) if len(self._pieces) > MOST_PIECES else min(too_many, len(text))
        self._length -= cut
        self.dropped += cut
        if cut == len(text):
            del self._pieces[0]
        else:
            self._pieces[0] = (at_ms, stream, text[cut:])

    def end(self, code: int) -> None:
        """It is gone: exit code, or negative the signal that killed it."""
        self.exit_code = code
        self.ended_at_ms = _now_ms()

    def written(self) -> dict[str, Any]:
        """As in wire/host.py ProgramOutput."""
        return {
            "role": self.role,
            "argv": self.argv,
            "pid": self.pid,
            "started_at_ms": self.started_at_ms,
            "ended_at_ms": self.ended_at_ms,
            "exit_code": self.exit_code,
            "dropped": self.dropped,
            "pieces": [
                {"at_ms": at_ms, "stream": stream, "text": text}
                for at_ms, stream, text in self._pieces
            ],
        }


class Outputs:
    """Those of a session's programs, in the order of their start."""

    def __init__(self) -> None:
        self._all: list[Output] = []

    def begin(self, role: str, argv: list[str]) -> Output:
        """A program that is about to start. Of too many the oldest that has ended is forgotten, or the oldest."""
        if len(self._all) >= MOST_PROGRAMS:
            gone = [one for one in self._all if one.ended_at_ms is not None]
            self._all.remove((gone or self._all)[0])
        self._all.append(Output(role, argv))
        return self._all[-1]

    def ended(self, pid: int, code: int) -> None:
        """A child of that number has gone; nothing if it is none of them."""
        for one in self._all:
            if one.pid == pid and one.ended_at_ms is None:
                one.end(code)

    def write(self, path: str) -> None:
        """All into a file of our own, atomically. Raises OSError."""
        body = json.dumps({"programs": [one.written() for one in self._all]}, ensure_ascii=False)
        with open(f"{path}.new", "w", encoding="utf-8", errors="replace") as file:
            file.write(body)
        os.replace(f"{path}.new", path)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
