"""An X server that does not come, as its keeper sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import keeper_screen
from footlight.agent.keeper_screen import X_ATTEMPTS, X_START_S, Screen
from footlight.agent.processes import StartFailed

PLAN = {"width": 800, "height": 600, "title": "t", "cookie": "00" * 16}


class Held:
    """A reserved display number."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Stillborn:
    """Children and log of a keeper whose X servers never answer; `last_words` if they end."""

    def __init__(self, last_words: str | None) -> None:
        self.last_words = last_words
        self.exits: dict[int, int] = {}
        self.started: list[list[str]] = []

    def start(self, role: str, argv: list[str], *, own_network: bool) -> int:
        assert (role, own_network) == ("x", True)
        self.started.append(argv)
        pid = 100 + len(self.started)
        if self.last_words is not None:
            self.exits[pid] = 1
        return pid

    def text_of(self, role: str) -> str:
        return self.last_words or ""

    last_line_of = text_of


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[Held]:
    """Display numbers without end, and what was reserved of them."""
    made: list[Held] = []

    def free() -> Iterator[tuple[int, Held]]:
        for display in range(50_000, 60_000):
            made.append(Held())
            yield display, made[-1]

    monkeypatch.setattr(keeper_screen.xvnc, "free_displays", free)
    return made


def _screen(tmp_path: Path, children: Stillborn) -> Screen:
    spoken: Any = children
    return Screen(str(tmp_path), PLAN, spoken, spoken)


def test_one_that_does_not_answer_is_given_up_in_time(tmp_path: Path, held: list[Held]) -> None:
    limits: list[float] = []

    def until(done: Callable[[], bool], limit_s: float) -> bool:
        limits.append(limit_s)
        return done()

    children = Stillborn(None)
    screen = _screen(tmp_path, children)
    with pytest.raises(StartFailed, match="no answer in time"):
        screen.start(until)
    assert len(children.started) == 1
    assert 0 < limits[0] <= X_START_S
    screen.remove_leftovers()
    assert held[0].closed


def test_one_that_ends_says_why(tmp_path: Path, held: list[Held]) -> None:
    children = Stillborn("could not open default font")
    with pytest.raises(StartFailed, match="could not open default font"):
        _screen(tmp_path, children).start(lambda done, limit_s: done())
    assert len(children.started) == 1


def test_a_number_that_somebody_was_faster_to_take_is_left(
    tmp_path: Path, held: list[Held]
) -> None:
    children = Stillborn("Server is already active for display")
    with pytest.raises(StartFailed, match="already active"):
        _screen(tmp_path, children).start(lambda done, limit_s: done())
    assert len({argv[1] for argv in children.started}) == X_ATTEMPTS
    assert all(number.closed for number in held[:X_ATTEMPTS])
