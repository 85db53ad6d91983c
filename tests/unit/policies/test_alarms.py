from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footlight.policies import alarms
from footlight.wire.host import RecordingFacts


def row(**more: Any) -> Any:
    usual = {
        "session_id": "s", "health": "recording", "health_reason": None, "late_at_ms": None,
        "late_reason": None, "covered": False,
    }  # fmt: skip
    return SimpleNamespace(**usual | more)


def facts(gap: str | None) -> RecordingFacts:
    return RecordingFacts(recording_id="r", session_id="s", status="recording", gap=gap)


@pytest.mark.parametrize("gap", [None, "disconnected", "spool-full", "recorder-lost"])
def test_what_may_be_an_accident_is_no_alarm(gap: str | None) -> None:
    assert alarms.of_gap(row(), facts(gap)) is None


@pytest.mark.parametrize("gap", alarms.TAMPERING)
def test_what_is_somebodys_doing_is_told_once(gap: str) -> None:
    act = alarms.of_gap(row(late_reason=gap), facts(gap))  # an earlier one is over
    assert act is not None
    assert (act.object_id, act.parameters, act.succeeded) == ("s", {"Cause": gap}, False)
    assert alarms.of_gap(row(late_at_ms=1, late_reason=gap), facts(gap)) is None
    assert alarms.of_gap(row(health="delayed", health_reason=gap), facts(gap)) is None
    other = row(health="delayed", health_reason="spool-full")
    assert alarms.of_gap(other, facts(gap)) is not None


def test_a_cover_is_told_when_it_comes_and_goes() -> None:
    came = alarms.of_cover(row(), covered=True, cause="spool-full")
    gone = alarms.of_cover(row(covered=True), covered=False, cause="")
    assert came is not None
    assert gone is not None
    assert "is covered" in came.text
    assert "not covered any more" in gone.text
    assert alarms.of_cover(row(covered=True), covered=True, cause="") is None
