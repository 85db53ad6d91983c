"""WebSockets with an eye on their line: uvicorn's, whose pings tell applications how long they take.

Pings of the WebSocket measure the way to the viewer and back without touching what is inside, whatever the viewer's
program is: browsers answer them by themselves, also while the page is busy. They stand behind what waits to be sent,
so a line that is full shows as a long way.
"""

from __future__ import annotations

import socket
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PING_EACH_S = 5.0
PONG_WITHIN_S = 15.0  # a line that does not answer for so long is dead
UNSENT_BYTES = (
    256 * 1024
)  # that the system takes beyond what the line carries: more would only be late
# In scope["extensions"]: the Line of the connection.
LINE = "footlight.line"


class Line:
    """What is known of it."""

    def __init__(self) -> None:
        self.round_trip_s: float | None = None  # of the last ping


class LineProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = Line()

    def connection_made(self, transport: Any) -> None:
        """Nothing waits in the system that could wait here, where it holds up who sends."""
        super().connection_made(transport)
        plain = transport.get_extra_info("socket")
        if plain is not None and plain.family in (socket.AF_INET, socket.AF_INET6):
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)

    def shutdown(self) -> None:
        """The server ends. One that is closing already is left to that: uvicorn's would fail on it, and the server with
        it."""
        if self.transport.is_closing():
            self.stop_keepalive()
        else:
            super().shutdown()

    def handle_connect(self, event: Any) -> None:
        """The application finds the line in its scope."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][LINE] = self._line

    def handle_pong(self, event: Any) -> None:
        """An answer to the ping that is under way."""
        pending = self.pending_ping_payload
        super().handle_pong(event)
        if pending is not None and self.pending_ping_payload is None:
            self._line.round_trip_s = self.last_ping_rtt
