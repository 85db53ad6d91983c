"""The few X requests a keeper needs to see that server and window manager answer, and to hear what is done in a
session. Standard library only.

Source: X Window System Protocol, X11R7: connection setup, ChangeWindowAttributes (2), InternAtom (16), GetProperty
(20), SendEvent (25), GetInputFocus (43), QueryExtension (98), PropertyNotify (28); X Synchronization Extension
Protocol 3.1 for counters and alarms; Extended Window Manager Hints for the names.
"""

from __future__ import annotations

import select
import socket
import struct

from footlight.agent.xvnc import COOKIE_NAME

LONGEST_SETUP_BYTES = 256 * 1024
MOST_WINDOWS = 1024
MOST_EVENTS = 256
PROPERTY_NOTIFY = 28


class XError(OSError):
    """The X server refused one request; the connection is still good."""


class XProbe:
    """A connection to a display; close() ends it. Every wait is at most `limit_s`."""

    def __init__(self, path: str, cookie: bytes, limit_s: float = 2.0) -> None:
        """Connect and sign in. Raises OSError while nobody answers, PermissionError when refused."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(limit_s)
        self._events: list[bytes] = []  # 32 bytes each; they come between answers too
        self._first_id = 0
        try:
            self._socket.connect(path)
            self._root = self._sign_in(cookie)
        except BaseException:
            self._socket.close()
            raise
        self._atoms: dict[bytes, int] = {}

    def window_manager_runs(self) -> bool:
        """Whether a window manager has announced itself. Raises OSError."""
        return bool(self._words(b"_NET_SUPPORTING_WM_CHECK", self._root))

    def windows(self) -> list[int]:
        """The windows that the window manager manages, without panels and the desktop's own. Raises OSError."""
        names = (b"_NET_WM_WINDOW_TYPE_DOCK", b"_NET_WM_WINDOW_TYPE_DESKTOP")
        furniture = {self._atom(name) for name in names} - {0}
        return [
            window
            for window in self._words(b"_NET_CLIENT_LIST", self._root)
            if not furniture & set(self._words(b"_NET_WM_WINDOW_TYPE", window))
        ]

    def close_window(self, window: int) -> None:
        """Ask the window manager to close a window as a person would. Raises OSError."""
        kind = self._atom(b"_NET_CLOSE_WINDOW")
        event = struct.pack("<BBHII5I", 33, 32, 0, window, kind, 0, 2, 0, 0, 0)
        substructure = 0x00180000  # SubstructureNotify | SubstructureRedirect
        self._socket.sendall(struct.pack("<BBHII", 25, 0, 11, self._root, substructure) + event)
        self._ask(struct.pack("<BBH", 43, 0, 1))  # its answer says that the event is through

    def tell_of_windows(self) -> None:
        """From now on there is an event whenever a property of the root window changes, as the list of windows
        does. Raises OSError."""
        mask, property_change = 0x800, 0x400000
        self._socket.sendall(struct.pack("<BBHIII", 2, 0, 4, self._root, mask, property_change))

    def tell_of_idleness(self, after_ms: int) -> int | None:
        """From now on there is an event when nobody has touched keyboard and pointer for so long, and one when
        somebody does again; also at once, if it is so already. The code of these events; None where the X server has no
        such counter. Raises OSError."""
        head, _ = self._ask(struct.pack("<BBHHH", 98, 0, 3, 4, 0) + b"SYNC")
        present, opcode, first_event = struct.unpack_from("<BBB", head, 8)
        if not present:
            return None
        self._ask(struct.pack("<BBHBBH", opcode, 0, 2, 3, 1, 0))
        counter = self._counter(opcode, b"IDLETIME")
        if counter is None:
            return None
        # PositiveTransition, NegativeTransition, and PositiveComparison, which is told once: at the first time
        for number, test in enumerate((0, 1, 2)):
            # CreateAlarm of counter, absolute value (high, low), test, delta 0 (it goes on), events
            values = struct.pack("<IIiIIiII", counter, 0, 0, after_ms, test, 0, 0, 1)
            words = 3 + len(values) // 4
            head = struct.pack("<BBHII", opcode, 8, words, self._first_id + number, 0x3F)
            self._socket.sendall(head + values)
        self._ask(struct.pack("<BBH", 43, 0, 1))  # an alarm that was refused is an error here
        return int(first_event) + 1

    def _counter(self, opcode: int, wanted: bytes) -> int | None:
        """The system counter of that name."""
        head, body = self._ask(struct.pack("<BBH", opcode, 1, 1))
        (count,) = struct.unpack_from("<I", head, 8)
        at = 0
        for _ in range(min(count, 64)):
            if at + 14 > len(body):
                break
            counter, _, _, size = struct.unpack_from("<IiIH", body, at)
            if body[at + 14 : at + 14 + size] == wanted:
                return int(counter)
            at += -(-(14 + size) // 4) * 4
        return None

    def fileno(self) -> int:
        """Readable when there is an event."""
        return self._socket.fileno()

    def events(self) -> list[bytes]:
        """What has come since the last time, 32 bytes each, at most MOST_EVENTS of them. Raises OSError."""
        # Where one byte of an event is the rest is as good as there.
        while len(self._events) < MOST_EVENTS and select.select([self._socket], [], [], 0)[0]:
            self._events.append(self._exactly(32))
        found, self._events = self._events, []
        return found

    def close(self) -> None:
        self._socket.close()

    def _atom(self, name: bytes) -> int:
        """The atom's number; 0 while nobody has ever named it."""
        if not self._atoms.get(name):
            padded = name.ljust(-(-len(name) // 4) * 4, b"\0")
            size = 2 + len(padded) // 4
            head, _ = self._ask(struct.pack("<BBHHH", 16, 1, size, len(name), 0) + padded)
            (self._atoms[name],) = struct.unpack_from("<I", head, 8)
        return self._atoms[name]

    def _words(self, name: bytes, window: int) -> tuple[int, ...]:
        """A window's property as 32-bit words, at most MOST_WINDOWS of them; none when there is no such
        property, or no such window any more."""
        if not (atom := self._atom(name)):
            return ()
        request = struct.pack("<BBHIIIII", 20, 0, 6, window, atom, 0, 0, MOST_WINDOWS)
        try:
            _, body = self._ask(request)
        except XError:
            return ()
        return struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])

    def _sign_in(self, cookie: bytes) -> int:
        """The root window's id."""
        padded_name = COOKIE_NAME.ljust(-(-len(COOKIE_NAME) // 4) * 4, b"\0")
        padded_cookie = cookie.ljust(-(-len(cookie) // 4) * 4, b"\0")
        self._socket.sendall(
            struct.pack("<BxHHHHxx", 0x6C, 11, 0, len(COOKIE_NAME), len(cookie))
            + padded_name
            + padded_cookie
        )
        head = self._exactly(8)
        body = self._exactly(min(struct.unpack_from("<H", head, 6)[0] * 4, LONGEST_SETUP_BYTES))
        if head[0] != 1:
            raise PermissionError(f"X refused: {body[: head[1]].decode(errors='replace').strip()}")
        (self._first_id,) = struct.unpack_from("<I", body, 4)
        vendor_length, formats = struct.unpack_from("<H", body, 16)[0], body[21]
        screen = 32 + -(-vendor_length // 4) * 4 + 8 * formats
        (root,) = struct.unpack_from("<I", body, screen)
        return int(root)

    def _ask(self, request: bytes) -> tuple[bytes, bytes]:
        """The reply's first 32 bytes and what follows them."""
        self._socket.sendall(request)
        while True:
            head = self._exactly(32)
            if head[0] == 0:
                raise XError(f"X error {head[1]}")
            if head[0] == 1:
                (words,) = struct.unpack_from("<I", head, 4)
                return head, self._exactly(min(words * 4, LONGEST_SETUP_BYTES))
            if len(self._events) < MOST_EVENTS:
                self._events.append(head)

    def _exactly(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = self._socket.recv(count - len(got))
            if not piece:
                raise ConnectionResetError("the X server closed the connection")
            got += piece
        return bytes(got)
