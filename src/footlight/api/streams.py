"""Where a host that can't be reached brings the streams that this server has asked it for (bus/tunnel.py).

The ticket was given to the host over the bus, counts once and for seconds; it is all that a caller has to show.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath

from footlight.api.given import GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.bus.carriers import MessageCarrier

routes = Routes(cvad=False)

REFUSED = 4403


@routes.add_websocket("/footlight/v1/streams/{ticket}", open=True)
async def stream(
    socket: WebSocket[Any, Any, Any], parts: GivenParts, ticket: FromPath[str]
) -> None:
    """Hand the socket to whoever waits for it, and carry it until the stream is over."""
    arrival = parts.tunnels.redeem(decode_parameter(ticket))
    if arrival is None:
        await socket.close(code=REFUSED, reason="the ticket is not good")
        return
    await socket.accept()

    async def send(data: bytes) -> None:
        try:
            await socket.send_bytes(data)
        except (WebSocketDisconnect, OSError):
            raise ConnectionResetError("the tunnel is closed") from None

    async def receive() -> bytes:
        try:
            return await socket.receive_bytes()
        except WebSocketDisconnect:
            raise ConnectionResetError("the tunnel is closed") from None

    carrier = MessageCarrier(send, receive)
    if arrival.done():  # nobody waits any more
        carrier.stream.end()
    else:
        arrival.set_result(carrier.stream)
    await carrier.carry()
    with suppress(WebSocketDisconnect, OSError):
        await socket.close()
