from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import surroundings
from footlight.agent.surroundings import (
    Surroundings,
    await_exit,
    is_folder_of,
    read_order,
    reap,
    write_private,
)
from footlight.clock import FakeClock
from footlight.wire.host import Account, Launch, SessionOrder, encode

ONE = "0123abcd-0000-4000-8000-000000000001"
TWIN = "0123abcd-0000-4000-8000-000000000002"
ORDER = SessionOrder(
    session_id=ONE,
    generation=1,
    want="run",
    launch=Launch(
        resource_id="r",
        resource_name="Desktop",
        session_type="Desktop",
        account=Account(kind="managed", account_id="a", name="ada"),
        user_name="TEST\\ada",
        machine_name="TEST\\HOST",
        command=[],
    ),
)


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    unasked: Any = None
    return Surroundings("517e0000-site", tmp_path, unasked, FakeClock(), lambda _: None)


def test_a_folder_has_a_short_name_unless_it_is_taken(around: Surroundings) -> None:
    short, whole = around.run_root / "0123abcd", around.run_root / TWIN
    assert around.free_folder(ONE, set()) == short
    assert around.free_folder(TWIN, {short}) == whole
    short.mkdir()
    assert around.free_folder(TWIN, set()) == whole
    assert is_folder_of(short, ONE)
    assert is_folder_of(whole, TWIN)
    assert not is_folder_of(whole, ONE)


def test_the_longest_folder_leaves_room_for_its_sockets() -> None:
    root = Path("/run/user/4294967295/footlight/01234567")
    assert len(str(root / TWIN / "keeper.sock")) <= 107


def test_groups_are_called_as_their_folders(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings.os, "geteuid", lambda: 0)
    monkeypatch.setattr(surroundings.processes, "cgroup_root", lambda: "/cg")
    assert around.cgroup_of(around.run_root / TWIN) == f"/cg/footlight/517e0000/{TWIN}"
    monkeypatch.setattr(surroundings.os, "geteuid", lambda: 1000)
    assert around.cgroup_of(around.run_root / TWIN) is None


def test_an_order_is_read_back_or_none(tmp_path: Path) -> None:
    assert read_order(tmp_path) is None
    write_private(tmp_path / "order.json", b"{")
    assert read_order(tmp_path) is None
    write_private(tmp_path / "order.json", encode(ORDER))
    assert read_order(tmp_path) == ORDER
    assert (tmp_path / "order.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["order.json"]


def test_only_an_empty_run_folder_goes(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings.processes, "cgroup_root", lambda: None)
    (around.run_root / "session").mkdir()
    around.remove_empty_folders()
    assert around.run_root.exists()
    (around.run_root / "session").rmdir()
    around.remove_empty_folders()
    assert not around.run_root.exists()


def test_a_child_is_reaped_and_a_stranger_is_not_waited_for() -> None:
    assert reap(None)
    assert reap(os.getppid())
    child = subprocess.Popen(["sleep", "0.05"])
    assert not reap(child.pid)
    await_exit(child.pid)
    with pytest.raises(ChildProcessError):
        os.waitpid(child.pid, os.WNOHANG)
    child.wait()
