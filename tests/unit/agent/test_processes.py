from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from footlight.agent import processes
from footlight.agent.processes import StartFailed


def _run(argv: list[str], tmp_path: Path, **how: object) -> tuple[int, str]:
    """The program's exit code and output."""
    path = tmp_path / "out"
    with path.open("wb") as output:
        pid = processes.start(
            argv,
            environment={"PATH": "/usr/bin:/bin", "ONLY": "this"},
            folder=str(tmp_path),
            output=output.fileno(),
            **how,  # type: ignore[arg-type]
        )
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), path.read_text()


def test_a_child_gets_what_it_is_given_and_nothing_else(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        code, said = _run(
            ["sh", "-c", "env | sort; pwd; ls /proc/self/fd | wc -l; umask"], tmp_path
        )
    words = said.splitlines()
    assert code == 0
    assert "ONLY=this" in words
    assert "HOME" not in said
    # 0, 1, 2 and the one that ls itself reads the folder through
    assert words[-3:] == [str(tmp_path), "4", "0022"]


def test_a_child_leads_a_session_and_hears_signals(tmp_path: Path) -> None:
    code, said = _run(
        [sys.executable, "-c", "import os,signal;print(os.getsid(0)==os.getpid(),"
         "signal.getsignal(signal.SIGHUP)==signal.SIG_DFL)"],
        tmp_path,
    )  # fmt: skip
    assert (code, said) == (0, "True True\n")
    _, said = _run(["grep", "SigIgn", "/proc/self/status"], tmp_path)
    assert int(said.split()[1], 16) & (1 << (signal.SIGPIPE - 1)) == 0


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["no-such-program-here"], 127, "no-such-program-here: No such file or directory"),
        (["/etc/passwd"], 126, "/etc/passwd: Permission denied"),
    ],
)
def test_a_program_that_cannot_start(
    tmp_path: Path, argv: list[str], code: int, words: str
) -> None:
    with pytest.raises(StartFailed, match=words) as failed:
        _run(argv, tmp_path)
    assert failed.value.code == code


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="No such file"):
        processes.start(["true"], environment={}, folder=str(tmp_path / "no"), output=1)


def test_descendants_and_environments_are_found_and_killed() -> None:
    mark = f"MARK={uuid.uuid4()}"
    name, _, value = mark.partition("=")
    started = subprocess.Popen(
        ["sh", "-c", "sleep 60 & sleep 60 & wait"], env={"PATH": "/usr/bin:/bin", name: value}
    )
    limit = time.monotonic() + 5
    while len(processes.descendants(started.pid)) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    below = processes.descendants(started.pid)
    assert len(below) == 2
    assert processes.with_environment(mark) == below | {started.pid}
    assert processes.is_alive(started.pid)
    processes.send(signal.SIGKILL, below | {started.pid, 4_194_303})
    # Not yet reaped: a zombie is not alive.
    while processes.is_alive(started.pid) and time.monotonic() < limit:
        time.sleep(0.01)
    assert not processes.is_alive(started.pid)
    started.wait(5)


def test_a_pid_that_nobody_has_is_not_alive() -> None:
    assert not processes.is_alive(4_194_303)


def test_a_process_has_a_name_until_it_is_gone() -> None:
    with open("/proc/self/comm") as file:
        assert processes.name_of(os.getpid()) == file.read().strip()
    assert processes.name_of(2**30) == ""


def test_the_state_of_a_process() -> None:
    assert processes.state_of(os.getpid()) in ("R", "S")
    assert processes.state_of(2**22 + 1) == "?"


def test_who_stands_still_is_not_at_work() -> None:
    assert processes.is_at_work(os.getpid())
    with subprocess.Popen(["sleep", "60"]) as sleeping:
        sleeping.send_signal(signal.SIGSTOP)
        limit = time.monotonic() + 10
        while processes.state_of(sleeping.pid) != "T" and time.monotonic() < limit:
            time.sleep(0.01)
        assert not processes.is_at_work(sleeping.pid)
        sleeping.kill()
    assert not processes.is_at_work(2**22 + 1)
