from __future__ import annotations

import os
import pwd

from footlight.agent.events import processes_seen
from footlight.agent.events.processes_seen import cgroup_of, look_at, parent_of, started_ago_s

GONE = 2**22 + 1  # above every pid


def test_ourselves() -> None:
    seen = look_at(os.getpid())
    assert seen is not None
    assert seen.parent_pid == os.getppid() == parent_of(os.getpid())
    assert seen.user == pwd.getpwuid(os.getuid()).pw_name
    with open("/proc/self/cmdline", "rb") as file:
        assert seen.arguments == file.read().decode().rstrip("\0").split("\0")
    with open("/proc/self/comm", encoding="utf-8") as file:
        assert seen.name == file.read().strip()
    assert 0 <= (started_ago_s(os.getpid()) or -1) < 24 * 3600
    assert (cgroup_of(os.getpid()) or "/").startswith("/")


def test_what_is_gone() -> None:
    assert look_at(GONE) is None
    assert parent_of(GONE) is None
    assert started_ago_s(GONE) is None
    assert cgroup_of(GONE) is None


def test_an_account_without_a_name() -> None:
    assert processes_seen.user_name(4_000_000_001) == "4000000001"
