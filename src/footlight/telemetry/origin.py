"""Where a piece of work comes from: the transaction of a request, and the span of a trace that it belongs to.

Both go with the task in which a request is handled and with the tasks that it starts; a write transaction keeps them
beside what it wants of a session, so that the order to a host carries them.
"""

from __future__ import annotations

import re
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace

# W3C Trace Context: version, trace id, parent's span id, flags; later versions may append members.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
LONGEST_TRACEPARENT = 512
WRITTEN_CHARACTERS = 55


@dataclass(frozen=True)
class Origin:
    """`transaction`: as the answer to the request tells it. `trace`: a traceparent of version 00."""

    transaction: str | None = None
    trace: str | None = None


NOWHERE = Origin()
_here: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def here() -> Origin:
    """Of the work at hand."""
    return _here.get()


def come_from(transaction: str | None) -> None:
    """The work of this task belongs to that transaction."""
    _here.set(replace(_here.get(), transaction=transaction))


def enter(trace: str | None) -> Token[Origin]:
    """What follows belongs to that span; `leave` with what is returned."""
    return _here.set(replace(_here.get(), trace=trace))


def leave(token: Token[Origin]) -> None:
    """Be where one was before `enter`."""
    _here.reset(token)


def parse(header: str | None) -> str | None:
    """The traceparent that a header holds, as version 00 writes it; None for one that is no such."""
    if header is None or len(header) > LONGEST_TRACEPARENT:
        return None
    found = _TRACEPARENT.fullmatch(header.strip())
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return None
    if header.strip().startswith("00-") and found[4]:
        return None
    return f"00-{found[1]}-{found[2]}-{found[3]}"
