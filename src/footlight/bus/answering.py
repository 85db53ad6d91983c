"""A handler's answer, or the failure that its caller is to see."""

from __future__ import annotations

from footlight.bus.bus import Handler
from footlight.errors import Unavailable
from footlight.log import get_logger

_log = get_logger(__name__)


async def answer(subject: str, handler: Handler, payload: bytes) -> bytes | Unavailable:
    """What the handler gives. Unavailable of its own passes as it is; another error is logged and stays here."""
    try:
        return await handler(payload)
    except Unavailable as refusal:
        return refusal
    except Exception as error:
        _log.error("request handler failed", subject=subject, exc_info=error)
        return Unavailable(f"{subject} failed")
