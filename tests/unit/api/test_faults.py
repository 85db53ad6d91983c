from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.api.faults import (
    Decision,
    Dropped,
    Expired,
    Failed,
    Faults,
    Throttled,
    decide,
)
from footlight.wire.stand_in import Delay, FaultSwitches, ServerErrors, Throttle


def fate(switches: FaultSwitches, at: float = 0.0, **more: bool) -> Decision:
    return decide(switches, lambda: at, **{"with_token": True, "too_fast": False, **more})


def test_nothing_is_switched_on_at_first() -> None:
    assert fate(FaultSwitches()) == Decision(0, None)


def test_each_switch_does_what_it_says() -> None:
    assert fate(FaultSwitches(dropped_connections=0.1)).fault == Dropped()
    assert fate(FaultSwitches(expired_tokens=0.1)).fault == Expired()
    throttle = Throttle(share=0.1, retry_after_s=7)
    assert fate(FaultSwitches(throttle=throttle)).fault == Throttled(7)
    errors = ServerErrors(share=1)
    assert fate(FaultSwitches(errors=errors)).fault == Failed(500)
    assert fate(FaultSwitches(errors=errors), 0.9).fault == Failed(503)
    delay = Delay(ms=100, jitter_ms=50)
    assert fate(FaultSwitches(delay=delay), 0.5) == Decision(125, None)


def test_a_call_without_a_token_has_none_that_expires() -> None:
    assert fate(FaultSwitches(expired_tokens=1), with_token=False).fault is None


def test_a_call_beyond_the_rate_is_throttled_whatever_the_share() -> None:
    assert fate(FaultSwitches(), 0.99, too_fast=True).fault == Throttled(2)


shares = st.floats(0, 1)


@given(shares, shares, shares, shares, st.integers(0, 2**32))
def test_a_share_is_a_share(
    throttled: float, failed: float, expired: float, dropped: float, seed: int
) -> None:
    """Over many calls each fault is about as frequent as its switch says, of the calls that are left to it."""
    switches = FaultSwitches(
        throttle=Throttle(share=throttled),
        errors=ServerErrors(share=failed),
        expired_tokens=expired,
        dropped_connections=dropped,
    )
    chance = random.Random(seed).random
    count = 2000
    faults = [decide(switches, chance, with_token=True, too_fast=False).fault for _ in range(count)]
    left = 1.0
    kinds = (Dropped, dropped), (Throttled, throttled), (Expired, expired), (Failed, failed)
    for kind, share in kinds:
        seen = sum(isinstance(fault, kind) for fault in faults)
        assert abs(seen / count - left * share) < 0.07, kind
        left *= 1 - share


def test_the_same_seed_gives_the_same_faults_and_another_switch_does_not_move_them() -> None:
    def dropped(**more: Any) -> list[bool]:
        faults = Faults(FaultSwitches(seed=5, dropped_connections=0.3, **more))
        return [isinstance(faults.meet(0.0, with_token=True).fault, Dropped) for _ in range(200)]

    assert dropped() == dropped()
    assert dropped() == dropped(delay=Delay(jitter_ms=10), errors=ServerErrors(share=0.5))
    assert 30 < sum(dropped()) < 90


def test_a_rate_lets_a_second_through_at_once_and_then_as_time_goes() -> None:
    faults = Faults(FaultSwitches(throttle=Throttle(per_second=10)))

    def passed(now_s: float) -> int:
        return sum(faults.meet(now_s, with_token=True).fault is None for _ in range(20))

    assert [passed(100.0), passed(100.0), passed(100.5), passed(200.0)] == [10, 0, 5, 10]
    assert faults.view().counts.throttled == 80 - 25
    assert faults.view().counts.calls == 80


def test_setting_begins_anew() -> None:
    faults = Faults(FaultSwitches(errors=ServerErrors(share=1)))
    faults.meet(0.0, with_token=True)
    faults.set(FaultSwitches())
    assert faults.view().counts.calls == 0
    assert faults.meet(0.0, with_token=True).fault is None


def test_the_wire_refuses_what_is_out_of_range() -> None:
    for body in ({"expiredTokens": 1.1}, {"delay": {"ms": -1}}, {"errors": {"statuses": [404]}}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(body, FaultSwitches)
