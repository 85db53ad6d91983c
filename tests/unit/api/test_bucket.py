"""Buckets: what passes, when the next may pass, and that there are never too many."""

from __future__ import annotations

import pytest

from footlight.api import bucket
from footlight.api.bucket import Buckets
from footlight.config_rates import Rate


def test_a_burst_then_the_rate() -> None:
    buckets = Buckets(Rate(2, 3))
    assert [buckets.take("a", 0) for _ in range(4)] == [None, None, None, 1]
    assert buckets.take("a", 499) == 1
    assert buckets.take("a", 500) is None
    assert buckets.take("a", 501) == 1
    assert [buckets.take("a", 60_000) for _ in range(4)] == [None, None, None, 1]


def test_keys_do_not_share() -> None:
    buckets = Buckets(Rate(1, 1))
    assert buckets.take("a", 0) is None
    assert buckets.take("b", 0) is None
    assert buckets.take("a", 0) == 1


def test_the_wait_is_told_in_whole_seconds() -> None:
    buckets = Buckets(Rate(0.1, 1))
    buckets.take("a", 0)
    assert buckets.take("a", 0) == 10
    assert buckets.take("a", 8_500) == 2
    assert buckets.take("a", 10_000) is None


def test_a_refused_request_takes_nothing() -> None:
    buckets = Buckets(Rate(1, 1))
    buckets.take("a", 0)
    for now_ms in range(0, 1000, 100):
        assert buckets.take("a", now_ms) == 1
    assert buckets.take("a", 1000) is None


def test_a_clock_that_is_set_back_does_no_harm() -> None:
    buckets = Buckets(Rate(1, 2))
    buckets.take("a", 10_000)
    assert buckets.take("a", 0) is None
    assert buckets.take("a", 0) == 1
    assert buckets.take("a", 1_000) is None


def test_the_one_longest_unused_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "MAX_BUCKETS", 2)
    buckets = Buckets(Rate(1, 1))
    for key in ("a", "b", "a", "c"):
        buckets.take(key, 0)
    assert buckets.take("a", 0) == 1
    assert buckets.take("b", 0) is None
