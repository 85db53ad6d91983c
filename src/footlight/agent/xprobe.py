"""The few X requests a keeper needs to see that server and window manager answer. Standard library only.

Source: X Window System Protocol, X11R7: connection setup, InternAtom (16), GetProperty (20).
"""

from __future__ import annotations

import socket
import struct

from footlight.agent.xvnc import COOKIE_NAME

LONGEST_SETUP_BYTES = 256 * 1024


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
        self._check_atom = 0

    def window_manager_runs(self) -> bool:
        """Whether a window manager has announced itself (EWMH, _NET_SUPPORTING_WM_CHECK)."""
        if not self._check_atom:
            name = b"_NET_SUPPORTING_WM_CHECK"
            # only-if-exists: no window manager has ever spoken while there is no such atom
            reply = self._ask(struct.pack("<BBHHH", 16, 1, 2 + len(name) // 4, len(name), 0) + name)
            (self._check_atom,) = struct.unpack_from("<I", reply, 8)
            if not self._check_atom:
                return False
        reply = self._ask(struct.pack("<BBHIIIII", 20, 0, 6, self._root, self._check_atom, 0, 0, 1))
        (kind,) = struct.unpack_from("<I", reply, 8)
        return bool(kind)

    def close(self) -> None:
        self._socket.close()

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

    def _ask(self, request: bytes) -> bytes:
        """The 32-byte reply; what follows it is read and dropped."""
        self._socket.sendall(request)
        while True:
            head = self._exactly(32)
            if head[0] == 0:
                raise OSError(f"X error {head[1]}")
            if head[0] == 1:
                self._exactly(min(struct.unpack_from("<I", head, 4)[0] * 4, LONGEST_SETUP_BYTES))
                return head

    def _exactly(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = self._socket.recv(count - len(got))
            if not piece:
                raise ConnectionResetError("the X server closed the connection")
            got += piece
        return bytes(got)
