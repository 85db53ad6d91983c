"""What viewers see of a session that is not recorded and must be: a plain picture with a sentence.

A viewer is never connected to both: when the cover comes or goes, each viewer's stream is broken off, and who comes
back is shown what is true then. So nothing that a program of the session does, and nothing that a viewer
sends, gets past it: behind the cover there is no X server.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # few hosts ever draw one, and it is drawn after the session is out of sight
    from PIL import Image

    from footlight.agent.picture_server import PictureServer

WIDTH, HEIGHT = 1024, 640
TITLE = "Not recorded"
TEXT = (
    "This session may be used only while it is recorded, and just now it is not: {cause}.\n"
    "It goes on by itself as soon as it is recorded again."
)
BACKGROUND = (60, 68, 77)

_SENTENCES = {
    "starting": "the recording has not begun yet",
    "recorder-lost": "the recorder was lost and is restarted",
    "recorder-silent": "the recorder does not answer",
    "spool-full": "there is no room to record into",
    "disconnected": "the recorder was thrown out",
    "tampering": "the recorder is thrown out again and again",
    "x-frozen": "the screen does not answer",
    "failed": "the recording has failed",
}


class Cover:
    """Of one session. `cause` is that of the gap in the recording, "" while nothing is covered."""

    def __init__(self) -> None:
        self.cause = ""
        self._lifted = asyncio.Event()
        self._lifted.set()

    def put(self, cause: str) -> None:
        """From now on viewers see it."""
        self.cause = cause
        self._lifted.clear()

    def lift(self) -> None:
        """From now on viewers see the session."""
        self.cause = ""
        self._lifted.set()

    async def lifted_within(self, seconds: float) -> None:
        """Returns when there is none, or after so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._lifted.wait()


async def connect(cause: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A display that shows the cover and takes no input, in place of an X server's."""
    server, read_bytes = await asyncio.to_thread(_server_of, cause)
    ours, theirs = socket.socketpair()
    loop = asyncio.get_running_loop()
    await loop.create_unix_connection(lambda: server, sock=theirs)
    return await asyncio.open_unix_connection(sock=ours, limit=read_bytes)


def _server_of(cause: str) -> tuple[PictureServer, int]:
    """What shows it, and how much it reads at once."""
    from footlight.agent.picture_server import READ_BYTES, PictureServer

    shown = draw(cause)
    return PictureServer("covered", lambda: shown), READ_BYTES


def draw(cause: str) -> Image.Image:
    """The picture, with why in words."""
    from PIL import Image

    from footlight.agent import message_picture

    text = TEXT.format(cause=_SENTENCES.get(cause, cause))
    image = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    words = message_picture.draw("Exclamation", TITLE, text, WIDTH // 2, HEIGHT // 2, buttons=())
    width, height = words.image.size
    image.paste(words.image, ((WIDTH - width) // 2, (HEIGHT - height) // 2))
    return image
