from __future__ import annotations

from typing import Any

import msgspec
import pytest

from footlight.agent.guard import (
    COVER_AFTER_S,
    END_AFTER_S,
    FIRST_PICTURE_S,
    FORGIVEN_AFTER_S,
    Guard,
    Ruling,
)
from footlight.wire.host import RecordingFacts, RecordingOrder

MUST = RecordingOrder(
    recording_id="r", notify=False, reason="x", ordered_by="y", if_lost="cover"
)  # fmt: skip
MUST_END = msgspec.structs.replace(MUST, if_lost="end")
MAY = msgspec.structs.replace(MUST, if_lost="go-on")
RUNS = RecordingFacts(recording_id="r", session_id="s", status="recording")
LOST = msgspec.structs.replace(RUNS, status="starting", gap="recorder-lost")


class Watched:
    def __init__(self) -> None:
        self.guard = Guard()
        self.now_s = 100.0

    def look(
        self, wanted: RecordingOrder | None, facts: RecordingFacts | None, **gone: Any
    ) -> Ruling:
        self.now_s += gone.get("after_s", 0.0)
        return self.guard.look(wanted, facts, self.now_s, int(self.now_s * 1000))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_nobody_sees_a_session_before_it_is_recorded(watched: Watched) -> None:
    assert watched.look(MUST, None) == Ruling("starting")
    starting = msgspec.structs.replace(RUNS, status="starting")
    assert watched.look(MUST, starting, after_s=60) == Ruling("starting")
    assert watched.look(MUST, RUNS) == Ruling()


def test_what_need_not_be_recorded_goes_on(watched: Watched) -> None:
    assert watched.look(None, None) == Ruling()
    assert watched.look(MAY, None, after_s=60) == Ruling()
    assert watched.look(MAY, LOST, after_s=60) == Ruling()


def test_a_loss_is_covered_after_a_moment(watched: Watched) -> None:
    watched.look(MUST, RUNS)
    assert watched.look(MUST, LOST) == Ruling(again_s=COVER_AFTER_S)
    assert watched.look(MUST, LOST, after_s=COVER_AFTER_S) == Ruling("recorder-lost")
    assert watched.look(MUST, LOST, after_s=600) == Ruling("recorder-lost")
    assert watched.look(MUST, RUNS) == Ruling()


def test_a_session_in_use_has_a_moment_when_it_comes_to_be_recorded(watched: Watched) -> None:
    watched.look(None, None)
    assert watched.look(MUST, None) == Ruling(again_s=COVER_AFTER_S)
    assert watched.look(MUST, None, after_s=COVER_AFTER_S) == Ruling("starting")


def test_a_loss_counts_from_when_it_began(watched: Watched) -> None:
    watched.look(MUST, RUNS)
    since_ms = int((watched.now_s - COVER_AFTER_S) * 1000)
    lost = msgspec.structs.replace(LOST, gap="x-frozen", gap_since_ms=since_ms)
    assert watched.look(MUST, lost) == Ruling("x-frozen")


def test_a_gap_is_a_loss_although_it_records(watched: Watched) -> None:
    watched.look(MUST, RUNS)
    gap = msgspec.structs.replace(RUNS, gap="tampering")
    watched.look(MUST, gap)
    assert watched.look(MUST, gap, after_s=COVER_AFTER_S) == Ruling("tampering")


def test_losses_add_up_until_they_are_forgiven(watched: Watched) -> None:
    watched.look(MUST, RUNS)
    for _ in range(2):
        assert watched.look(MUST, LOST).cause == ""
        assert watched.look(MUST, RUNS, after_s=0.45 * COVER_AFTER_S) == Ruling()
    assert watched.look(MUST, LOST).again_s == pytest.approx(0.1 * COVER_AFTER_S)
    assert watched.look(MUST, LOST, after_s=0.2 * COVER_AFTER_S) == Ruling("recorder-lost")
    watched.look(MUST, RUNS)
    assert watched.look(MUST, LOST, after_s=FORGIVEN_AFTER_S / 2) == Ruling("recorder-lost")
    watched.look(MUST, RUNS)
    assert watched.look(MUST, LOST, after_s=FORGIVEN_AFTER_S + 1).cause == ""


def test_a_session_that_may_not_go_on_ends(watched: Watched) -> None:
    watched.look(MUST_END, RUNS)
    assert watched.look(MUST_END, LOST) == Ruling(again_s=COVER_AFTER_S)
    covered = watched.look(MUST_END, LOST, after_s=COVER_AFTER_S)
    assert covered == Ruling("recorder-lost", again_s=END_AFTER_S - COVER_AFTER_S)
    assert watched.look(MUST_END, LOST, after_s=END_AFTER_S) == Ruling("recorder-lost", end=True)


def test_a_session_that_cannot_be_recorded_at_all_ends_later(watched: Watched) -> None:
    assert watched.look(MUST_END, None) == Ruling("starting", again_s=FIRST_PICTURE_S)
    failed = msgspec.structs.replace(RUNS, status="failed")
    assert watched.look(MUST_END, failed, after_s=FIRST_PICTURE_S) == Ruling("failed", end=True)
