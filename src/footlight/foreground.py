"""A server in the foreground: signals end it, and whoever started it is told when it is ready."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

from footlight.log import get_logger

_log = get_logger(__name__)


def stop_event() -> asyncio.Event:
    """Set when the process is told to end (SIGINT, SIGTERM). In the running loop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def until(stop: asyncio.Event, serving: asyncio.Task[None]) -> None:
    """Return when told to stop; raise when the HTTP server has ended by itself."""
    waiting = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait((waiting, serving), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if serving.done():
        serving.result()


def notify(word: str) -> None:
    """Tell the service manager, where one listens: READY=1, STOPPING=1. Source: sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(1.0)
            out.sendto(word.encode(), address)
    except OSError as error:
        _log.warning("service manager is not told", word=word, reason=str(error))
