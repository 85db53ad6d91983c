"""What simulated users do in sessions that are recorded: windows, programs, things copied. The fleet's stand-in for the
agent's sources of events (agent/events/sources.py)."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from footlight.tasks import cancel, spawn
from footlight.wire.host import SessionOrder

EACH_S = 1.0
CHANCE = 0.5  # that something happens in a session within EACH_S
FIRST_PID, LAST_PID = 1500, 4_000_000
FIRST_WINDOW = 0x200003

Note = Callable[[str, dict[str, object]], None]

# Programs with the titles of their windows, and what they start.
_PROGRAMS = (
    (
        "Mail",
        "thunderbird",
        ("Inbox (3) - Mail", "Re: Offer 4711 - Mail", "Compose: Meeting on Thursday"),
    ),
    (
        "Writer",
        "soffice.bin",
        ("Minutes 2026-11.odt - Writer", "Contract draft.odt - Writer", "Untitled 1"),
    ),
    ("Calc", "soffice.bin", ("Budget 2027.ods - Calc", "Stock.csv - Calc")),
    (
        "Navigator",
        "firefox-esr",
        ("Intranet - Firefox", "Orders of today - Firefox", "Time sheet - Firefox"),
    ),
    ("Terminal", "xfce4-terminal", ("Terminal", "~/reports", "ssh build01")),
    ("Evince", "evince", ("invoice-2026-118.pdf", "Manual.pdf - page 12 of 340")),
)
_COMMANDS = (
    ("ls", "ls --color=auto -la", 0),
    ("git", "git status", 0),
    ("grep", "grep -rn timeout src", 1),
    ("ssh", "ssh build01", 255),
    ("make", "make -j4 all", 2),
    ("python3", "python3 report.py --month 11", 0),
    ("lp", "lp -d floor2 invoice.pdf", 0),
)
_COPIED = (
    "Invoice 2026-118",
    "alice@example.test",
    "make -j4 all",
    "17,350.00 EUR",
    "https://intranet.example.test/",
)


@dataclass
class _Person:
    note: Note
    user: str
    chance: random.Random
    windows: dict[int, tuple[str, str]] = field(default_factory=dict)  # application, title
    programs: dict[int, tuple[str, int]] = field(default_factory=dict)  # name, exit code
    next_window: int = FIRST_WINDOW


class Happenings:
    """Of all recorded sessions of the fleet (surroundings.Sources)."""

    def __init__(self, each_s: float = EACH_S) -> None:
        self._each_s = each_s
        self._people: dict[str, _Person] = {}
        self._task: asyncio.Task[None] | None = None

    def begin(self, folder: Path, cgroup: str | None, order: SessionOrder, note: Note) -> None:
        """Something happens in that session from now on."""
        user = order.launch.user_name.rpartition("\\")[2]
        person = _Person(note, user, random.Random(order.session_id))
        self._people[order.session_id] = person
        note("window-manager", {"name": "Openbox"})
        _open_window(person, already=True)
        if self._task is None or self._task.done():
            self._task = spawn("simulated happenings", self._go_on(), detached=True)

    def end(self, session_id: str) -> None:
        """Nothing more happens there."""
        self._people.pop(session_id, None)

    async def stop(self) -> None:
        """Nothing more happens anywhere."""
        self._people.clear()
        await cancel(self._task)

    async def _go_on(self) -> None:
        while self._people:
            await asyncio.sleep(self._each_s)
            for person in list(self._people.values()):
                if person.chance.random() < CHANCE:
                    happen(person)


def happen(person: _Person) -> None:
    """The next thing that the person does."""
    deeds = (_title, _title, _switch, _command, _command, _open_window, _close_window, _copy)
    person.chance.choice(deeds)(person)


def _open_window(person: _Person, *, already: bool = False) -> None:
    if len(person.windows) >= 8:
        return
    application, program, titles = person.chance.choice(_PROGRAMS)
    window, person.next_window = person.next_window, person.next_window + 0x200000
    title = person.chance.choice(titles)
    pid = person.chance.randrange(FIRST_PID, LAST_PID)
    person.windows[window] = (application, title)
    kind = "program-running" if already else "program-started"
    person.note(kind, _program(person, pid, program, f"/usr/bin/{program}"))
    members = {**_window(person, window), "pid": pid}
    person.note("window-opened", members | ({"already": True} if already else {}))
    person.note("window-active", _window(person, window))


def _close_window(person: _Person) -> None:
    if len(person.windows) > 1:
        window = person.chance.choice(list(person.windows))
        person.note("window-closed", _window(person, window))
        del person.windows[window]


def _switch(person: _Person) -> None:
    person.note("window-active", _window(person, person.chance.choice(list(person.windows))))


def _title(person: _Person) -> None:
    window = person.chance.choice(list(person.windows))
    application, before = person.windows[window]
    titles = next(titles for name, _, titles in _PROGRAMS if name == application)
    title = person.chance.choice(titles)
    if title != before:
        person.windows[window] = (application, title)
        person.note("window-title", _window(person, window))


def _command(person: _Person) -> None:
    name, line, code = person.chance.choice(_COMMANDS)
    pid = person.chance.randrange(FIRST_PID, LAST_PID)
    person.note("program-started", _program(person, pid, name, line))
    members: dict[str, object] = {"pid": pid, "name": name, "user": person.user}
    members |= {"exitCode": code, "signal": None, "coreDumped": False}
    person.note("program-ended", members | {"durationMs": person.chance.randrange(2, 900)})


def _copy(person: _Person) -> None:
    content = person.chance.choice(_COPIED).encode()
    members: dict[str, object] = {
        "direction": "inside",
        "selection": "clipboard",
        "formats": ["UTF8_STRING", "STRING"],
        "format": "UTF8_STRING",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    person.note("clipboard", members)


def _window(person: _Person, window: int) -> dict[str, object]:
    application, title = person.windows[window]
    return {"window": window, "title": title, "application": application}


def _program(person: _Person, pid: int, name: str, line: str) -> dict[str, object]:
    return {
        "pid": pid,
        "name": name[:15],
        "commandLine": line,
        "user": person.user,
        "parentPid": FIRST_PID - 1,
    }
