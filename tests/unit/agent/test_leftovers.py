from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from footlight.agent import leftovers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder with everything in it."""
    made = tmp_path / "0123abcd"
    for name in ("x", "run", "desk"):
        (made / name).mkdir(parents=True)
    for name in ("x/rfb", "keeper.sock", "notice.Xauthority", "cookie", "order.json", "log"):
        (made / name).touch()
    return made


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    made: list[subprocess.Popen[bytes]] = []
    yield made
    for child in made:
        child.kill()
        child.wait()


def _sleep(*argv: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)", *argv],
        env=environment or {},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None
    with child.stdout as told:
        told.readline()
    return child


def _write_state(folder: Path, **facts: object) -> None:
    (folder / "state.json").write_text(json.dumps(facts))


def test_only_what_is_worth_reading_stays(folder: Path) -> None:
    _write_state(folder, phase="ended")
    leftovers.clear(folder, None)
    assert {path.name for path in folder.iterdir()} == {"order.json", "state.json", "log"}
    leftovers.clear(folder, None)  # again changes nothing
    assert len(list(folder.iterdir())) == 3


def test_processes_of_the_session_are_killed_and_others_stay(
    folder: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    mine = _sleep(environment={"XAUTHORITY": f"{folder}/auth/Xauthority"})
    other = _sleep(environment={"XAUTHORITY": f"{folder}0/auth/Xauthority"})
    started += [mine, other]
    leftovers.clear(folder, None)
    assert mine.wait(5) == -9
    assert other.poll() is None


def test_a_keeper_is_killed_and_a_stranger_with_its_number_is_not(
    folder: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    stranger = _sleep("footlight.agent.keeper", "/run/footlight/another")
    started.append(stranger)
    _write_state(folder, keeper_pid=stranger.pid)
    leftovers.clear(folder, None)
    assert stranger.poll() is None
    keeper = _sleep("footlight.agent.keeper", str(folder))
    started.append(keeper)
    _write_state(folder, keeper_pid=keeper.pid)
    leftovers.clear(folder, None)
    assert keeper.wait(5) == -9


@pytest.mark.parametrize("alive", [True, False])
def test_a_display_that_is_anothers_by_now_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alive: bool
) -> None:
    monkeypatch.setattr(
        leftovers.xvnc, "lock_path", lambda display: str(tmp_path / f"lock{display}")
    )
    monkeypatch.setattr(
        leftovers.xvnc, "socket_path", lambda display: str(tmp_path / f"X{display}")
    )
    (tmp_path / "lock77").write_text(f"{os.getpid() if alive else 2**22 + 1:10d}\n")
    (tmp_path / "X77").touch()
    _write_state(folder, display=":77")
    leftovers.clear(folder, None)
    assert (tmp_path / "lock77").exists() is alive
    assert (tmp_path / "X77").exists() is alive


@pytest.mark.parametrize("display", [None, 7, ":", ":../../etc/passwd", "x"])
def test_a_display_that_is_none_is_left_alone(folder: Path, display: object) -> None:
    _write_state(folder, display=display, keeper_pid="1")
    leftovers.clear(folder, None)
    assert not (folder / "x").exists()


@pytest.mark.expects_errors
def test_what_can_not_be_killed_is_given_up_and_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error_logs: list[dict[str, object]]
) -> None:
    monkeypatch.setattr(leftovers, "KILL_S", 0.05)
    monkeypatch.setattr(leftovers.processes, "with_environment", lambda entry: {2**22 + 1})
    began = time.monotonic()
    leftovers.clear(folder, None)
    assert time.monotonic() - began < 5
    assert error_logs[0]["pids"] == [2**22 + 1]
    assert not (folder / "x").exists()
