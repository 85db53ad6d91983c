from __future__ import annotations

import pytest

from footlight.agent import processes, x_pulse
from footlight.agent.x_pulse import (
    ANSWERS_S,
    ASLEEP_S,
    BUSY_ANSWERS_S,
    LOOK_S,
    QUIET_S,
    XPulse,
)
from footlight.rfb.client import Rectangle


class Quiet:
    """A feed that says nothing, and the time."""

    pid = 1

    def __init__(self) -> None:
        self.now_s = self.heard_at = 100.0
        self.asked_at: list[float] = []  # after it was heard, in seconds
        self.pulse = XPulse(self, lambda: self.now_s)  # type: ignore[arg-type]

    def ask_for_answer(self) -> None:
        self.asked_at.append(self.now_s - self.heard_at)

    def silent_for(self, seconds: float) -> None:
        """Looks as the tape makes them, until so long after it was heard last."""
        while self.now_s - self.heard_at < seconds:
            self.now_s += LOOK_S
            self.pulse.look()

    def answers(self) -> None:
        self.heard_at = self.now_s
        self.pulse.look()


@pytest.mark.parametrize(
    ("state", "asked_after_s", "noticed_after_s"),
    [
        ("T", None, QUIET_S),
        ("t", None, QUIET_S),
        ("S", ASLEEP_S, ASLEEP_S + ANSWERS_S),
        ("R", QUIET_S, QUIET_S + BUSY_ANSWERS_S),
        ("?", QUIET_S, QUIET_S + ANSWERS_S),
    ],
)
def test_how_long_it_may_be_silent(
    state: str, asked_after_s: float | None, noticed_after_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "state_of", lambda pid: state)
    feed = Quiet()
    feed.silent_for(noticed_after_s - LOOK_S - 0.01)
    assert feed.pulse.frozen_s == 0
    feed.silent_for(noticed_after_s + LOOK_S)
    assert feed.pulse.frozen_s >= noticed_after_s
    if asked_after_s is None:
        assert feed.asked_at == []
    else:
        assert [round(at_s - asked_after_s, 6) < LOOK_S for at_s in feed.asked_at] == [True]
    feed.answers()
    assert feed.pulse.frozen_s == 0


def test_one_that_sleeps_and_answers_is_asked_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "state_of", lambda pid: "S")
    feed = Quiet()
    for _ in range(15):
        feed.silent_for(ASLEEP_S)
        feed.answers()
        assert feed.pulse.frozen_s == 0
    assert len(feed.asked_at) == 15


def test_one_that_was_seen_running_is_frozen_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    states = ["S"]
    monkeypatch.setattr(processes, "state_of", lambda pid: states[-1])
    feed = Quiet()
    feed.silent_for(3.0)
    states.append("T")
    feed.silent_for(3.0 + LOOK_S)
    assert 0 < feed.pulse.frozen_s <= 2 * LOOK_S
    states.append("S")
    feed.silent_for(3.0 + 2 * LOOK_S)
    assert feed.pulse.frozen_s > 0, "until it has answered"
    assert len(feed.asked_at) == 1
    feed.answers()
    assert feed.pulse.frozen_s == 0


def test_an_answer_counts_however_late_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "state_of", lambda pid: "S")
    feed = Quiet()
    feed.silent_for(ASLEEP_S + ANSWERS_S + 2 * LOOK_S)
    assert feed.pulse.frozen_s > 0
    feed.heard_at = feed.now_s + 0.001
    feed.now_s += 2 * LOOK_S - 0.01 + QUIET_S
    monkeypatch.setattr(x_pulse, "LOOK_S", 10.0)  # not late by this
    feed.pulse.look()
    assert feed.pulse.frozen_s == 0


@pytest.mark.parametrize("state", ["S", "T"])
def test_one_who_comes_late_himself_accuses_nobody(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "state_of", lambda pid: state)
    feed = Quiet()
    feed.now_s += 60
    feed.pulse.look()
    assert feed.pulse.frozen_s == 0


def test_the_pixel_that_is_known_tells_nothing() -> None:
    pulse = Quiet().pulse
    red, blue = Rectangle(0, 0, 1, 1, 16, b"r"), Rectangle(0, 0, 1, 1, 16, b"b")
    assert not pulse.is_answer([red])  # what is recorded there is not known yet
    assert pulse.is_answer([red])
    assert not pulse.is_answer([blue])
    assert pulse.is_answer([blue])
    elsewhere = Rectangle(5, 5, 10, 10, 16, b"x")
    assert not pulse.is_answer([elsewhere])
    assert pulse.is_answer([blue])
    assert not pulse.is_answer([blue, elsewhere])
    assert not pulse.is_answer([blue])
