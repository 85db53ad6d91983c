"""Folders in place of the kernel's hierarchies; what the limits do: tests/host/test_resources.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from footlight.agent import resource_groups

ALL = {"memory_bytes": 1 << 30, "processes": 500, "cpu_weight": 200}
NAME = "footlight/517e0000/0123abcd/session"


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(resource_groups, "V1_ROOT", str(tmp_path))
    monkeypatch.setattr(
        resource_groups, "V2_ROOTS", (str(tmp_path / "none"), str(tmp_path / "unified"))
    )
    return tmp_path


def _hierarchy(path: Path, mark: str) -> None:
    path.mkdir()
    (path / mark).touch()


def test_version_1(roots: Path) -> None:
    for controller in ("memory", "pids", "cpu"):
        _hierarchy(roots / controller, "cgroup.procs")
    joined = resource_groups.limit(NAME, ALL)
    assert joined == [f"{roots}/{controller}/{NAME}" for controller in ("memory", "pids", "cpu")]
    memory = roots / "memory" / NAME
    assert (memory / "memory.limit_in_bytes").read_text() == str(1 << 30)
    assert (memory / "memory.memsw.limit_in_bytes").read_text() == str(1 << 30)
    assert (roots / "pids" / NAME / "pids.max").read_text() == "500"
    assert (roots / "cpu" / NAME / "cpu.shares").read_text() == "2048"


def test_version_2_hands_controllers_down(roots: Path) -> None:
    _hierarchy(roots / "unified", "cgroup.controllers")
    assert resource_groups.limit(NAME, {"processes": 500}) == []
    assert (roots / "unified" / NAME / "pids.max").read_text() == "500"
    path = roots / "unified"
    for step in NAME.split("/"):
        assert (path / "cgroup.subtree_control").read_text() == "+pids"
        path /= step
    assert not (path / "cgroup.subtree_control").exists()


def test_each_controller_where_it_is(roots: Path) -> None:
    _hierarchy(roots / "unified", "cgroup.controllers")
    _hierarchy(roots / "pids", "cgroup.procs")
    assert resource_groups.limit(NAME, ALL) == [f"{roots}/pids/{NAME}"]
    assert (roots / "unified" / NAME / "memory.max").read_text() == str(1 << 30)
    assert (roots / "unified" / NAME / "cpu.weight").read_text() == "200"
    assert not (roots / "unified" / NAME / "pids.max").exists()


def test_without_limits_or_hierarchies_nothing_is_made(roots: Path) -> None:
    assert resource_groups.limit(NAME, ALL) == []
    _hierarchy(roots / "pids", "cgroup.procs")
    assert resource_groups.limit(NAME, {"processes": 0}) == []
    assert [path.name for path in (roots / "pids").iterdir()] == ["cgroup.procs"]


def test_only_empty_groups_are_removed(roots: Path) -> None:
    _hierarchy(roots / "pids", "cgroup.procs")
    site = roots / "pids" / "footlight" / "517e0000"
    for name in ("0123abcd", "other"):
        for part in ("session", "screen"):
            (site / name / part).mkdir(parents=True)
    (site / "other" / "session" / "process").mkdir()
    resource_groups.remove("footlight/517e0000/0123abcd")
    resource_groups.remove("footlight/517e0000/other")
    assert [path.name for path in site.iterdir()] == ["other"]
    (site / "other" / "session" / "process").rmdir()
    resource_groups.remove("footlight/517e0000/other")
    assert not site.exists()


def test_half_of_memory_is_some() -> None:
    assert resource_groups.half_of_memory() > 64 * 1024**2
