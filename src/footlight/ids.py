"""Typed ids. All are lower-case GUID strings, as on the wire."""

from __future__ import annotations

import uuid
from typing import NewType

SiteId = NewType("SiteId", str)
SessionId = NewType("SessionId", str)
RecordingId = NewType("RecordingId", str)
MachineId = NewType("MachineId", str)
AccountId = NewType("AccountId", str)
JobId = NewType("JobId", str)

ZERO_GUID = "00000000-0000-0000-0000-000000000000"


def new_guid() -> str:
    """A random GUID, lower case with hyphens."""
    return str(uuid.uuid4())


def is_guid(text: str) -> bool:
    """Whether text is a GUID with hyphens, in any case."""
    if len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
