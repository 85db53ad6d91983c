from __future__ import annotations

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel_opening import open_reel


async def test_one_that_was_begun_goes_on_with_a_gap(desk: Desk, order: BeginRecording) -> None:
    first = await open_reel(desk, order)
    first.begin_segment(2, 1, [(0, 0, 2, 1, 0, bytes(8))])
    await first.abandon("gone")
    again = await open_reel(desk, order, "spool-full")
    facts = again.facts()
    assert (facts.sealed_count, facts.gap, facts.last_gap) == (1, "spool-full", "spool-full")
    assert facts.started_at_ms is not None
    assert facts.gap_since_ms is not None
    again.begin_segment(2, 1, [(0, 0, 2, 1, 0, bytes(8))])
    assert again.facts().gap is None
    await again.complete("over")
    assert again.facts().status == "completed"
