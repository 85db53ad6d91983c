"""A client of a session's X server that never waits: requests go out, answers are handed on as they come. Whoever
owns the session may have made the X server slow or mad, so what is read and kept has bounds.

Source: X Window System Protocol, X11R7, appendix B.
"""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator

from footlight.agent.xvnc import COOKIE_NAME

READ_BYTES = 64 * 1024
LONGEST_ANSWER_BYTES = 2 * 1024 * 1024
MOST_UNSENT_BYTES = 256 * 1024
MOST_AWAITED = 4096
EVENT_BYTES = 32
GENERIC_EVENT = 35

Answer = Callable[[bytes | None], None]  # the whole reply; None: an error


class XClient:
    """Non-blocking; `look` when `fileno` is readable, or writable while `unsent`. `ready` is called once the X server
    has let it in, `on_event` for each event (32 bytes)."""

    def __init__(
        self, path: str, cookie: bytes, ready: Callable[[], None], on_event: Callable[[bytes], None]
    ) -> None:
        """Raises OSError when nobody listens."""
        self.root = self.width = self.height = 0
        self.is_ready = False
        self._ids: Iterator[int] = iter(())
        self._mask = 0
        self._ready, self._on_event = ready, on_event
        self._sequence = 0
        self._awaited: deque[tuple[int, Answer]] = deque()
        self._in = bytearray()
        self._out = bytearray()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        try:
            self._socket.connect(path)
            self._write(
                struct.pack("<BxHHHHxx", 0x6C, 11, 0, len(COOKIE_NAME), len(cookie))
                + _padded(COOKIE_NAME)
                + _padded(cookie)
            )
        except BaseException:
            self._socket.close()
            raise

    @property
    def unsent(self) -> bool:
        """Whether something waits until the X server reads."""
        return bool(self._out)

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def new_id(self) -> int:
        """An id for a resource of ours."""
        return next(self._ids)

    def is_servers_own(self, resource: int) -> bool:
        """Whether a resource is the X server's own, not a client's."""
        return (resource & 0x1FFFFFFF) >> self._mask.bit_length() == 0

    def tell(self, request: bytes) -> None:
        """A request without an answer. Raises OSError when the X server takes nothing any more."""
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._write(request)

    def ask(self, request: bytes, answer: Answer) -> None:
        """A request with an answer. Raises OSError."""
        if len(self._awaited) >= MOST_AWAITED:
            raise ConnectionAbortedError("the X server does not answer")
        self.tell(request)
        self._awaited.append((self._sequence, answer))

    def look(self) -> None:
        """Send what waits, take what has come, at most READ_BYTES of it. Raises OSError when the X server is gone."""
        if self._out:
            self._flush()
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionResetError("the X server closed the connection")
        self._in += data
        while self._in and self._next():
            pass

    # --- what comes ---

    def _next(self) -> bool:
        """Whether a whole message was there."""
        if not self.is_ready:
            return self._setup()
        if len(self._in) < EVENT_BYTES:
            return False
        kind = self._in[0]
        size = EVENT_BYTES
        if kind == 1 or kind & 0x7F == GENERIC_EVENT:
            size += struct.unpack_from("<I", self._in, 4)[0] * 4
            if size > LONGEST_ANSWER_BYTES:
                raise ConnectionAbortedError("the X server's answer is too long")
            if len(self._in) < size:
                return False
        message = bytes(self._in[:size])
        del self._in[:size]
        if kind > 1:
            self._on_event(message)
        else:
            self._answered(message, kind == 1)
        return True

    def _answered(self, message: bytes, good: bool) -> None:
        (sequence,) = struct.unpack_from("<H", message, 2)
        if self._awaited and self._awaited[0][0] == sequence:
            _, answer = self._awaited.popleft()
            answer(message if good else None)

    def _setup(self) -> bool:
        if len(self._in) < 8:
            return False
        size = 8 + struct.unpack_from("<H", self._in, 6)[0] * 4
        if len(self._in) < size:
            return False
        body = bytes(self._in[8:size])
        if self._in[0] != 1:
            raise PermissionError(
                f"X refused: {body[: self._in[1]].decode(errors='replace').strip()}"
            )
        del self._in[:size]
        first, self._mask = struct.unpack_from("<II", body, 4)
        step = self._mask & -self._mask
        self._ids = iter(range(first, first + 1000 * step, step))
        vendor, formats = struct.unpack_from("<H", body, 16)[0], body[21]
        screen = 32 + -(-vendor // 4) * 4 + 8 * formats
        self.root, _, _, _, _, self.width, self.height = struct.unpack_from(
            "<IIIIIHH", body, screen
        )
        self.is_ready = True
        self._ready()
        return True

    # --- what goes ---

    def _write(self, data: bytes) -> None:
        self._out += data
        if len(self._out) > MOST_UNSENT_BYTES:
            raise ConnectionAbortedError("the X server does not read")
        self._flush()

    def _flush(self) -> None:
        try:
            del self._out[: self._socket.send(self._out)]
        except BlockingIOError:
            return


# --- requests (numbers are opcodes of the core protocol) ---


def intern_atom(name: bytes) -> bytes:
    """InternAtom; made when nobody has named it yet."""
    return struct.pack("<BBHHH", 16, 0, 2 + len(_padded(name)) // 4, len(name), 0) + _padded(name)


def get_atom_name(atom: int) -> bytes:
    return struct.pack("<BBHI", 17, 0, 2, atom)


def get_property(
    window: int, atom: int, longest_bytes: int, offset_words: int = 0, *, delete: bool = False
) -> bytes:
    """GetProperty of any type; deleted once it was read to its end."""
    words = -(-longest_bytes // 4)
    return struct.pack("<BBHIIIII", 20, int(delete), 6, window, atom, 0, offset_words, words)


def select_events(window: int, mask: int) -> bytes:
    """ChangeWindowAttributes: which events of the window this client, and no other, is told."""
    return struct.pack("<BBHIII", 2, 0, 4, window, 0x800, mask)


def query_extension(name: bytes) -> bytes:
    return struct.pack("<BBHHH", 98, 0, 2 + len(_padded(name)) // 4, len(name), 0) + _padded(name)


def unseen_window(window: int, root: int, mask: int) -> bytes:
    """CreateWindow: one that is never on the screen, to be given properties."""
    return struct.pack("<BBHIIhhHHHHIII", 1, 0, 9, window, root, 0, 0, 1, 1, 0, 2, 0, 0x800, mask)


def convert_selection(
    requestor: int, selection: int, target: int, property_: int, time: int
) -> bytes:
    return struct.pack("<BBHIIIII", 24, 0, 6, requestor, selection, target, property_, time)


def read_property(reply: bytes | None) -> tuple[int, int, bytes] | None:
    """Type (an atom; 0: there is none), bytes that are left, and the value, of GetProperty's reply."""
    if reply is None:
        return None
    bits = reply[1]
    kind, left, items = struct.unpack_from("<III", reply, 8)
    size = items * (bits // 8)
    return kind, left, reply[EVENT_BYTES : EVENT_BYTES + size]


def words_of(value: bytes) -> tuple[int, ...]:
    """A property of format 32."""
    return struct.unpack(f"<{len(value) // 4}I", value[: len(value) // 4 * 4])


def _padded(data: bytes) -> bytes:
    return data.ljust(-(-len(data) // 4) * 4, b"\0")
