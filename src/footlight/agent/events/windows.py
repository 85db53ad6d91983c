"""Windows of a session as events: opened, closed, with the focus, their titles and programs; the screen's size; who
manages the windows.

The X server tells what has changed; what changes faster than people read is left out: the X server is asked to say
nothing more of that window until its time has come, so that such a program costs next to nothing.

Source: X11R7 (PropertyNotify 28, ConfigureNotify 22), ICCCM 4.1.2, Extended Window Manager Hints.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from footlight.agent.events.budget import Budget
from footlight.agent.events.x_client import (
    XClient,
    get_property,
    intern_atom,
    read_property,
    select_events,
    words_of,
)

PROPERTY_NOTIFY, CONFIGURE_NOTIFY = 28, 22
PROPERTY_CHANGE, STRUCTURE = 0x400000, 0x20000
WM_NAME, WM_CLASS = 39, 67  # atoms of the core protocol
MOST_WINDOWS = 256
LONGEST_TITLE_BYTES = 1024
LONGEST_TITLE = 256  # characters
TITLE_EACH_S = 1.0
MOST_CHANGES = (
    20  # of one window within TITLE_EACH_S, before it is not listened to for the rest of it
)
ROOT_EACH_S = 0.2
PER_S, BURST = 10.0, 300.0

_NAMES = (
    b"_NET_ACTIVE_WINDOW",
    b"_NET_CLIENT_LIST",
    b"_NET_SUPPORTING_WM_CHECK",
    b"_NET_WM_NAME",
    b"_NET_WM_PID",
)

Note = Callable[[str, dict[str, object]], None]


@dataclass(slots=True)
class _Window:
    """`title` None: not known yet. `told_s`: when its title was last told."""

    title: str | None = None
    application: str | None = None
    pid: int | None = None
    opened: bool = False  # that it is there was told
    already: bool = False
    told_s: float = float("-inf")
    changes: int = 0  # since then
    due_s: float | None = None  # when its title is to be read again
    deaf: bool = False


class Windows:
    """Of one session. `begin` once the client is let in; then events, and `tick` at `due_s`."""

    def __init__(self, client: XClient, note: Note, now_s: Callable[[], float]) -> None:
        self._client = client
        self._note_now = note
        self._now_s = now_s
        self._budget = Budget(PER_S, BURST)
        self._atoms: dict[bytes, int] = {}
        self._windows: dict[int, _Window] = {}
        self._active = 0
        self._manager = 0
        self._listed = False
        self._root_due_s: float | None = None
        self._root_changes: set[bytes] = set()
        self._root_deaf = False
        self._root_counted = (0.0, 0)  # changes since
        self._size = (0, 0)

    def begin(self) -> None:
        """Listen to the root window and read how things are."""
        self._size = (self._client.width, self._client.height)
        for name in _NAMES:
            self._client.ask(intern_atom(name), lambda reply, name=name: self._named(name, reply))  # type: ignore[misc]

    def _named(self, name: bytes, reply: bytes | None) -> None:
        if reply is not None:
            (self._atoms[name],) = struct.unpack_from("<I", reply, 8)
        if name == _NAMES[-1]:
            self._listen_to_root()

    # --- what the X server tells ---

    def take(self, event: bytes) -> None:
        """An event; others' are passed over."""
        kind = event[0] & 0x7F
        if kind == PROPERTY_NOTIFY:
            window, atom = struct.unpack_from("<II", event, 4)
            if window == self._client.root:
                self._root_changed(atom)
            elif atom in (WM_NAME, self._atoms.get(b"_NET_WM_NAME")):
                self._title_changed(window)
        elif kind == CONFIGURE_NOTIFY:
            (window,) = struct.unpack_from("<I", event, 8)
            size = struct.unpack_from("<HH", event, 20)
            if window == self._client.root and size != self._size:
                self._size = size
                self._note("display-resized", {"width": size[0], "height": size[1]})

    def due_s(self) -> float | None:
        """When `tick` has something to do; None: never, unless something is told."""
        times = [one.due_s for one in self._windows.values() if one.due_s is not None]
        if self._root_due_s is not None:
            times.append(self._root_due_s)
        if self._budget.skipped:
            times.append(self._now_s() + 1.0)
        return min(times, default=None)

    def tick(self) -> None:
        """Read again what was put off."""
        now_s = self._now_s()
        if self._root_due_s is not None and self._root_due_s <= now_s:
            self._root_due_s = None
            if self._root_deaf:
                self._listen_to_root()
            else:
                self._read_root()
        for number, window in list(self._windows.items()):
            if window.due_s is not None and window.due_s <= now_s:
                window.due_s = None
                if window.deaf:
                    window.deaf = False
                    self._client.tell(select_events(number, PROPERTY_CHANGE))
                self._read_title(number)
        if skipped := self._budget.settle(now_s):
            members: dict[str, object] = {
                "source": "windows",
                "count": skipped,
                "reason": "too many",
            }
            self._note_now("events-skipped", members)

    # --- the root window ---

    def _listen_to_root(self) -> None:
        self._root_deaf = False
        self._client.tell(select_events(self._client.root, PROPERTY_CHANGE | STRUCTURE))
        self._root_changes = set(_NAMES[:3])
        self._read_root()

    def _root_changed(self, atom: int) -> None:
        now_s = self._now_s()
        since_s, count = self._root_counted
        self._root_counted = (since_s, count + 1) if now_s - since_s < 1.0 else (now_s, 1)
        name = next((name for name in _NAMES[:3] if self._atoms.get(name) == atom), None)
        if name is not None:
            self._root_changes.add(name)
            if self._root_due_s is None:
                self._root_due_s = now_s + ROOT_EACH_S
        if self._root_counted[1] > 10 * MOST_CHANGES and not self._root_deaf:
            self._root_deaf = True
            self._root_due_s = now_s + 1.0
            self._client.tell(select_events(self._client.root, STRUCTURE))

    def _read_root(self) -> None:
        # The list first: what has the focus is told by its name.
        answers = {
            b"_NET_CLIENT_LIST": self._take_list,
            b"_NET_ACTIVE_WINDOW": self._take_active,
            b"_NET_SUPPORTING_WM_CHECK": self._take_manager,
        }
        changed, self._root_changes = self._root_changes, set()
        for name, answer in answers.items():
            if name in changed:
                request = get_property(self._client.root, self._atoms[name], MOST_WINDOWS * 4)
                self._client.ask(request, answer)

    def _take_list(self, reply: bytes | None) -> None:
        found = read_property(reply)
        there = dict.fromkeys(words_of(found[2])) if found is not None else {}
        for number in [number for number in self._windows if number not in there]:
            window = self._windows.pop(number)
            if window.opened:
                self._note("window-closed", _named(number, window))
        for number in there:
            if number not in self._windows and len(self._windows) < MOST_WINDOWS:
                self._windows[number] = _Window(already=not self._listed)
                self._client.tell(select_events(number, PROPERTY_CHANGE))
                self._meet(number)
        self._listed = True

    def _meet(self, number: int) -> None:
        """Read what is told of a window that is new."""

        def take_class(reply: bytes | None) -> None:
            if (window := self._windows.get(number)) and (found := read_property(reply)):
                # instance, class; each ends with a zero byte
                parts = found[2].split(b"\0")
                window.application = _text(parts[1] if len(parts) > 1 and parts[1] else parts[0])

        def take_pid(reply: bytes | None) -> None:
            if (window := self._windows.get(number)) and (found := read_property(reply)):
                window.pid = next(iter(words_of(found[2])), None)

        self._client.ask(get_property(number, WM_CLASS, LONGEST_TITLE_BYTES), take_class)
        self._client.ask(get_property(number, self._atoms[b"_NET_WM_PID"], 4), take_pid)
        self._read_title(number)

    def _take_active(self, reply: bytes | None) -> None:
        found = read_property(reply)
        active = next(iter(words_of(found[2])), 0) if found is not None else 0
        if active == self._active:
            return
        self._active = active
        window = self._windows.get(active)
        if window is not None and window.opened:
            self._note("window-active", _named(active, window))

    def _take_manager(self, reply: bytes | None) -> None:
        found = read_property(reply)
        manager = next(iter(words_of(found[2])), 0) if found is not None else 0
        before, self._manager = self._manager, manager or self._manager
        if manager in (0, before):
            return

        def take_name(reply: bytes | None) -> None:
            found = read_property(reply)
            self._note("window-manager", {"name": _text(found[2]) if found else ""})

        request = get_property(manager, self._atoms[b"_NET_WM_NAME"], LONGEST_TITLE_BYTES)
        self._client.ask(request, take_name)

    # --- titles ---

    def _title_changed(self, number: int) -> None:
        window = self._windows.get(number)
        if window is None:
            return
        window.changes += 1
        if window.due_s is None:
            window.due_s = max(self._now_s(), window.told_s + TITLE_EACH_S)
        if window.changes > MOST_CHANGES and not window.deaf:
            window.deaf = True
            window.due_s = max(window.due_s, self._now_s() + TITLE_EACH_S / 2)
            self._client.tell(select_events(number, 0))

    def _read_title(self, number: int) -> None:
        def take(reply: bytes | None) -> None:
            found = read_property(reply)
            if found is not None and found[0]:
                self._take_title(number, _text(found[2]))
            elif found is not None:  # without the newer name
                request = get_property(number, WM_NAME, LONGEST_TITLE_BYTES)
                self._client.ask(request, take_old)

        def take_old(reply: bytes | None) -> None:
            found = read_property(reply)
            if found is not None:
                self._take_title(number, _text(found[2], "latin-1"))

        request = get_property(number, self._atoms[b"_NET_WM_NAME"], LONGEST_TITLE_BYTES)
        self._client.ask(request, take)

    def _take_title(self, number: int, title: str) -> None:
        window = self._windows.get(number)
        if window is None:
            return
        before, window.title = window.title, title
        skipped, window.changes = max(0, window.changes - 1), 0
        if not window.opened:
            window.opened = True
            window.told_s = self._now_s()
            members = _named(number, window) | {"pid": window.pid}
            self._note("window-opened", members | ({"already": True} if window.already else {}))
            if number == self._active:
                self._note("window-active", _named(number, window))
        elif title != before:
            window.told_s = self._now_s()
            members = _named(number, window) | ({"skipped": skipped} if skipped else {})
            self._note("window-title", members)

    def _note(self, kind: str, members: dict[str, object]) -> None:
        if self._budget.take(self._now_s()):
            self._note_now(kind, members)


def _named(number: int, window: _Window) -> dict[str, object]:
    return {"window": number, "title": window.title, "application": window.application}


def _text(value: bytes, encoding: str = "utf-8") -> str:
    text = value.split(b"\0", 1)[0].decode(encoding, errors="replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_TITLE]
