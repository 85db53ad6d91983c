from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from footlight.sessions.session import Session, app_state_of, own_viewer, state_of
from footlight.wire.host import SessionFacts, ViewerFacts


def viewer(name: str, *, own: bool, at_ms: int = 1) -> ViewerFacts:
    return ViewerFacts(
        viewer_id=name, user_name=name, own=own, mode="interactive", address="198.51.100.1",
        via_address=None, client_name="", platform="Linux", version="1", attached_at_ms=at_ms,
    )  # fmt: skip


def facts(established_at_ms: int | None, *viewers: ViewerFacts) -> SessionFacts:
    return SessionFacts(
        session_id="s", generation=1, phase="running", established_at_ms=established_at_ms,
        viewers=list(viewers),
    )  # fmt: skip


def session(**changes: Any) -> Session:
    row = {"id": "s", "wanted": "run", "phase": "running", "established_at_ms": 5}
    return Session(SimpleNamespace(**{**row, "ended_at_ms": None, "is_hidden": False, **changes}))


def test_until_it_is_established_a_session_is_connected() -> None:
    assert state_of(facts(None)) == "Connected"
    assert state_of(facts(None, viewer("own", own=True))) == "Connected"


def test_only_its_own_user_makes_it_active() -> None:
    assert state_of(facts(5)) == "Disconnected"
    assert state_of(facts(5, viewer("shadower", own=False))) == "Disconnected"
    assert state_of(facts(5, viewer("shadower", own=False), viewer("own", own=True))) == "Active"


def test_the_own_viewer_is_the_one_attached_last() -> None:
    both = [viewer("b", own=True, at_ms=9), viewer("a", own=True, at_ms=3)]
    found = own_viewer([*both, viewer("shadower", own=False, at_ms=20)])
    assert found is not None
    assert found.viewer_id == "b"
    assert own_viewer([viewer("shadower", own=False)]) is None


def test_app_states() -> None:
    assert app_state_of("Desktop", facts(None)) == "PreLogon"
    assert app_state_of("Desktop", facts(5)) == "Desktop"
    assert app_state_of("Application", facts(5)) == "Active"
    closed = msgspec.structs.replace(facts(5), application_open=False)
    assert app_state_of("Application", closed) == "NoApps"
    assert app_state_of("Desktop", closed) == "Desktop"


@pytest.mark.parametrize(
    ("changes", "logging_on", "logging_off", "ended", "taken_up"),
    [
        ({}, False, False, False, True),
        ({"phase": "ordered", "established_at_ms": None}, True, False, False, True),
        ({"wanted": "end"}, False, True, False, False),
        ({"phase": "ending"}, False, True, False, False),
        ({"is_hidden": True}, False, False, False, False),
        ({"ended_at_ms": 9, "phase": "ended"}, False, False, True, False),
    ],
)
def test_progress(
    changes: dict[str, Any], logging_on: bool, logging_off: bool, ended: bool, taken_up: bool
) -> None:
    made = session(**changes)
    assert (made.logging_on, made.logging_off) == (logging_on, logging_off)
    assert (made.ended, made.can_be_taken_up) == (ended, taken_up)
