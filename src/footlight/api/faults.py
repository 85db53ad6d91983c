"""Faults on purpose, for people who test their automations: which calls they meet. Pure but for its counters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from footlight.wire.stand_in import FaultCounts, FaultsView, FaultSwitches

BURST_S = 1.0  # how much of its rate a throttle lets through at once


@dataclass(frozen=True)
class Dropped:
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Expired:
    """The token is said to have expired."""


@dataclass(frozen=True)
class Throttled:
    """429; to be tried again after so many seconds."""

    retry_s: int


@dataclass(frozen=True)
class Failed:
    """500 or 503."""

    status: int


Fault = Dropped | Expired | Throttled | Failed


@dataclass(frozen=True)
class Decision:
    """What happens to a call: held first, then a fault in place of its answer, or none."""

    delay_ms: int
    fault: Fault | None


def decide(
    switches: FaultSwitches, chance: Callable[[], float], *, with_token: bool, too_fast: bool
) -> Decision:
    """The fate of one call. `chance` gives numbers in [0, 1); each call takes six of them whatever is switched on,
    so that one switch does not change what another does to the calls that follow."""
    late, dropped, expired, throttled, failed, which = (chance() for _ in range(6))
    delay_ms = switches.delay.ms + int(late * switches.delay.jitter_ms)
    fault: Fault | None = None
    if dropped < switches.dropped_connections:
        fault = Dropped()
    elif too_fast or throttled < switches.throttle.share:
        fault = Throttled(switches.throttle.retry_after_s)
    elif with_token and expired < switches.expired_tokens:
        fault = Expired()
    elif failed < switches.errors.share:
        statuses = switches.errors.statuses
        fault = Failed(statuses[int(which * len(statuses))])
    return Decision(delay_ms, fault)


class Faults:
    """The switches of one server, and what they have done."""

    def __init__(self, switches: FaultSwitches | None = None) -> None:
        self.set(switches or FaultSwitches())

    def set(self, switches: FaultSwitches) -> None:
        """Take these in place of all others; counters and chance begin anew."""
        self._switches = switches
        self._counts = dict.fromkeys(FaultCounts.__struct_fields__, 0)
        self._random = random.Random(switches.seed)
        self._tokens = self._burst
        self._filled_at_s = 0.0

    def view(self) -> FaultsView:
        """As they stand."""
        return FaultsView(switches=self._switches, counts=FaultCounts(**self._counts))

    def meet(self, now_s: float, *, with_token: bool) -> Decision:
        """The fate of a call that comes now (monotonic)."""
        decision = decide(
            self._switches,
            self._random.random,
            with_token=with_token,
            too_fast=not self._let_through(now_s),
        )
        self._count(decision)
        return decision

    @property
    def _burst(self) -> float:
        rate = self._switches.throttle.per_second
        return 0.0 if rate is None else max(rate * BURST_S, 1.0)

    def _let_through(self, now_s: float) -> bool:
        """Whether the call is within the rate: a bucket that holds what may come at once."""
        rate = self._switches.throttle.per_second
        if rate is None:
            return True
        since_s = now_s - self._filled_at_s if self._filled_at_s else 0.0
        self._filled_at_s = now_s
        self._tokens = min(self._burst, self._tokens + since_s * rate)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _count(self, decision: Decision) -> None:
        self._counts["calls"] += 1
        self._counts["delayed"] += decision.delay_ms > 0
        match decision.fault:
            case Dropped():
                self._counts["dropped_connections"] += 1
            case Expired():
                self._counts["expired_tokens"] += 1
            case Throttled():
                self._counts["throttled"] += 1
            case Failed():
                self._counts["errors"] += 1
