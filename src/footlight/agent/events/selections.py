"""What is copied inside a session, as events: of which kind, how much, its hash, and the text where that is wanted.

The X server tells that a selection has another owner; its content is asked for as any program that pastes would ask.
What a viewer brought is the X server's own selection and left alone: it would have the viewer asked for its clipboard.
Contents that a program marks as secret (password managers do) are not asked for.

Source: ICCCM 2 (selections, INCR); X Fixes protocol 2.0 (SelectSelectionInput); the target
x-kde-passwordManagerHint, as Klipper and KeePassXC use it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable

from footlight.agent.events.windows import PROPERTY_NOTIFY, Note
from footlight.agent.events.x_client import (
    XClient,
    convert_selection,
    get_atom_name,
    get_property,
    intern_atom,
    query_extension,
    read_property,
    unseen_window,
    words_of,
)

SELECTION_NOTIFY = 31
PROPERTY_CHANGE = 0x400000
PRIMARY, ATOM, STRING = 1, 4, 31  # atoms of the core protocol
LONGEST_PIECE_BYTES = 1024 * 1024
MOST_BYTES = 16 * 1024 * 1024
MOST_TYPES = 24
LONGEST_TEXT = 8000  # characters
WAIT_S = 3.0
EACH_S = 1.0
SECRET = "x-kde-passwordManagerHint"

_NAMES = (b"CLIPBOARD", b"TARGETS", b"INCR", b"UTF8_STRING", b"_FOOTLIGHT_CONTENT")
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING", "TEXT", "text/plain")
_META = {
    "TARGETS",
    "TIMESTAMP",
    "MULTIPLE",
    "SAVE_TARGETS",
    "DELETE",
    "INSERT_SELECTION",
    "INSERT_PROPERTY",
}


class _Fetch:
    """One content on its way."""

    def __init__(self, selection: int, time: int, until_s: float) -> None:
        self.selection = selection
        self.time = time
        self.until_s = until_s
        self.types: dict[int, str] = {}
        self.target = 0  # 0: the types are asked for
        self.in_parts = False
        self.size = 0
        self.hash = hashlib.sha256()
        self.front = bytearray()  # as much as a text may be


class Selections:
    """Of one session. `begin` once the client is let in; then events, and `tick` at `due_s`."""

    def __init__(
        self, client: XClient, note: Note, now_s: Callable[[], float], *, text: bool
    ) -> None:
        self._client = client
        self._note = note
        self._now_s = now_s
        self._text = text
        self._atoms: dict[bytes, int] = {}
        self._names: dict[int, str] = {STRING: "STRING"}
        self._event = 0
        self._window = 0
        self._fetch: _Fetch | None = None
        self._waiting: dict[int, int] = {}  # selection -> time of the last change
        self._skipped: dict[int, int] = {}
        self._next_s = 0.0

    def begin(self) -> None:
        """Ask to be told of owners."""
        self._client.ask(query_extension(b"XFIXES"), self._extension)

    def _extension(self, reply: bytes | None) -> None:
        if reply is None or not reply[8]:
            reason = "the X server does not tell of selections"
            self._note("source-failed", {"source": "clipboard", "reason": reason})
            return
        opcode, self._event = reply[9], reply[10]
        self._client.ask(struct.pack("<BBHII", opcode, 0, 3, 5, 0), lambda _: None)
        self._window = self._client.new_id()
        self._client.tell(unseen_window(self._window, self._client.root, PROPERTY_CHANGE))

        def named(name: bytes, reply: bytes | None) -> None:
            if reply is not None:
                (self._atoms[name],) = struct.unpack_from("<I", reply, 8)
            if name == _NAMES[-1]:
                for selection in (self._atoms[b"CLIPBOARD"], PRIMARY):
                    request = struct.pack("<BBHIII", opcode, 2, 4, self._window, selection, 1)
                    self._client.tell(request)

        for name in _NAMES:
            self._client.ask(intern_atom(name), lambda reply, name=name: named(name, reply))  # type: ignore[misc]

    # --- what the X server tells ---

    def take(self, event: bytes) -> None:
        """An event; others' are passed over."""
        kind = event[0] & 0x7F
        if self._event and kind == self._event:
            owner, selection, _, time = struct.unpack_from("<IIII", event, 8)
            if owner and not self._client.is_servers_own(owner):
                if selection in self._waiting:
                    self._skipped[selection] = self._skipped.get(selection, 0) + 1
                self._waiting[selection] = time
        elif kind == SELECTION_NOTIFY and self._fetch is not None:
            _, _, selection, target, given = struct.unpack_from("<IIIII", event, 4)
            if selection == self._fetch.selection and target in (
                self._fetch.target,
                self._atoms[b"TARGETS"],
            ):
                self._given(self._fetch, bool(given))
        elif kind == PROPERTY_NOTIFY and self._fetch is not None and self._fetch.in_parts:
            window, _ = struct.unpack_from("<II", event, 4)
            if window == self._window and event[16] == 0:  # a new value
                self._read(self._fetch)

    def due_s(self) -> float | None:
        """When `tick` has something to do."""
        if self._fetch is not None:
            return self._fetch.until_s
        return self._next_s if self._waiting else None

    def tick(self) -> None:
        """Begin what waits; give up what takes too long."""
        now_s = self._now_s()
        if self._fetch is not None and self._fetch.until_s <= now_s:
            self._done(self._fetch, whole=False)
        if self._fetch is None and self._waiting and self._next_s <= now_s:
            selection = next(iter(self._waiting))
            self._fetch = _Fetch(selection, self._waiting.pop(selection), now_s + WAIT_S)
            self._next_s = now_s + EACH_S
            self._convert(self._fetch, self._atoms[b"TARGETS"])

    # --- one content ---

    def _convert(self, fetch: _Fetch, target: int) -> None:
        property_ = self._atoms[b"_FOOTLIGHT_CONTENT"]
        self._client.tell(
            convert_selection(self._window, fetch.selection, target, property_, fetch.time)
        )

    def _given(self, fetch: _Fetch, good: bool) -> None:
        if good:
            self._read(fetch)
        elif fetch.target == 0:  # an old program that knows no types but text
            fetch.types = {self._atoms[b"UTF8_STRING"]: "UTF8_STRING", STRING: "STRING"}
            self._choose(fetch)
        else:
            self._done(fetch, whole=False)

    def _read(self, fetch: _Fetch) -> None:
        def take(reply: bytes | None) -> None:
            if self._fetch is fetch:
                self._take_piece(fetch, read_property(reply))

        self._client.ask(
            get_property(
                self._window,
                self._atoms[b"_FOOTLIGHT_CONTENT"],
                LONGEST_PIECE_BYTES,
                delete=True,
            ),
            take,
        )

    def _take_piece(self, fetch: _Fetch, found: tuple[int, int, bytes] | None) -> None:
        if found is None:
            self._done(fetch, whole=False)
            return
        kind, left, value = found
        if fetch.target == 0:
            self._take_types(fetch, words_of(value)[:MOST_TYPES])
            return
        if kind == self._atoms[b"INCR"] and not fetch.in_parts:
            fetch.in_parts = True  # deleting it has told the owner to begin
            return
        fetch.size += len(value)
        fetch.hash.update(value)
        fetch.front += value[: max(0, 4 * LONGEST_TEXT - len(fetch.front))]
        if left or fetch.size > MOST_BYTES:
            fetch.size += left
            self._done(fetch, whole=False)
        elif not fetch.in_parts or not value:
            self._done(fetch, whole=True)
        else:
            fetch.until_s = self._now_s() + WAIT_S

    def _take_types(self, fetch: _Fetch, atoms: tuple[int, ...]) -> None:
        unknown = [atom for atom in atoms if atom and atom not in self._names]
        fetch.types = {atom: self._names.get(atom, "") for atom in atoms if atom}
        if not fetch.types:
            self._done(fetch, whole=False)
        elif not unknown:
            self._choose(fetch)

        def named(atom: int, reply: bytes | None) -> None:
            size = struct.unpack_from("<H", reply, 8)[0] if reply is not None else 0
            name = reply[32 : 32 + size].decode(errors="replace")[:100] if reply is not None else ""
            if len(self._names) < 1000:
                self._names[atom] = name
            fetch.types[atom] = name
            if atom == unknown[-1] and self._fetch is fetch:
                self._choose(fetch)

        for atom in unknown:
            self._client.ask(get_atom_name(atom), lambda reply, atom=atom: named(atom, reply))  # type: ignore[misc]

    def _choose(self, fetch: _Fetch) -> None:
        """Text where there is some, else the first kind of content."""
        by_name = {name: atom for atom, name in fetch.types.items() if name not in _META}
        chosen = next((by_name[name] for name in _TEXTS if name in by_name), None)
        if chosen is None:
            chosen = next(iter(by_name.values()), None)
        if chosen is None or SECRET in by_name:
            self._done(fetch, whole=False)
            return
        fetch.target = chosen
        self._convert(fetch, chosen)

    def _done(self, fetch: _Fetch, *, whole: bool) -> None:
        self._fetch = None
        types = [name for name in fetch.types.values() if name and name not in _META]
        members: dict[str, object] = {
            "direction": "inside",
            "selection": "primary" if fetch.selection == PRIMARY else "clipboard",
            "formats": types,
        }
        if SECRET in types:
            members["secret"] = True
        if fetch.target:
            name = fetch.types.get(fetch.target, "")
            members |= {"format": name, "bytes": fetch.size}
            members["sha256"] = fetch.hash.hexdigest() if whole else None
            if not whole:
                members["cut"] = True
            if self._text and name in _TEXTS:
                members["text"] = fetch.front.decode(errors="replace")[:LONGEST_TEXT]
        if skipped := self._skipped.pop(fetch.selection, 0):
            members["skipped"] = skipped
        self._note("clipboard", members)
