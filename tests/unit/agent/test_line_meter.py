from __future__ import annotations

import pytest

from footlight.agent.line_meter import MEASURE_EACH_S, SILENT_S, LineMeter, two_digits
from footlight.wire.host import ViewerFacts

FACTS = ViewerFacts(
    viewer_id="v", user_name="D\\ada", own=True, mode="interactive", address="::1",
    via_address=None, client_name="", platform="Linux", version="1", attached_at_ms=1,
)  # fmt: skip


def rates(facts: ViewerFacts) -> tuple[int, int, int | None]:
    return facts.to_viewer_bytes_s, facts.from_viewer_bytes_s, facts.round_trip_ms


def test_what_went_over_the_line_since_it_was_measured_last() -> None:
    meter = LineMeter()
    meter.begin(100.0, watched=True)
    meter.out_bytes, meter.in_bytes = 1234, 20
    first = meter.measured(FACTS, 101.0, None)
    assert rates(first) == (1200, 20, None)
    meter.out_bytes += 500_000
    # A ping's answer is told at once, the rest now and then.
    second = meter.measured(first, 103.0, 17)
    assert rates(second) == (250_000, 0, 17)
    meter.out_bytes += 10_000
    assert meter.measured(second, 103.0 + MEASURE_EACH_S - 1, 99) is second
    third = meter.measured(second, 103.0 + MEASURE_EACH_S, 123)
    assert rates(third) == (1000, 0, 120)


def test_a_watched_line_is_dead_when_nothing_is_heard_of_it() -> None:
    meter = LineMeter()
    assert meter.silent_in(1e9) == SILENT_S  # nobody watches it
    meter.begin(100.0, watched=True)
    assert meter.silent_in(101.0) == SILENT_S - 1
    meter.measured(FACTS, 110.0, None)
    assert meter.silent_in(110.0) == SILENT_S
    assert meter.silent_in(110.0 + SILENT_S) <= 0


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (0.4, 0), (7, 7), (14, 14), (149, 150), (99_999, 100_000)]
)
def test_two_digits(value: float, rounded: int) -> None:
    assert two_digits(value) == rounded
