"""Children of this very process, in place of a keeper's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import keeper_children
from footlight.agent.keeper_children import Children
from footlight.agent.processes import StartFailed

PLAN = {
    "user": {"name": "ada", "uid": 1, "gid": 1},
    "groups": None,
    "umask": 0o022,
    "environment": {"PATH": "/bin"},
    "home": "/no",
}


class Log:
    """Takes what is printed, and throws it away."""

    def writer(self, role: str, also: Callable[[bytes], None]) -> int:
        return os.open(os.devnull, os.O_WRONLY)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    monkeypatch.setattr(keeper_children.os, "geteuid", lambda: 1000)  # no other user is set
    log: Any = Log()
    made = Children(PLAN, log)
    yield made
    made.kill(set(made.roles.values()))
    _take_exits(made)
    assert all(code == -9 for code in made.exits.values())


def _take_exits(children: Children) -> None:
    """As reap() does, for these alone: the tests' process may have other children."""
    for pid in children.roles.values():
        _, status = os.waitpid(pid, 0)
        children.exits[pid] = os.waitstatus_to_exitcode(status)


def test_roles_are_told_from_each_other(children: Children) -> None:
    program = children.start("program", ["sleep", "60"])
    furniture = children.start("wm", ["sleep", "60"])
    assert {program, furniture} <= children.members()
    assert program in children.programs()
    assert furniture not in children.programs()
    assert not children.has_exited("program")
    assert not children.has_exited("x")  # never started
    assert children.exit_of("x") is None


def test_the_x_server_is_counted_apart(children: Children) -> None:
    server = children.start("x", ["sleep", "60"])
    program = children.start("program", ["sleep", "60"])
    assert server in children.members()
    assert program in children.but_screen()
    assert server not in children.but_screen()


def test_what_can_not_start_has_no_role(children: Children) -> None:
    with pytest.raises(StartFailed, match="No such file"):
        children.start("program", ["/no/such/program"])
    assert children.roles == {}


def test_without_groups_there_is_no_cgroup(children: Children, tmp_path: Path) -> None:
    children.make_cgroup(None)
    assert children.cgroup is None
    (tmp_path / "file").touch()
    children.make_cgroup(str(tmp_path / "file"))
    assert children.cgroup is None
    children.remove_cgroup()


def test_the_sessions_processes_are_known_by_name(children: Children) -> None:
    pid = children.start("program", ["sleep", "60"])
    assert pid in children.named("sleep")
    assert pid not in children.named("cat")
