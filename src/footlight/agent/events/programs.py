"""Programs that start and end in recorded sessions, as events.

As root the kernel tells each start and end (process_events.py). A process is a session's when it is in the session's
cgroup, or, where it has none, descends from its keeper. Without the kernel's word, processes below the keeper are
counted each LOOK_S: what is shorter is not seen, and exit codes are not known.
"""

from __future__ import annotations

import os
import signal
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from footlight.agent import processes
from footlight.agent.events.budget import Budget
from footlight.agent.events.command_line import cleaned
from footlight.agent.events.process_events import Ended, Lost, ProcessEvents, Started
from footlight.agent.events.processes_seen import (
    Seen,
    cgroup_of,
    look_at,
    parent_of,
    started_ago_s,
)
from footlight.agent.events.watch_messages import Watch

LOOK_S = 2.0
MOST_GENERATIONS = 64
MOST_KNOWN = 8192  # programs of a session whose end is awaited
MOST_RUNNING = 100  # that are told at the beginning
PER_S, BURST = 200.0, 6000.0  # events; a start and an end for each program
LOOKS_PER_S, LOOKS_BURST = 1500.0, 3000.0  # at programs that start anywhere on the host
LIMITED = (
    f"the kernel does not tell: programs are looked for each {LOOK_S:.0f} s, shorter ones are not seen,"
    " exit codes are not known"
)
FAULTS = {
    signal.SIGILL,
    signal.SIGTRAP,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGSEGV,
    signal.SIGSYS,
}

K = TypeVar("K")
Tell = Callable[[str, str, dict[str, object]], None]  # session, type, members


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    user: str
    at_s: float


class _Session:
    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.budget = Budget(PER_S, BURST)
        self.known: OrderedDict[int, _Known] = OrderedDict()


