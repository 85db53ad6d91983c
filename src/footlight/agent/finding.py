"""What the doctor finds: one thing that was looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["good", "note", "bad"]


@dataclass(frozen=True)
class Finding:
    """`note`: it works, with less than it could. `do`: what to do about it, "" where nothing is."""

    check: str
    how: How
    says: str
    do: str = ""


def good(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, "good", says)


def note(check: str, says: str, do: str = "") -> Finding:
    """It works, with less than it could."""
    return Finding(check, "note", says, do)


def bad(check: str, says: str, do: str) -> Finding:
    """It keeps the host from what it is for."""
    return Finding(check, "bad", says, do)
