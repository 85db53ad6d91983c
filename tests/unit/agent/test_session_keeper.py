from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.session_keeper import SessionKeeper
from footlight.clock import FakeClock
from footlight.errors import Unavailable


class Told:
    """A session as its keeper knows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[tuple[str, dict[str, object]]] = []
        self.said: list[str] = []
        self.clock = FakeClock()
        self.keeper = SessionKeeper(
            *(folder, self.clock),
            note=lambda kind, members: self.events.append((kind, members)),
            told=lambda: self.said.append("told"),
            lost=lambda: self.said.append("lost"),
        )

    def left(self, **state: Any) -> None:
        """By an earlier agent's keeper."""
        (self.folder / "log").touch()
        (self.folder / "state.json").write_text(json.dumps(state))


@pytest.fixture
def session(tmp_path: Path) -> Told:
    return Told(tmp_path)


async def test_where_nothing_has_begun_there_is_nothing_to_say(session: Told) -> None:
    await session.keeper.adopt()
    keeper = session.keeper
    assert (keeper.phase, keeper.x_up, keeper.display(), keeper.connected) == (
        *(None, False, None, False),
    )
    assert keeper.facts()["phase"] == "starting"
    assert session.said == []
    with pytest.raises(Unavailable, match="not connected"):
        assert keeper.link


async def test_the_facts_of_an_ended_session_are_taken_over(session: Told) -> None:
    session.left(phase="ended", display=":7", started_at_ms=1, end_reason="logged off", exit_code=3)
    await session.keeper.adopt()
    facts = session.keeper.facts()
    assert (facts["phase"], facts["end_reason"], facts["exit_code"]) == ("ended", "logged off", 3)
    assert session.keeper.how_it_ended() == {
        "reason": "logged off", "exitCode": 3, "detail": None,
    }  # fmt: skip
    assert session.keeper.display() is None
    assert session.said == ["lost"]
    await session.keeper.exited()


async def test_a_session_that_no_keeper_ends_is_ended_on_the_disk(session: Told) -> None:
    session.keeper.state = {"phase": "running", "display": ":7", "started_at_ms": 1}
    assert session.keeper.display() == ":7"
    session.keeper.end_without("host lost the keeper")
    assert session.keeper.phase == "ended"
    assert json.loads((session.folder / "state.json").read_text()) == session.keeper.state
    assert session.keeper.state["ended_at_ms"] == session.clock.now_ms()
    await session.keeper.exited()


def test_idleness_is_noted_when_it_begins_and_ends(session: Told) -> None:
    since_ms = session.clock.now_ms()
    session.keeper._take({"phase": "running", "idle_since_ms": since_ms})
    session.keeper._take({"phase": "running", "idle_since_ms": since_ms})
    session.clock.advance(3000)
    session.keeper._take({"phase": "running"})
    assert session.events == [("idle", {"sinceMs": since_ms}), ("active", {"idleMs": 3000})]
    assert session.said == ["told"] * 3
