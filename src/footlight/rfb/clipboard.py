"""Which clipboard messages of an RFB stream a policy lets pass. Pure.

ClientCutText and ServerCutText hold text, or, with a negative length, a message of the extended clipboard, whose
first four bytes say what it is. Text moves in by the viewer's notify and provide and by the server's request and
peek; out by the same the other way round.

Source: RFC 6143 sections 7.5.6 and 7.6.4; the RFB community specification, "Extended Clipboard Pseudo-Encoding".
"""

from __future__ import annotations

import struct
from typing import Literal

Policy = Literal["off", "in", "out", "both"]  # in: from the viewer into the session

HEAD_BYTES = 8  # type, padding, length
FLAGS_BYTES = 4  # of an extended message, after the head

CAPS = 1 << 24
REQUEST = 1 << 25
PEEK = 1 << 26
NOTIFY = 1 << 27
PROVIDE = 1 << 28
_ASKS = REQUEST | PEEK
_TELLS = NOTIFY | PROVIDE


def lets_in(policy: Policy) -> bool:
    """Whether text may go from the viewer into the session."""
    return policy in ("in", "both")


def lets_out(policy: Policy) -> bool:
    """Whether text may go from the session to the viewer."""
    return policy in ("out", "both")


def viewer_may_send(policy: Policy, start: bytes) -> bool:
    """Whether a ClientCutText that starts so (head, and flags if it is extended) may pass to the X server."""
    return _passes(start, tells=lets_in(policy), asks=lets_out(policy))


def server_may_send(policy: Policy, start: bytes) -> bool:
    """Whether a ServerCutText that starts so may pass to the viewer."""
    return _passes(start, tells=lets_out(policy), asks=lets_in(policy))


def start_bytes(head: bytes | bytearray) -> int:
    """How much of a message whose head is there has to be seen before it is judged."""
    (length,) = struct.unpack_from(">i", head, 4)
    return HEAD_BYTES + FLAGS_BYTES if length <= -FLAGS_BYTES else HEAD_BYTES


def _passes(start: bytes, *, tells: bool, asks: bool) -> bool:
    (length,) = struct.unpack_from(">i", start, 4)
    if length >= 0:
        return tells
    if len(start) < HEAD_BYTES + FLAGS_BYTES:
        return False
    (flags,) = struct.unpack_from(">I", start, HEAD_BYTES)
    if flags & CAPS:  # no text; beside it the other bits say what the side can do
        return tells or asks
    wanted_tells, wanted_asks = bool(flags & _TELLS), bool(flags & _ASKS)
    if not wanted_tells and not wanted_asks:
        return False
    return (tells or not wanted_tells) and (asks or not wanted_asks)
