"""Asking the user in a session whether somebody may watch it or take part in it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from footlight.agent.window_process import end_window, start_window
from footlight.log import get_logger
from footlight.wire.host import ViewerFacts

_log = get_logger(__name__)

ANSWER_S = 30.0
BUTTONS = ("Allow", "Refuse")


def question(viewer: ViewerFacts) -> dict[str, object]:
    """What is shown, as a line for message_window."""
    aim = "watch this session" if viewer.mode == "view" else "watch this session and work in it"
    return {
        "message_id": viewer.viewer_id,
        "style": "Question",
        "title": "Somebody wants to see your screen",
        "text": f"{viewer.user_name} asks to {aim}.\n\nWithout an answer within {ANSWER_S:.0f} s it is refused.",
        "buttons": BUTTONS,
    }


async def ask(folder: Path, display: str, viewer: ViewerFacts, limit_s: float = ANSWER_S) -> bool:
    """Whether the user pressed Allow within `limit_s`. Cancelled, it takes the question off the screen."""
    try:
        cookie = await asyncio.to_thread((folder / "cookie").read_bytes)
        process = await start_window(
            "footlight.agent.message_window",
            display=display,
            authority=folder / "question.Xauthority",
            cookie=cookie,
        )
    except OSError as error:
        _log.warning("question not shown", display=display, error=str(error))
        return False
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(question(viewer)).encode() + b"\n")
        async with asyncio.timeout(limit_s):
            while line := await process.stdout.readline():
                if line.startswith(b"answer "):
                    return line.split() == [b"answer", viewer.viewer_id.encode(), b"0"]
        return False
    except (TimeoutError, ConnectionError):
        return False
    finally:
        await asyncio.shield(end_window(process))
