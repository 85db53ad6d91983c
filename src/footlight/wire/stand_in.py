"""Shapes of the stand-in's own routes (/footlight/v1/faults and /simulation): camelCase."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from footlight.wire.own import OwnModel

LONGEST_DELAY_MS = 60_000
MOST_MACHINES = 1000
MOST_SESSIONS = 100_000
MOST_CHURN = 1000.0

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=LONGEST_DELAY_MS)]


class Throttle(OwnModel, frozen=True):
    """429 with Retry-After for a share of all calls, and for those above a rate."""

    share: Share = 0.0
    per_second: Annotated[float, msgspec.Meta(gt=0, le=100_000)] | None = None
    retry_after_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 2


class ServerErrors(OwnModel, frozen=True):
    """A share of calls answered with one of the statuses, each as often as the others."""

    share: Share = 0.0
    statuses: Annotated[tuple[Literal[500, 503], ...], msgspec.Meta(min_length=1, max_length=2)] = (
        500,
        503,
    )


class Delay(OwnModel, frozen=True):
    """Each call is held so long before it is looked at: `ms`, and up to `jitterMs` more."""

    ms: Milliseconds = 0
    jitter_ms: Milliseconds = 0


class FaultSwitches(OwnModel, frozen=True):
    """What goes wrong on purpose. `expiredTokens`: share of the calls that bring a token and are told that it has
    expired; `droppedConnections`: share of calls whose connection is closed without an answer. The same seed and
    the same order of calls give the same faults."""

    seed: int = 1
    throttle: Throttle = Throttle()
    errors: ServerErrors = ServerErrors()
    delay: Delay = Delay()
    expired_tokens: Share = 0.0
    dropped_connections: Share = 0.0


class FaultCounts(OwnModel, frozen=True):
    """How many calls there were since the switches were set, and what was done to them."""

    calls: int = 0
    throttled: int = 0
    errors: int = 0
    delayed: int = 0
    expired_tokens: int = 0
    dropped_connections: int = 0


class FaultsView(OwnModel, frozen=True):
    """The switches as they stand."""

    switches: FaultSwitches
    counts: FaultCounts


class SimulationOrder(OwnModel, frozen=True):
    """How large the simulated fleet shall be. `churn`: session changes per second; the same seed gives the same
    names, ids and clients."""

    machines: Annotated[int, msgspec.Meta(ge=1, le=MOST_MACHINES)]
    sessions: Annotated[int, msgspec.Meta(ge=0, le=MOST_SESSIONS)]
    churn: Annotated[float, msgspec.Meta(ge=0, le=MOST_CHURN)] = 0.0
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1


class SimulationView(OwnModel, frozen=True):
    """The simulated fleet as it is. `liveSessions`: on its hosts now, those that a caller launched there among them;
    `changes`: that happened since it was started."""

    running: bool
    machines: int = 0
    sessions: int = 0
    churn: float = 0.0
    seed: int = 0
    live_sessions: int = 0
    changes: int = 0
    recordings: int = 0
