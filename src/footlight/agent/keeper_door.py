"""Where a keeper is spoken to: JSON lines over a socket of its folder. Standard library only."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_LINE_BYTES = 256 * 1024
MOST_CONNECTIONS = 8


class KeeperDoor:
    """The listening socket and its connections. Each gets `greeting()` first, and `obey(line)` for each
    line that it sends; one that does not read is dropped and may come again."""

    def __init__(
        self,
        path: str,
        selector: selectors.BaseSelector,
        obey: Callable[[bytes], dict[str, Any]],
        greeting: Callable[[], dict[str, Any]],
    ) -> None:
        self.connections: dict[socket.socket, bytearray] = {}
        self._selector = selector
        self._obey = obey
        self._greeting = greeting
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen(MOST_CONNECTIONS)
        self._listener.setblocking(False)
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def tell(self, message: dict[str, Any]) -> None:
        """To all who are connected."""
        for connection in list(self.connections):
            self._send(connection, message)

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            if len(self.connections) >= MOST_CONNECTIONS:
                connection.close()
                return
            connection.setblocking(False)
            self.connections[connection] = bytearray()
            self._selector.register(
                connection, selectors.EVENT_READ, lambda: self._receive(connection)
            )
            self._send(connection, self._greeting())

    def _receive(self, connection: socket.socket) -> None:
        if connection not in self.connections:
            return  # dropped since the selector spoke
        try:
            piece = connection.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        buffer = self.connections[connection]
        buffer += piece
        if not piece or len(buffer) > LONGEST_LINE_BYTES:
            self._drop(connection)
            return
        while connection in self.connections and b"\n" in buffer:
            line, _, rest = bytes(buffer).partition(b"\n")
            buffer[:] = rest
            self._send(connection, self._obey(line))

    def _send(self, connection: socket.socket, message: dict[str, Any]) -> None:
        try:
            connection.sendall(json.dumps(message).encode() + b"\n")
        except OSError:  # gone, or it does not read
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        if self.connections.pop(connection, None) is not None:
            self._selector.unregister(connection)
            connection.close()
