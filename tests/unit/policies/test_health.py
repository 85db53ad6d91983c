"""The times of failures; the states are in broker/test_policy_keeper.py."""

from __future__ import annotations

from footlight.policies.health import LONGEST_RETRY_MS, retry_after_ms


def test_each_failure_in_a_row_waits_twice_as_long_up_to_a_minute() -> None:
    waits = [retry_after_ms(failures) for failures in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert waits == [2000, 4000, 8000, 16_000, 32_000, *[LONGEST_RETRY_MS] * 3]
