"""What the agent and its recorder process say to each other: JSON lines over a socket pair."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.host import RecordingFacts, RecordingKey

MAX_LINE_BYTES = 256 * 1024
TAKE_OVER = b"!"  # the first byte to a recorder that stands by: its turn has come


class BeginRecording(msgspec.Struct, frozen=True, kw_only=True):
    """A recording to begin, or to resume when the spool has it already."""

    recording_id: str
    session_id: str
    rfb_path: str  # the X server's RFB socket
    site_id: str
    user_name: str
    machine_name: str
    resource_name: str
    reason: str
    ordered_by: str
    notify: bool
    key: RecordingKey | None = None  # None: stored in the clear
    content: Literal["screen", "events"] = "screen"
    pre_roll_s: int = 0  # so much of what is kept in memory goes in front
    bytes_per_s: int | None = None  # sustained budget of stored bytes; None: pace.py's
    transaction: str | None = None  # of the request that ordered it
    trace: str | None = None  # the span that its beginning belongs to (W3C traceparent)


# --- to the recorder ----------------------------------------------------------------------------


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Make this recording run."""

    order: BeginRecording


class End(msgspec.Struct, frozen=True, tag=True):
    """Finish a recording: last picture, seal, manifest. Answered by Done."""

    request: int
    recording_id: str
    reason: str


class Suspend(msgspec.Struct, frozen=True, tag=True):
    """Seal, but leave the recording to be resumed. Answered by Done."""

    request: int
    recording_id: str
    cause: str


class Note(msgspec.Struct, frozen=True, tag=True):
    """Put an event into a recording (format.md section 5), or into the pre-roll of a session."""

    recording_id: str
    kind: str
    members: dict[str, object]


class KeepPreRoll(msgspec.Struct, frozen=True, tag=True):
    """Keep the last seconds of a session's screen in memory; 0: no longer."""

    session_id: str
    rfb_path: str
    seconds: int


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Suspend everything and exit."""

    cause: str


class Ping(msgspec.Struct, frozen=True, tag=True):
    """Say that you live. Answered by Alive."""


# --- from the recorder --------------------------------------------------------------------------


class Started(msgspec.Struct, frozen=True, tag=True):
    """The spool has been looked through; orders are taken."""


class Changed(msgspec.Struct, frozen=True, tag=True):
    """A recording stands thus now."""

    facts: RecordingFacts


class RoomChanged(msgspec.Struct, frozen=True, tag=True):
    """Why the spool has no room, so that recordings pause; "" when there is some again."""

    full: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The answer to a numbered request."""

    request: int
    error: str | None = None


class Alive(msgspec.Struct, frozen=True, tag=True):
    """While something is recorded, in each round (rounds.py); also the answer to a Ping."""


ToRecorder = Begin | End | Suspend | Note | Stop | Ping | KeepPreRoll
FromRecorder = Started | Changed | RoomChanged | Done | Alive

_to_recorder: msgspec.json.Decoder[ToRecorder] = msgspec.json.Decoder(ToRecorder)
_from_recorder: msgspec.json.Decoder[FromRecorder] = msgspec.json.Decoder(FromRecorder)


def line(message: ToRecorder | FromRecorder) -> bytes:
    """The message as one line."""
    return msgspec.json.encode(message) + b"\n"


def read_order(data: bytes) -> ToRecorder:
    """The message in a line to the recorder. Raises ValueError."""
    return _to_recorder.decode(data)


def read_answer(data: bytes) -> FromRecorder:
    """The message in a line from the recorder. Raises ValueError."""
    return _from_recorder.decode(data)
