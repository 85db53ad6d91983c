"""The few X requests a keeper needs to see that server and window manager answer. Standard library only.

Source: X Window System Protocol, X11R7: connection setup, InternAtom (16), GetProperty (20), SendEvent (25),
GetInputFocus (43), QueryExtension (98); Extended Window Manager Hints for the names; X11 Screen Saver Extension 1.0:
QueryInfo (1).
"""

from __future__ import annotations

import socket
import struct

from footlight.agent.xvnc import COOKIE_NAME

LONGEST_SETUP_BYTES = 256 * 1024
MOST_WINDOWS = 1024


class XError(OSError):
    """The X server refused one request; the connection is still good."""


class XProbe:
    """A connection to a display; close() ends it. Every wait is at most `limit_s`."""

    def __init__(self, path: str, cookie: bytes, limit_s: float = 2.0) -> None:
        """Connect and sign in. Raises OSError while nobody answers, PermissionError when refused."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(limit_s)
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
        """The windows that the window manager manages, without panels. Raises OSError."""
        panel = self._atom(b"_NET_WM_WINDOW_TYPE_DOCK")
        return [
            window
            for window in self._words(b"_NET_CLIENT_LIST", self._root)
            if not panel or panel not in self._words(b"_NET_WM_WINDOW_TYPE", window)
        ]

    def idle_ms(self) -> int | None:
        """Milliseconds since the last key or motion of the mouse; None where the X server does not count them. Raises
        OSError."""
        name = b"MIT-SCREEN-SAVER"
        head, _ = self._ask(struct.pack("<BBHHH", 98, 0, 2 + len(name) // 4, len(name), 0) + name)
        present, opcode = head[8], head[9]
        if not present:
            return None
        head, _ = self._ask(struct.pack("<BBHI", opcode, 1, 2, self._root))
        return int(struct.unpack_from("<I", head, 16)[0])

    def close_window(self, window: int) -> None:
        """Ask the window manager to close a window as a person would. Raises OSError."""
        kind = self._atom(b"_NET_CLOSE_WINDOW")
        event = struct.pack("<BBHII5I", 33, 32, 0, window, kind, 0, 2, 0, 0, 0)
        substructure = 0x00180000  # SubstructureNotify | SubstructureRedirect
        self._socket.sendall(struct.pack("<BBHII", 25, 0, 11, self._root, substructure) + event)
        self._ask(struct.pack("<BBH", 43, 0, 1))  # its answer says that the event is through

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

    def _exactly(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = self._socket.recv(count - len(got))
            if not piece:
                raise ConnectionResetError("the X server closed the connection")
            got += piece
        return bytes(got)
