"""Faults on purpose, for people who test their automations: which calls they meet. Pure but for its counters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from footlight.errors import Invalid
from footlight.wire.stand_in import Delay, FaultCounts, FaultsView, FaultSwitches

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


def read_switches(text: str) -> FaultSwitches:
    """The switches that a command line or a configuration names: `throttle=0.1` (share), `throttle=20/s` (rate),
    `retry-after=5`, `errors=0.05`, `delay=200` or `delay=200+100` (ms, jitter), `expired-tokens=0.1`,
    `drop=0.01`, `seed=7`, with commas between them. Raises Invalid naming the one that is wrong."""
    found: dict[str, object] = {}
    for word in filter(None, (word.strip() for word in text.split(","))):
        name, equals, value = word.partition("=")
        try:
            if not equals:
                raise ValueError("it has no value")
            _read(found, name.strip(), value.strip())
            switches = msgspec.convert(found, FaultSwitches)
        except (ValueError, KeyError, msgspec.ValidationError) as error:
            raise Invalid(f"fault {word!r} is none: {error}", name="fault") from None
    return switches if found else FaultSwitches()


def _read(found: dict[str, object], name: str, value: str) -> None:
    match name:
        case "throttle" if value.endswith("/s"):
            _member(found, "throttle")["perSecond"] = float(value.removesuffix("/s"))
        case "throttle":
            _member(found, "throttle")["share"] = float(value)
        case "retry-after":
            _member(found, "throttle")["retryAfterS"] = int(value)
        case "errors":
            _member(found, "errors")["share"] = float(value)
        case "delay":
            ms, _, jitter = value.partition("+")
            found["delay"] = msgspec.to_builtins(Delay(ms=int(ms), jitter_ms=int(jitter or 0)))
        case "expired-tokens":
            found["expiredTokens"] = float(value)
        case "drop":
            found["droppedConnections"] = float(value)
        case "seed":
            found["seed"] = int(value)
        case _:
            raise ValueError("there is no such switch")


def _member(found: dict[str, object], name: str) -> dict[str, object]:
    member = found.setdefault(name, {})
    assert isinstance(member, dict)
    return member
