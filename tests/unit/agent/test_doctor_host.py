from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from footlight.agent import doctor_host
from footlight.agent.finding import Finding


def hows(found: list[Finding]) -> set[str]:
    return {one.how for one in found}


def test_root_or_not() -> None:
    assert doctor_host.user(0).how == "good"
    assert "no evidence" in doctor_host.user(1000).says


def test_programs_that_are_missing_name_their_packages() -> None:
    assert hows(doctor_host.programs(lambda name: f"/usr/bin/{name}")) == {"good"}
    (found,) = doctor_host.programs(lambda name: None if name == "Xvnc" else name)
    assert (found.how, found.do) == ("bad", "apt-get install tigervnc-standalone-server")
    (found,) = doctor_host.programs(lambda name: None if name == "xterm" else name)
    assert found.how == "note"


def test_a_pam_service_is_there_or_not(tmp_path: Path) -> None:
    assert doctor_host.pam([tmp_path], "", 0).how == "bad"
    (tmp_path / "login").touch()
    assert doctor_host.pam([tmp_path], "", 0).how == "note"
    assert doctor_host.pam([tmp_path], "own", 0).how == "bad"
    (tmp_path / "footlight").touch()
    assert doctor_host.pam([tmp_path], "", 0).how == "good"
    assert "only root" in doctor_host.pam([tmp_path], "", 1000).says


def test_cgroups_of_either_version_will_do(tmp_path: Path) -> None:
    two, one = tmp_path / "two", tmp_path / "one"
    two.mkdir()
    assert "memory, pids, cpu" in doctor_host.cgroups([two], 0).says
    (two / "cgroup.controllers").write_text("cpuset cpu memory pids\n")
    assert doctor_host.cgroups([two], 0).how == "good"
    assert doctor_host.cgroups([two], 1000).how == "note"
    for name in ("memory", "cpu"):
        (one / name).mkdir(parents=True)
        (one / name / "cgroup.procs").touch()
    assert "no cgroups for pids:" in doctor_host.cgroups([one], 0).says


def test_namespaces_are_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "ipc").touch()
    assert "no namespaces for net" in doctor_host.namespaces(tmp_path, 0).says
    (tmp_path / "net").touch()
    assert doctor_host.namespaces(tmp_path, 0).how == "good"
    assert doctor_host.namespaces(tmp_path, 1000).how == "note"


@pytest.mark.parametrize(("gib", "how"), [(0.5, "bad"), (5, "note"), (50, "good")])
def test_room_for_recordings(tmp_path: Path, gib: float, how: str) -> None:
    """The folder need not be there yet."""
    found = doctor_host.spool(tmp_path / "a" / "spool", lambda _: int(gib * 1024**3))
    assert found.how == how
    assert f"{gib:.1f} GiB" in found.says


def test_a_disk_that_is_away(tmp_path: Path) -> None:
    def away(_: Path) -> int:
        raise OSError(5, "Input/output error")

    assert doctor_host.spool(tmp_path, away).how == "bad"


def test_the_folder_of_x_sockets(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    assert doctor_host.x_sockets(folder, 0).how == "good"
    folder.mkdir()
    folder.chmod(0o777)
    assert "stolen" in doctor_host.x_sockets(folder, os.geteuid() or 1).says
    if os.geteuid() == 0:
        folder.chmod(0o1777)
        assert doctor_host.x_sockets(folder, 0).how == "good"
        os.chown(folder, 1000, 1000)
        assert doctor_host.x_sockets(folder, 0).how == "note"
    folder.rmdir()
    folder.touch()
    assert "no folder" in doctor_host.x_sockets(folder, 0).says


def test_the_listeners_port_is_free_or_not() -> None:
    assert doctor_host.listener("off", False).how == "note"
    assert doctor_host.listener("127.0.0.1:0", False).how == "good"
    assert doctor_host.listener("here:there", False).how == "bad"
    assert doctor_host.listener("127.0.0.1:99999", False).how == "bad"
    with socket.socket() as rival:
        rival.bind(("127.0.0.1", 0))
        rival.listen()
        taken = f"127.0.0.1:{rival.getsockname()[1]}"
        assert doctor_host.listener(taken, False).how == "bad"
        assert doctor_host.listener(taken, True).how == "good"


def test_an_interpreter_that_is_too_old() -> None:
    assert doctor_host.python((3, 10, 1)).how == "bad"
    assert doctor_host.python((3, 11, 0)).how == "good"
