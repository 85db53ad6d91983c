"""What the agent and its event watcher say to each other: JSON lines over a socket pair."""

from __future__ import annotations

import msgspec

MAX_LINE_BYTES = 256 * 1024


class Watch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Tell what happens in this session. Told again it takes the place of what was told before."""

    session_id: str
    display: int | None  # of the X server
    cookie: bytes
    keeper_pid: int | None
    cgroup: (
        str | None
    )  # the session's, below the mount of the version 2 hierarchy; None: it has none
    clipboard_text: bool
    arguments: bool  # of programs; else their names alone


class Leave(msgspec.Struct, frozen=True, tag=True):
    """Nobody records this session any more."""

    session_id: str


class Happened(msgspec.Struct, frozen=True, tag=True):
    """An event of a session (recording/event_types.py)."""

    session_id: str
    kind: str
    members: dict[str, object]


ToWatcher = Watch | Leave

_to_watcher: msgspec.json.Decoder[ToWatcher] = msgspec.json.Decoder(ToWatcher)
_happened: msgspec.json.Decoder[Happened] = msgspec.json.Decoder(Happened)


def line(message: ToWatcher | Happened) -> bytes:
    """The message as one line."""
    return msgspec.json.encode(message) + b"\n"


def read_order(data: bytes) -> ToWatcher:
    """The message in a line to the watcher. Raises ValueError."""
    return _to_watcher.decode(data)


def read_event(data: bytes) -> Happened:
    """The event in a line from the watcher. Raises ValueError."""
    return _happened.decode(data)
