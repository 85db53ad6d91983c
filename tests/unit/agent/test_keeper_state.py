from __future__ import annotations

import json
import os
import types
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.keeper_state import StateFile

PLAN = {"session_id": "s1", "logon": "password", "moments": {"agent": 5}}


def _state(folder: Path, told: Any = lambda: None) -> StateFile:
    user = types.SimpleNamespace(name="pia", uid=4711)
    children: Any = types.SimpleNamespace(user=user, roles={"x": 12})
    return StateFile(str(folder), PLAN, children, told)


def test_it_begins_with_what_the_plan_says(tmp_path: Path) -> None:
    facts = _state(tmp_path).facts
    assert (facts["session_id"], facts["phase"], facts["keeper_pid"]) == (
        "s1",
        "starting",
        os.getpid(),
    )
    assert (facts["linux_user"], facts["linux_uid"], facts["pids"]) == ("pia", 4711, {"x": 12})
    assert facts["moments"]["keeper"] > facts["moments"]["agent"] == 5
    assert PLAN["moments"] == {"agent": 5}
    assert not list(tmp_path.iterdir())


def test_who_listens_hears_what_is_on_the_disk_already(tmp_path: Path) -> None:
    seen: list[Any] = []
    file = tmp_path / "state.json"
    state = _state(tmp_path, lambda: seen.append(json.loads(file.read_text())))
    state.passed("bus")
    state.tell(phase="running", display=":7")
    state.tell(phase="ended", exit_code=3)
    assert [(one["phase"], one["display"], one["exit_code"]) for one in seen] == [
        ("running", ":7", None),
        ("ended", ":7", 3),
    ]
    assert seen[0]["moments"]["bus"] >= seen[0]["moments"]["keeper"]
    assert state.phase == "ended"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_what_cannot_be_written_leaves_the_last_state_and_is_not_told(tmp_path: Path) -> None:
    told: list[None] = []
    state = _state(tmp_path, lambda: told.append(None))
    state.tell(phase="running")
    state.facts["exit_detail"] = object()
    with pytest.raises(TypeError):
        state.tell(phase="ended")
    assert json.loads((tmp_path / "state.json").read_text())["phase"] == "running"
    assert len(told) == 1
