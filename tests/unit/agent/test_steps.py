from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from footlight.agent.steps import Actual, Step, next_step
from footlight.wire.host import Account, Launch, RecordingFacts, RecordingOrder, SessionOrder

ORDER = SessionOrder(
    session_id="s",
    generation=3,
    want="run",
    launch=Launch(
        resource_id="r",
        resource_name="Desktop",
        session_type="Desktop",
        account=Account(kind="managed", account_id="a", name="ada"),
        user_name="F\\ada",
        machine_name="F\\HOST",
        command=[],
    ),
)
RUNNING = Actual(phase="running", x_up=True)


def _order(**changes: Any) -> SessionOrder:
    return msgspec.structs.replace(ORDER, **changes)


def _wanted(recording_id: str) -> RecordingOrder:
    return RecordingOrder(recording_id=recording_id, notify=False, reason="x", ordered_by="y")


def _running(recording_id: str, status: Any = "recording") -> RecordingFacts:
    return RecordingFacts(recording_id=recording_id, session_id="s", status=status)


@pytest.mark.parametrize(
    ("order", "actual", "step"),
    [
        (_order(), Actual(phase=None), Step.LAUNCH),
        (_order(want="end"), Actual(phase=None), Step.NEVER_RAN),
        (msgspec.structs.replace(_order(), known=True), Actual(phase=None), Step.NEVER_RAN),
        (_order(), Actual(phase="starting"), Step.WAIT),
        (_order(), RUNNING, Step.SETTLED),
        (_order(), Actual(phase="ended"), Step.SETTLED),
        (_order(want="end"), Actual(phase="starting"), Step.END),
        (_order(want="end"), RUNNING, Step.END),
        (_order(want="end"), replace(RUNNING, end_asked=True), Step.WAIT),
        (_order(want="end"), Actual(phase="ended"), Step.SETTLED),
        (_order(), Actual(phase="ending", x_up=True), Step.WAIT),
        # viewers
        (_order(disconnects=2), replace(RUNNING, disconnects=1), Step.DROP_VIEWERS),
        (_order(disconnects=2), replace(RUNNING, disconnects=2), Step.SETTLED),
        (_order(disconnects=1, want="end"), RUNNING, Step.DROP_VIEWERS),
        # the window manager
        (_order(manager_restarts=1), RUNNING, Step.RESTART_MANAGER),
        (_order(manager_restarts=1), replace(RUNNING, manager_restarts=1), Step.SETTLED),
        (_order(manager_restarts=1), Actual(phase="starting"), Step.WAIT),
        (_order(manager_restarts=1, want="end"), RUNNING, Step.END),
        # recordings
        (_order(recording=_wanted("A")), RUNNING, Step.BEGIN_RECORDING),
        (_order(recording=_wanted("A")), Actual(phase="starting"), Step.WAIT),
        (_order(recording=_wanted("A")), Actual(phase="starting", x_up=True), Step.BEGIN_RECORDING),
        (
            _order(recording=_wanted("A")),
            replace(RUNNING, recording=_running("A", "starting")),
            Step.WAIT,
        ),
        (_order(recording=_wanted("A")), replace(RUNNING, recording=_running("A")), Step.SETTLED),
        (
            _order(recording=_wanted("A")),
            replace(RUNNING, recording=_running("A", "failed")),
            Step.SETTLED,
        ),
        (
            _order(recording=_wanted("B")),
            replace(RUNNING, recording=_running("A")),
            Step.BEGIN_RECORDING,
        ),
        (_order(), replace(RUNNING, recording=_running("A")), Step.END_RECORDING),
        # a recording shows the end of its session
        (
            _order(want="end"),
            replace(RUNNING, end_asked=True, recording=_running("A")),
            Step.WAIT,
        ),
        (
            _order(want="end"),
            Actual(phase="ending", x_up=True, programs_gone=True, recording=_running("A")),
            Step.END_RECORDING,
        ),
        (
            _order(want="end"),
            Actual(phase="ending", x_up=True, programs_gone=True),
            Step.LET_GO,
        ),
        (
            _order(want="end"),
            Actual(phase="ending", x_up=True, programs_gone=True, let_go=True),
            Step.WAIT,
        ),
        (
            _order(recording=_wanted("A")),
            Actual(phase="ended", recording=_running("A")),
            Step.END_RECORDING,
        ),
        (_order(recording=_wanted("A")), Actual(phase="ended"), Step.SETTLED),
    ],
)
def test_next_step(order: SessionOrder, actual: Actual, step: Step) -> None:
    assert next_step(order, actual) is step


@pytest.mark.parametrize(
    ("wanted", "running", "coming", "step"),
    [
        ("new", _running("old"), None, Step.BEGIN_RECORDING),
        ("new", _running("old"), _running("new", "starting"), Step.WAIT),
        ("new", _running("old"), _running("new"), Step.END_RECORDING),
        ("new", _running("old"), _running("new", "failed"), Step.SETTLED),
        ("new", _running("new"), None, Step.SETTLED),
        ("newer", _running("old"), _running("new"), Step.DROP_COMING),
        ("old", _running("old"), _running("new"), Step.DROP_COMING),
        (None, _running("old"), _running("new"), Step.DROP_COMING),
        (None, _running("old"), None, Step.END_RECORDING),
    ],
)
def test_a_recording_ends_when_what_follows_it_runs(
    wanted: str | None, running: RecordingFacts, coming: RecordingFacts | None, step: Step
) -> None:
    order = _order(recording=None if wanted is None else _wanted(wanted))
    actual = replace(RUNNING, recording=running, coming=coming)
    assert next_step(order, actual) is step
