"""A port of the loopback for one VNC viewer of this machine, and the relay between it and a display's WebSocket."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from websockets.exceptions import ConnectionClosed

HOST = "127.0.0.1"
READ_BYTES = 128 * 1024
TCP_TABLE = "/proc/net/tcp"
MOST_TABLE_BYTES = 64 * 1024 * 1024
ENDING_S = 5.0


class Display(Protocol):
    """What carries RFB to the site: a WebSocket's binary messages."""

    def send(self, message: bytes) -> None:
        """Raises ConnectionClosed."""
        ...

    def close(self) -> None: ...
    def __iter__(self) -> Iterator[str | bytes]:
        """Messages until it is closed. Raises ConnectionClosed if not by intent."""
        ...


class ViewerPort:
    """The listening port. VNC on it has no password, so only programs of the same user are let in."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server((HOST, port), backlog=1)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def viewer(self, within_s: float) -> socket.socket | None:
        """The first viewer of this user; nobody else can connect from then on. None when none comes in time."""
        deadline = time.monotonic() + within_s
        with self._listener as listener:
            while (left := deadline - time.monotonic()) > 0:
                listener.settimeout(left)
                try:
                    stream, address = listener.accept()
                except TimeoutError:
                    break
                if owner_of(address[1], self.port) in (os.getuid(), 0, None):
                    stream.settimeout(None)
                    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return stream
                stream.close()
        return None


def owner_of(port: int, peer: int) -> int | None:
    """The user id of the program that has connected from `port` to `peer` on the loopback; None where the system does
    not tell (no Linux), -1 when no such connection is there. Source: proc(5)."""
    try:
        with open(TCP_TABLE, encoding="ascii") as table:
            lines = table.read(MOST_TABLE_BYTES).splitlines()[1:]
    except OSError:
        return None
    ends = [f"{int.from_bytes(socket.inet_aton(HOST), 'little'):08X}:{n:04X}" for n in (port, peer)]
    for line in lines:
        fields = line.split()
        if fields[1:3] == ends:
            return int(fields[7])
    return -1


def relay(viewer: socket.socket, display: Display) -> ConnectionClosed | None:
    """Both ways until the viewer leaves or the display ends; why the display ended, if it did so against its intent."""

    def inwards() -> None:
        with suppress(ConnectionClosed, OSError):
            while data := viewer.recv(READ_BYTES):
                display.send(data)
        display.close()

    thread = threading.Thread(target=inwards, name="viewer to display", daemon=True)
    thread.start()
    ended: ConnectionClosed | None = None
    try:
        for message in display:
            if isinstance(message, bytes):
                viewer.sendall(message)
    except ConnectionClosed as closed:
        ended = closed
    except OSError:
        pass  # the viewer has left
    finally:
        with suppress(OSError):
            viewer.shutdown(socket.SHUT_RDWR)
        display.close()
        thread.join(ENDING_S)
        viewer.close()
    return ended
