"""Simulation and faults of a stand-in site, member for member as on the wire (camelCase)."""

from __future__ import annotations

from typing import TypedDict


class Simulation(TypedDict):
    """The simulated fleet as it is. `liveSessions` counts those that callers launched on its hosts too."""

    running: bool
    machines: int
    sessions: int
    churn: float
    seed: int
    liveSessions: int
    changes: int
    recordings: int


class Throttle(TypedDict, total=False):
    """429 for a share of all calls, and for those above a rate."""

    share: float
    perSecond: float | None
    retryAfterS: int


class ServerErrors(TypedDict, total=False):
    """A share of calls answered with one of the statuses (500, 503)."""

    share: float
    statuses: list[int]


class Delay(TypedDict, total=False):
    """How long each call is held."""

    ms: int
    jitterMs: int


class FaultSwitches(TypedDict, total=False):
    """What goes wrong on purpose; what is absent is off."""

    seed: int
    throttle: Throttle
    errors: ServerErrors
    delay: Delay
    expiredTokens: float
    droppedConnections: float


class FaultCounts(TypedDict):
    """What was done to calls since the switches were set."""

    calls: int
    throttled: int
    errors: int
    delayed: int
    expiredTokens: int
    droppedConnections: int


class Faults(TypedDict):
    """The switches as they stand."""

    switches: FaultSwitches
    counts: FaultCounts
