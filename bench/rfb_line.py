"""As much of a VNC client as latencies need, over a socket to an X server itself or to the site's display door."""

from __future__ import annotations

import base64
import os
import select
import socket
import ssl
import struct
import time
from typing import Protocol
from urllib.parse import urlsplit

ZRLE, COPY_RECT, RAW = 16, 1, 0
LAST_RECT = -224
READ_BYTES = 256 * 1024
PATIENCE_S = 20.0


class Line(Protocol):
    """Bytes both ways."""

    def send(self, data: bytes) -> None: ...
    def receive(self) -> bytes: ...
    def is_quiet(self, seconds: float) -> bool: ...
    def close(self) -> None: ...


class Direct:
    """The X server's own socket."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(path)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> bytes:
        data = self._socket.recv(READ_BYTES)
        if not data:
            raise ConnectionError("the X server has closed")
        return data

    def is_quiet(self, seconds: float) -> bool:
        return not select.select([self._socket], [], [], seconds)[0]

    def close(self) -> None:
        self._socket.close()


class Door:
    """The site's WebSocket, spoken by hand: a library's threads would count as the site's time."""

    def __init__(self, url: str, ca_file: str | None) -> None:
        at = urlsplit(url)
        assert at.hostname is not None
        plain = socket.create_connection((at.hostname, at.port or 443), PATIENCE_S)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket: socket.socket = plain
        if at.scheme == "wss":
            context = ssl.create_default_context(cafile=ca_file)
            self._socket = context.wrap_socket(plain, server_hostname=at.hostname)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {at.path}?{at.query} HTTP/1.1",
            f"Host: {at.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "\r\n",
        )
        self._socket.sendall("\r\n".join(head).encode())
        self._held = bytearray()
        while b"\r\n\r\n" not in self._held:
            self._fill()
        answer, _, rest = bytes(self._held).partition(b"\r\n\r\n")
        if b" 101 " not in answer.partition(b"\r\n")[0]:
            raise ConnectionError(answer[:200].decode("latin-1"))
        self._held = bytearray(rest)

    def _fill(self) -> None:
        data = self._socket.recv(READ_BYTES)
        if not data:
            raise ConnectionError("the site has closed")
        self._held += data

    def send(self, data: bytes) -> None:
        self._frame(0x82, data)

    def _frame(self, first: int, data: bytes) -> None:
        if len(data) > 125:
            raise ValueError("longer than what a latency is measured with")
        self._socket.sendall(bytes((first, 0x80 | len(data), 0, 0, 0, 0)) + data)

    def receive(self) -> bytes:
        while True:
            self._answer_pings()
            frame = self._next()
            if frame is None:
                self._fill()
                continue
            kind, data = frame
            if kind == 8:
                raise ConnectionError("the site has closed")
            if kind == 2:
                return data

    def _answer_pings(self) -> None:
        while self._held and self._held[0] & 0x0F == 9:
            frame = self._next()
            if frame is None:
                return
            self._frame(0x8A, frame[1])

    def _next(self) -> tuple[int, bytes] | None:
        held = self._held
        if len(held) < 2:
            return None
        length, at = held[1] & 0x7F, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            if len(held) < 2 + wide:
                return None
            length, at = int.from_bytes(held[2 : 2 + wide], "big"), 2 + wide
        if len(held) < at + length:
            return None
        data = bytes(held[at : at + length])
        kind = held[0] & 0x0F
        del held[: at + length]
        return kind, data

    def is_quiet(self, seconds: float) -> bool:
        """A ping is no noise: nothing of the screen would follow it."""
        end = time.monotonic() + seconds
        while True:
            self._answer_pings()
            if self._held:
                return False
            waiting = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
            left = max(0.0, end - time.monotonic())
            if not waiting and not select.select([self._socket], [], [], left)[0]:
                return True
            self._fill()

    def close(self) -> None:
        self._socket.close()


class Client:
    """Past its handshake; knows ZRLE, CopyRect and Raw without looking into them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.received = 0
        self._held = bytearray()
        self._exactly(12)
        line.send(b"RFB 003.008\n")
        self._exactly(self._exactly(1)[0])
        line.send(b"\x01")
        self._exactly(4)
        line.send(b"\x01")
        head = self._exactly(24)
        self.size: tuple[int, int] = struct.unpack(">HH", head[:4])
        self._exactly(struct.unpack(">I", head[20:])[0])
        wanted = (ZRLE, COPY_RECT, RAW, LAST_RECT)
        line.send(struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted))

    def _exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            data = self.line.receive()
            self.received += len(data)
            self._held += data
        data = bytes(self._held[:count])
        del self._held[:count]
        return data

    def ask(self, *, changes: bool) -> None:
        """For the next update, of changes or of all."""
        self.line.send(struct.pack(">BBHHHH", 3, changes, 0, 0, *self.size))

    def press(self, key: int) -> None:
        """Down and up."""
        self.line.send(b"".join(struct.pack(">BBxxI", 4, down, key) for down in (1, 0)))

    def update(self) -> None:
        """Return when an update is whole; other messages are passed over."""
        while (kind := self._exactly(1)[0]) != 0:
            if kind == 3:
                self._exactly(struct.unpack(">xxxi", self._exactly(7))[0])
            elif kind != 2:
                raise ConnectionError(f"message {kind}")
        (count,) = struct.unpack(">xH", self._exactly(3))
        for _ in range(count):
            _, _, width, height, encoding = struct.unpack(">HHHHi", self._exactly(12))
            if encoding == LAST_RECT:
                return
            if encoding == ZRLE:
                self._exactly(struct.unpack(">I", self._exactly(4))[0])
            else:
                self._exactly(4 if encoding == COPY_RECT else width * height * 4)

    def settle(self, seconds: float) -> None:
        """Ask for all and take updates until nothing changes for so long."""
        self.ask(changes=False)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.update()
            self.ask(changes=True)
            if not self._held and self.line.is_quiet(seconds):
                return
        raise TimeoutError("the screen does not rest")
