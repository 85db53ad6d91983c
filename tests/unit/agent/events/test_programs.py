from __future__ import annotations

from typing import Any

import pytest

from footlight.agent.events import programs
from footlight.agent.events.process_events import Ended, Lost, Started
from footlight.agent.events.processes_seen import Seen
from footlight.agent.events.programs import Programs
from footlight.agent.events.watch_messages import Watch


class Kernel:
    """The kernel's events, and the processes that there are."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.groups: dict[int, str] = {}
        self.parents: dict[int, int] = {}
        self.arguments: dict[int, list[str]] = {}
        self.failure: OSError | None = None
        self.closed = False

    def read(self) -> list[Any]:
        if self.failure is not None:
            raise self.failure
        found, self.events = self.events, []
        return found

    def close(self) -> None:
        self.closed = True

    def look_at(self, pid: int) -> Seen | None:
        known = self.arguments.get(pid)
        return None if known is None else Seen(pid, known[0], known, "ada", 1)


class Heard:
    def __init__(self) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, session: str, kind: str, members: dict[str, Any]) -> None:
        self.events.append((session, kind, members))

    def kinds(self) -> list[str]:
        return [kind for _, kind, _ in self.events]


def watch(**changes: Any) -> Watch:
    given = {
        "session_id": "s", "display": None, "cookie": b"", "keeper_pid": 50,
        "cgroup": "/footlight/site/s", "clipboard_text": False, "arguments": True, **changes,
    }  # fmt: skip
    return Watch(**given)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    one = Kernel()
    monkeypatch.setattr(programs, "look_at", one.look_at)
    monkeypatch.setattr(programs, "cgroup_of", one.groups.get)
    monkeypatch.setattr(programs, "parent_of", one.parents.get)
    monkeypatch.setattr(programs, "started_ago_s", lambda pid: 2.0)
    monkeypatch.setattr(programs.os.path, "isdir", lambda path: True)
    monkeypatch.setattr(programs.processes, "cgroup_members", lambda path: set())
    monkeypatch.setattr(programs.processes, "descendants", lambda pid: set(one.arguments))
    return one


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_start_and_an_end_of_the_session_and_of_nobody_else(kernel: Kernel, heard: Heard) -> None:
    source = Programs(heard, lambda: kernel)  # type: ignore[arg-type, return-value]
    source.add(watch(), 1.0)
    groups = {10: "session", 11: "screen", 12: "keeper"}
    kernel.groups.update({pid: f"/footlight/site/s/{part}" for pid, part in groups.items()})
    kernel.groups |= {13: "/other", 14: "/footlight/site/s/session/below"}
    kernel.arguments |= {pid: ["tool", "--password=x"] for pid in range(10, 15)}
    kernel.events = [Started(pid) for pid in range(10, 16)]
    source.look(2.0)
    kernel.events = [Ended(pid, 3 << 8) for pid in range(10, 16)]
    source.look(2.5)
    started = [members for _, kind, members in heard.events if kind == "program-started"]
    assert [one["pid"] for one in started] == [10, 14]
    assert started[0]["commandLine"] == "tool --password=***"
    ended = [members for _, kind, members in heard.events if kind == "program-ended"]
    assert ended[0] == {
        "pid": 10, "name": "tool", "user": "ada", "durationMs": 500, "exitCode": 3,
        "signal": None, "coreDumped": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "kind", "signal", "core"),
    [
        (0, "program-ended", None, False),
        (9, "program-ended", "SIGKILL", False),
        (11, "program-crashed", "SIGSEGV", False),
        (6 | 0x80, "program-crashed", "SIGABRT", True),
        (63, "program-ended", "63", False),
    ],
)
def test_how_it_ended(
    kernel: Kernel, heard: Heard, status: int, kind: str, signal: str | None, core: bool
) -> None:
    source = Programs(heard, lambda: kernel)  # type: ignore[arg-type, return-value]
    source.add(watch(), 1.0)
    kernel.groups[10], kernel.arguments[10] = "/footlight/site/s/session", ["tool"]
    kernel.events = [Started(10), Ended(10, status)]
    source.look(2.0)
    _, told, members = heard.events[-1]
    assert (told, members["signal"], members["coreDumped"]) == (kind, signal, core)
    assert members["exitCode"] == (None if signal else 0)


def test_a_flood_is_summed_up(kernel: Kernel, heard: Heard) -> None:
    source = Programs(heard, lambda: kernel)  # type: ignore[arg-type, return-value]
    source.add(watch(), 1.0)
    total = int(programs.LOOKS_BURST) + 3000
    for pid in range(10, 10 + total):
        kernel.groups[pid], kernel.arguments[pid] = "/footlight/site/s/session", ["tool"]
    kernel.events = [Started(pid) for pid in range(10, 10 + total)]
    source.look(1.0)
    assert heard.kinds().count("program-started") == programs.LOOKS_BURST
    assert source.due_s(1.0) == 1.0
    source.look(60.0)
    assert heard.kinds()[-1] == "events-skipped"
    assert source.due_s(60.0) is None


def test_where_the_kernel_does_not_tell_processes_are_counted(kernel: Kernel, heard: Heard) -> None:
    def refuse() -> Any:
        raise PermissionError(1, "no")

    source = Programs(heard, refuse)
    kernel.arguments[10] = ["first"]
    source.add(watch(cgroup=None), 1.0)
    assert heard.kinds() == ["source-limited", "program-running"]
    assert heard.events[1][2]["name"] == "first"
    source.look(1.0)
    kernel.arguments = {11: ["second"]}
    source.look(1.1)  # not yet
    source.look(1.0 + programs.LOOK_S)
    assert heard.kinds()[2:] == ["program-ended", "program-started"]
    assert "exitCode" not in heard.events[2][2]
    assert source.due_s(1.0 + programs.LOOK_S) == programs.LOOK_S


def test_a_kernel_that_falls_silent_is_told(kernel: Kernel, heard: Heard) -> None:
    source = Programs(heard, lambda: kernel)  # type: ignore[arg-type, return-value]
    source.add(watch(), 1.0)
    kernel.events = [Lost()]
    source.look(1.0)
    assert heard.events[-1][1:] == (
        "events-skipped",
        {
            "source": "programs",
            "count": None,
            "reason": "the kernel told faster than could be read",
        },
    )
    kernel.failure = OSError("gone")
    source.look(2.0)
    assert heard.kinds()[-2:] == ["source-failed", "source-limited"]
    assert kernel.closed
    assert source.events is None


def test_it_is_closed_with_the_last_session(kernel: Kernel, heard: Heard) -> None:
    source = Programs(heard, lambda: kernel)  # type: ignore[arg-type, return-value]
    source.add(watch(), 1.0)
    source.add(watch(session_id="t", cgroup="/footlight/site/t"), 1.0)
    source.remove("s")
    assert not kernel.closed
    source.remove("t")
    source.remove("t")
    assert kernel.closed
    assert source.due_s(1.0) is None
