"""The framework at its cheapest: each request gets the same bytes. Started by served.py; prints its port."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop
from litestar import Litestar, Response, get

BODY = Path(sys.argv[1]).read_bytes()


@get("/")
async def ready() -> Response[bytes]:
    """The bytes."""
    return Response(BODY, media_type="application/json")


def main() -> None:
    """Serve until told to end."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    settings = uvicorn.Config(
        Litestar([ready], openapi_config=None, logging_config=None),
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(settings).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
