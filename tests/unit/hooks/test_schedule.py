from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footlight.hooks.schedule import FIRST_MS, MOST_MS, given_up, retry_after_ms

FAILURES = st.integers(1, 10_000)
DRAWS = st.floats(0, 1)


def test_pauses_double_up_to_an_hour() -> None:
    whole = [retry_after_ms(failures, 1.0) for failures in range(1, 16)]
    assert whole[:4] == [1000, 2000, 4000, 8000]
    assert whole[12:] == [MOST_MS] * 3
    assert retry_after_ms(1, 0.0) == 500


@given(FAILURES, DRAWS)
def test_a_pause_is_between_a_half_and_the_whole(failures: int, draw: float) -> None:
    whole = min(FIRST_MS * 2 ** min(failures - 1, 20), MOST_MS)
    assert whole // 2 <= retry_after_ms(failures, draw) <= whole


@given(FAILURES, DRAWS, DRAWS)
def test_a_pause_grows_with_the_draw_and_the_failures(
    failures: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert retry_after_ms(failures, low) <= retry_after_ms(failures, high)
    assert retry_after_ms(failures, low) <= retry_after_ms(failures + 1, low)


def test_a_receiver_is_given_up_after_days() -> None:
    day = 86_400_000
    assert not given_up(1000, 1000 + 3 * day - 1, 3)
    assert given_up(1000, 1000 + 3 * day, 3)