class Programs:
    """Of all watched sessions. `fileno` is readable, or `due_s` over, when there is something to `look` at."""

    def __init__(
        self, tell: Tell, open_events: Callable[[], ProcessEvents] = ProcessEvents
    ) -> None:
        self._tell = tell
        self._open = open_events
        self._sessions: dict[str, _Session] = {}
        self._by_cgroup: dict[str, _Session] = {}
        self._by_keeper: dict[int, _Session] = {}
        self._of_pid: dict[int, _Session] = {}
        self._events: ProcessEvents | None = None
        self._refused = ""  # why the kernel does not tell
        self._look_at = 0.0
        self._looks = Budget(LOOKS_PER_S, LOOKS_BURST)

    @property
    def events(self) -> ProcessEvents | None:
        """The kernel's events, while they are open."""
        return self._events

    def add(self, watch: Watch, now_s: float) -> None:
        """Tell of that session too, first of what runs in it."""
        self.remove(watch.session_id)
        session = self._sessions[watch.session_id] = _Session(watch)
        if watch.cgroup is not None and os.path.isdir(_group_of(watch)):
            self._by_cgroup[watch.cgroup] = session
        elif watch.keeper_pid is not None:
            self._by_keeper[watch.keeper_pid] = session
        if self._events is None and not self._refused:
            try:
                self._events = self._open()
            except OSError as error:
                self._refused = os.strerror(error.errno or 0)
        if self._refused:
            self._told(session, "source-limited", {"source": "programs", "reason": LIMITED})
        for pid in sorted(self._members(session))[:MOST_RUNNING]:
            self._begin(session, pid, now_s, "program-running")

    def remove(self, session_id: str) -> None:
        """Tell no more of that session; of none, the kernel need not tell either."""
        session = self._sessions.pop(session_id, None)
        if session is None:
            return
        _remove_value(self._by_cgroup, session)
        _remove_value(self._by_keeper, session)
        _remove_value(self._of_pid, session)
        if not self._sessions and self._events is not None:
            self._events.close()
            self._events = None

    def look(self, now_s: float) -> None:
        """Tell what has happened."""
        if self._events is not None:
            try:
                for event in self._events.read():
                    self._take(event, now_s)
            except OSError as error:
                self._fail(str(error))
        elif self._sessions and now_s >= self._look_at:
            self._look_at = now_s + LOOK_S
            for session in self._sessions.values():
                self._compare(session, now_s)
        hurried = self._looks.settle(now_s)
        for session in self._sessions.values():
            if hurried:
                self._skipped(session, None, "more programs were started than can be looked at")
            if count := session.budget.settle(now_s):
                self._skipped(session, count)

    def due_s(self, now_s: float) -> float | None:
        """Seconds until there may be something to tell without the kernel's saying so; None: never."""
        if self._looks.skipped or any(one.budget.skipped for one in self._sessions.values()):
            return 1.0
        if self._sessions and self._events is None:
            return max(0.0, self._look_at - now_s)
        return None

    def _fail(self, reason: str) -> None:
        """The kernel's events are lost: from now on processes are counted."""
        assert self._events is not None
        self._events.close()
        self._events, self._refused = None, reason
        for session in self._sessions.values():
            self._told(session, "source-failed", {"source": "programs", "reason": reason})
            self._told(session, "source-limited", {"source": "programs", "reason": LIMITED})

    def _take(self, event: Started | Ended | Lost, now_s: float) -> None:
        match event:
            case Started(pid):
                if not self._looks.take(now_s):
                    return
                if (session := self._of_pid.get(pid) or self._owner(pid)) is not None:
                    self._begin(session, pid, now_s, "program-started")
            case Ended(pid, status):
                if (session := self._of_pid.pop(pid, None)) is not None:
                    self._end(session, pid, status, now_s)
            case Lost():
                for session in self._sessions.values():
                    self._skipped(session, None, "the kernel told faster than could be read")

    def _owner(self, pid: int) -> _Session | None:
        group, part = cgroup_of(pid) or "", ""
        while group:
            if (session := self._by_cgroup.get(group)) is not None:
                return session if part == "session" else None  # neither keeper nor X server
            group, _, part = group.rpartition("/")
        if not self._by_keeper:
            return None
        above: int | None = pid
        for _ in range(MOST_GENERATIONS):
            above = parent_of(above) if above else None
            if above is None or above <= 1:
                return None
            if (session := self._by_keeper.get(above)) is not None:
                return session
        return None

    def _members(self, session: _Session) -> set[int]:
        watch = session.watch
        if self._by_cgroup.get(watch.cgroup or "") is session:
            return processes.cgroup_members(_group_of(watch))
        return set() if watch.keeper_pid is None else processes.descendants(watch.keeper_pid)

    def _compare(self, session: _Session, now_s: float) -> None:
        there = self._members(session)
        for pid in [pid for pid in session.known if pid not in there]:
            self._of_pid.pop(pid, None)
            self._end(session, pid, None, now_s)
        for pid in sorted(there - session.known.keys()):
            self._begin(session, pid, now_s, "program-started")

    def _begin(self, session: _Session, pid: int, now_s: float, kind: str) -> None:
        seen = look_at(pid)
        if seen is None:
            session.budget.skipped += 1
            return
        if len(session.known) >= MOST_KNOWN:
            self._of_pid.pop(session.known.popitem(last=False)[0], None)
        session.known[pid] = _Known(seen.name, seen.user, now_s)
        self._of_pid[pid] = session
        if session.budget.take(now_s):
            self._told(session, kind, self._members_of(session, seen, kind))

    @staticmethod
    def _members_of(session: _Session, seen: Seen, kind: str) -> dict[str, object]:
        members: dict[str, object] = {
            "pid": seen.pid,
            "name": seen.name,
            # null: the program was over before its arguments could be read
            "commandLine": cleaned(seen.arguments, all_of_them=session.watch.arguments) or None,
            "user": seen.user,
            "parentPid": seen.parent_pid,
        }
        if kind == "program-running" and (ago_s := started_ago_s(seen.pid)) is not None:
            members["startedAtMs"] = time.time_ns() // 1_000_000 - int(ago_s * 1000)
        return members

    def _end(self, session: _Session, pid: int, status: int | None, now_s: float) -> None:
        known = session.known.pop(pid, None)
        if known is None or not session.budget.take(now_s):
            return
        members: dict[str, object] = {
            "pid": pid,
            "name": known.name,
            "user": known.user,
            "durationMs": int((now_s - known.at_s) * 1000),
        }
        kind = "program-ended"
        if status is not None:
            number = status & 0x7F
            members["exitCode"] = None if number else status >> 8 & 0xFF
            members["signal"] = _signal_name(number) if number else None
            members["coreDumped"] = bool(status & 0x80)
            if number in FAULTS:
                kind = "program-crashed"
        self._told(session, kind, members)

    def _skipped(self, session: _Session, count: int | None, reason: str = "too many") -> None:
        members: dict[str, object] = {"source": "programs", "count": count, "reason": reason}
        self._told(session, "events-skipped", members)

    def _told(self, session: _Session, kind: str, members: dict[str, object]) -> None:
        self._tell(session.watch.session_id, kind, members)


def _remove_value(table: dict[K, _Session], session: _Session) -> None:
    for key in [key for key, one in table.items() if one is session]:
        del table[key]


def _group_of(watch: Watch) -> str:
    """Where the cgroup of the session's programs is mounted."""
    return f"{processes.cgroup_root() or ''}{watch.cgroup}/session"


def _signal_name(number: int) -> str:
    """SIGSEGV; its number where it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
