"""An X server that does not come, as its keeper sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import keeper_screen
from footlight.agent.keeper_screen import X_ATTEMPTS, X_START_S, Screen
from footlight.agent.processes import RunAs, StartFailed

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
        self.accounts: list[RunAs | None] = []

    def start(
        self, role: str, argv: list[str], *, folder: str, own_network: bool, run_as: RunAs | None
    ) -> int:
        assert (role, folder, own_network) == ("x", "/", True)
        self.started.append(argv)
        self.accounts.append(run_as)
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
    monkeypatch.setattr(keeper_screen.processes, "own_memory", lambda: False)
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


def test_it_gets_an_account_and_its_folder_where_it_may_share_memory(
    tmp_path: Path, held: list[Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, int]] = []

    def chown(path: str, uid: int, gid: int, *, follow_symlinks: bool) -> None:
        assert uid == gid
        assert not follow_symlinks
        given.append((path, uid))

    monkeypatch.setattr(keeper_screen.processes, "own_memory", lambda: True)
    monkeypatch.setattr(keeper_screen.os, "chown", chown)
    children = Stillborn("could not open default font")
    with pytest.raises(StartFailed):
        _screen(tmp_path, children).start(lambda done, limit_s: done())
    (account,) = children.accounts
    assert account is not None
    assert (account.name, account.uid) == ("", keeper_screen.xvnc.account(50_000))
    assert given == [(f"{tmp_path}/x{part}", account.uid) for part in ("/Xauthority", "")]


def test_it_runs_as_the_user_where_it_may_not_share_memory_or_there_are_no_such_accounts(
    tmp_path: Path, held: list[Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(keeper_screen.os, "chown", refuse)
    for may_share in (False, True):
        monkeypatch.setattr(keeper_screen.processes, "own_memory", lambda may=may_share: may)
        children = Stillborn("could not open default font")
        screen = _screen(tmp_path, children)
        with pytest.raises(StartFailed):
            screen.start(lambda done, limit_s: done())
        assert children.accounts == [None]
        assert not screen.own_account
