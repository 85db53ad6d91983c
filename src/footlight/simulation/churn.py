"""What happens next in a simulated fleet. Pure."""

from __future__ import annotations

import random
from enum import Enum

LONGEST_PAUSE_S = 1.0  # after one longer than this, what was missed is not made up for


class Happening(Enum):
    """One change of one session."""

    LOG_ON = "a user logs on"
    LOG_OFF = "a user logs off"
    COME_OR_GO = "a user leaves, or comes back"
    MOVE = "a user goes on from another client"


def next_happening(chance: random.Random, live: int, wanted: int) -> Happening:
    """Of `live` sessions, where `wanted` shall be. One change in four moves their number, and towards `wanted`."""
    if live == 0:
        return Happening.LOG_ON
    drawn = chance.random()
    if live > wanted * 1.1 + 5 or drawn < 0.25:
        return Happening.LOG_ON if live < wanted else Happening.LOG_OFF
    return Happening.MOVE if drawn > 0.85 else Happening.COME_OR_GO


class Rate:
    """Turns so many changes a second into how many are due."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._owed = 0.0

    def due(self, since_s: float) -> int:
        """How many, this long after the last question."""
        self._owed += min(since_s, LONGEST_PAUSE_S) * self.per_second
        count = int(self._owed)
        self._owed -= count
        return count
