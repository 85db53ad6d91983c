"""What server and host say to each other: orders down, reports up. Data only.

One order says everything that is wanted of one session; applying it twice changes nothing. A report
says everything that is so; it names, per session, the generation of the order that it has acted
on. Both travel as JSON bytes (encode/decode below), also in process, so that each transport carries the same.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

MAX_MESSAGE_BYTES = 4 * 1024 * 1024

T = TypeVar("T")


class _Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False, gc=False):
    """Unknown members are ignored, so that releases one apart understand each other."""


# --- orders -------------------------------------------------------------------------------------


class Account(_Message, frozen=True):
    """Whose Linux account a session runs under (design section 4).

    kind "managed": an account of the host's own making (`fl-` and the cleaned name), found by site
    and account id in its GECOS field; "invoker": the account the agent itself runs as (agent not root);
    "os": the existing OS account called `name`; "anonymous": one for this session alone.
    """

    kind: Literal["managed", "invoker", "os", "anonymous"]
    account_id: str
    name: str  # the user's name in the site, without domain; of an OS account its own
    logon_id: str | None = None  # what its sign-in left on the host (wire/logon.py)


class Launch(_Message, frozen=True):
    """What runs in a session and how. `command` is an argument list, never a shell line; the
    first word is looked up in PATH. An empty command means the light desktop itself."""

    resource_id: str
    resource_name: str
    session_type: Literal["Desktop", "Application"]
    account: Account
    user_name: str  # DOMAIN\\name as shown on the wire
    machine_name: str  # DOMAIN\\HOST
    command: list[str]
    working_dir: str | None = None  # None: the home
    environment: dict[str, str] = {}
    width: int = 1280
    height: int = 800


class RecordingKey(_Message, frozen=True):
    """The key that one recording is encrypted with. The host keeps it as long as the recording runs, in memory and
    wrapped; it never holds the key that unwraps it."""

    data_key: bytes  # 32 bytes
    wrapped: str  # the same for the site alone, as it goes into the recording (format.md)

    def __repr__(self) -> str:
        return f"RecordingKey(wrapped={self.wrapped!r})"


class RecordingOrder(_Message, frozen=True):
    """A recording that must run while this order stands. Changing `recording_id` hands over to a new one without a
    moment unrecorded."""

    recording_id: str
    notify: bool
    reason: str  # "on-demand" or the name of the deciding policy
    ordered_by: str  # DOMAIN\\name of the administrator
    key: RecordingKey | None = None  # None: stored in the clear
    content: Literal["screen", "events"] = "screen"
    if_lost: Literal["go-on", "cover", "end"] = "go-on"  # what becomes of the session unrecorded
    pre_roll_s: int = 0  # of what SessionOrder.pre_roll_s kept, so much goes in front
    bytes_per_s: int | None = None  # sustained budget of stored bytes; None: the recorder's own
    clipboard_text: bool = False  # the text itself, not its size and hash alone
    arguments: bool = True  # of the programs that are started; else their names alone


class MessageOrder(_Message, frozen=True):
    """A message to show on the session's screen, once. Title at most 256, text at most 4096 characters."""

    message_id: str
    style: Literal["Critical", "Question", "Exclamation", "Information"]
    title: str
    text: str
    ordered_by: str  # DOMAIN\\name of the sender


class SessionOrder(_Message, frozen=True):
    """All that is wanted of one session. `generation` only grows."""

    session_id: str
    generation: int
    want: Literal["run", "end"]
    launch: Launch
    end_reason: str | None = None
    disconnects: int = (
        0  # how often $disconnect was called: the host throws viewers out when it grows
    )
    manager_restarts: int = 0  # how often the window manager was to be replaced
    recording: RecordingOrder | None = None
    pre_roll_s: int = (
        0  # keep so much of the screen in memory while nothing is recorded; 0: nothing
    )
    messages: list[MessageOrder] = []  # those of which no report has said that they were shown
    known: bool = False  # the host has reported it before: one that it does not have is lost, not to be launched
    transaction: str | None = None  # of the request that wanted the last of this
    trace: str | None = None  # the span that this belongs to (W3C traceparent)


class Orders(_Message, frozen=True):
    """Orders for one host, in one message."""

    orders: list[SessionOrder]


class OrdersTaken(_Message, frozen=True):
    """The host's receipt: it has the orders and acts on them; results come as reports."""

    boot_id: str


# --- reports ------------------------------------------------------------------------------------


class ViewerFacts(_Message, frozen=True):
    """One attached viewer, as the display door saw it."""

    viewer_id: str
    user_name: str
    own: bool  # the session's own user (a shadower is not)
    mode: Literal["interactive", "view"]
    address: str  # client's IP address
    via_address: str | None  # the hop it came through, None when direct
    client_name: str
    platform: str  # "Linux", "Windows", ..., "Unknown"
    version: str  # of the browser or viewer
    attached_at_ms: int
    to_viewer_bytes_s: int = 0  # over the last seconds, to two digits
    from_viewer_bytes_s: int = 0
    round_trip_ms: int | None = None  # between the site's door and the viewer


class RecordingFacts(_Message, frozen=True):
    """One recording as it stands on the host. Times: ms since 1970 UTC."""

    recording_id: str
    session_id: str
    status: Literal["starting", "recording", "completed", "failed"]
    started_at_ms: int | None = None  # first key frame on disk
    ended_at_ms: int | None = None
    duration_ms: int = 0
    size_bytes: int = 0
    segment_count: int = 0  # sealed and open
    sealed_count: int = 0
    head: str | None = None  # hex of the last sealed head (format.md, chain)
    notified: bool = False  # the notice is on the screen
    error: str | None = None
    gaps: int = 0  # stretches of time that it lacks
    gap: str | None = None  # the cause of one that lasts: nothing is recorded now
    gap_since_ms: int | None = None
    last_gap: str | None = None  # the cause of the newest, also of one that is over
    tampered: int = 0  # how often somebody kept interfering with it, since its recorder's start
    late_frames: int = 0  # how often it had to wait for the disk, since its recorder's start
    dropped_events: int = 0  # that found no room, since its recorder's start


class SessionFacts(_Message, frozen=True):
    """One session as it stands on the host. Times: ms since 1970 UTC."""

    session_id: str
    generation: int  # of the last order acted on in full
    phase: Literal["starting", "running", "ending", "ended"]
    display: str | None = None  # ":3" once the X server answers
    linux_user: str | None = None
    linux_uid: int | None = None
    logon: Literal["password", "none"] | None = None  # what PAM opened it with; None: no PAM
    started_at_ms: int | None = None  # X server up
    established_at_ms: int | None = None  # window manager and program up
    application_open: bool = True  # the program has not closed all the windows that it had
    idle_since_ms: int | None = None  # the last key or movement; None: somebody is at work
    moments: dict[
        str, int
    ] = {}  # of the launch, by phase (sessions/phases.py): when it was through
    first_picture_ms: int | None = None  # when the agent first sent a picture to a viewer
    disconnects: int = 0  # as of the last order acted on
    manager_restarts: int = 0  # as of the last replacement of the window manager by order
    viewers: list[ViewerFacts] = []
    viewers_changed_at_ms: int | None = None
    recording: RecordingFacts | None = None  # the one that runs or is wanted
    messages_shown: list[str] = []  # ids, of those that the last order names
    covered: bool = False  # nothing is seen or typed, since it is not recorded and must be
    ended_at_ms: int | None = None
    end_reason: str | None = None
    exit_code: int | None = None  # of the program; negative: killed by that signal
    exit_detail: str | None = None  # one line for people


class HostFacts(_Message, frozen=True):
    """The machine itself."""

    machine_id: str
    host_name: str  # short
    dns_name: str  # FQDN
    ip_address: str | None
    os_type: str  # "Debian 12"
    os_version: str
    agent_version: str
    as_root: bool
    agent_public_key: str  # hex of the Ed25519 key that signs segments


class LoadFacts(_Message, frozen=True):
    """How busy a host is now."""

    cpu_permille: int  # of all cores, over the last seconds
    memory_permille: (
        int  # used, without what the kernel keeps only as long as nobody needs the room
    )
    sessions: int  # that have not ended


class SpoolFacts(_Message, frozen=True):
    """What a host still holds of recordings, because the store has not taken it yet. Times: ms since 1970 UTC."""

    size_bytes: int
    limit_bytes: int
    oldest_at_ms: int | None = None  # since when the oldest sealed segment waits
    failing_since_ms: int | None = None  # no upload has worked since; None: uploads work
    failure: str | None = None  # why the last one did not
    full: str | None = None  # why there is no room, so that recordings pause


class HostFigures(_Message, frozen=True):
    """What a host tells of itself for whoever watches the site. Totals count from the agent's start."""

    recorders: int = 0  # recorder processes that run
    recordings: int = 0  # that run
    spool_bytes: int = 0  # not stored yet
    spool_limit_bytes: int | None = None  # None: it has no spool of its own
    spool_oldest_ms: int | None = None  # when the oldest segment that waits was written; None: none
    spool_full: bool = False  # so that recordings pause
    uploads_failing_ms: int | None = None  # since when; None: they work
    late_frames: int = 0  # how often a recorder had to wait for its disk
    dropped_events: int = 0  # that found no room in a recording
    viewers: int = 0
    streams: int = 0  # of displays and files, open


class HostReport(_Message, frozen=True):
    """Everything that is so on one host (full) or that changed since the last report."""

    machine_id: str
    boot_id: str  # one start of the agent
    sequence: int  # grows by one within a boot id; of a beat, that of the last report
    full: bool
    at_ms: int
    host: HostFacts | None = None  # always in a full report
    sessions: list[SessionFacts] = []
    recordings: list[
        RecordingFacts
    ] = []  # finished ones that no answer has named yet, and running ones
    load: LoadFacts | None = None  # None: an agent of an older release
    spool: SpoolFacts | None = None  # None: an agent of an older release, or a simulated one
    beat: bool = False  # the host lives; it tells again only what no answer has named yet
    figures: HostFigures | None = None  # now and then


class ReportTaken(_Message, frozen=True):
    """The server's answer: the facts are in the store. What is named here the host may forget."""

    boot_id: str | None = None  # whose report it answers
    sequence: int = 0  # the last report of that boot that is in the store
    want_full: bool = False
    forget_sessions: list[str] = []  # ended, and their rows know it
    forget_recordings: list[str] = []  # finished, and the catalogue knows it
    refused: str = ""  # why nothing of the report was taken, because of who the host is


# --- displays and open segments -----------------------------------------------------------------


class DisplayHello(_Message, frozen=True):
    """First message on a display stream from server to host; RFB follows."""

    session_id: str
    viewer: ViewerFacts
    clipboard: Literal["off", "in", "out", "both"] = "both"  # in: from the viewer into the session
    ask: bool = False  # the session's user first; refused, the stream ends without a byte
    watched: bool = (
        False  # ViewerLine comes as long as the viewer is there; without it the stream ends
    )


class ViewerLine(_Message, frozen=True):
    """A viewer's connection lives, as the door sees it."""

    session_id: str
    viewer_id: str
    round_trip_ms: int | None


class ReadSegment(_Message, frozen=True):
    """Ask a host for bytes of a segment in its spool. length at most 1 MiB. `wait_ms`: so long may pass, 5 s at most,
    until an open one is longer than `offset`, or sealed; an older host does not wait."""

    recording_id: str
    number: int
    offset: int
    length: int
    wait_ms: int = 0


class SegmentPiece(_Message, frozen=True):
    """The answer. `found` false: not in this spool (sealed and uploaded, or never there)."""

    found: bool
    data: bytes = b""
    size: int = 0  # of the stored segment now
    open: bool = False


class MarkRecording(_Message, frozen=True):
    """Put a marker into the event track of a recording that runs, now."""

    session_id: str
    recording_id: str
    marker_id: str
    kind: str
    text: str
    author: str


# --- outputs of programs ------------------------------------------------------------------------


class ReadOutputs(_Message, frozen=True):
    """Ask a host for what a session's programs have printed."""

    session_id: str


class OutputPiece(_Message, frozen=True):
    """What a program printed at one time, without control characters but line feeds and tabs."""

    at_ms: int
    stream: Literal["stdout", "stderr"]
    text: str


class ProgramOutput(_Message, frozen=True):
    """One program that the session's keeper has started, and what it and those that it started printed."""

    role: str  # "program", "wm", "x", "bus", "run", ...
    argv: list[str]
    pid: int | None  # None: it could not start
    started_at_ms: int
    ended_at_ms: int | None
    exit_code: int | None  # negative: killed by that signal
    dropped: int  # characters that were printed before the first piece and are not kept
    pieces: list[OutputPiece]


class SessionOutputs(_Message, frozen=True):
    """The answer, programs in the order of their start. `found` false: the host has none of that session."""

    found: bool = True
    programs: list[ProgramOutput] = []


def encode(message: msgspec.Struct) -> bytes:
    """The message as JSON bytes."""
    return msgspec.json.encode(message)


def decode(kind: type[T], payload: bytes) -> T:
    """The message of that kind. Raises ValueError when it is not one or is over MAX_MESSAGE_BYTES."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise ValueError(f"message of {len(payload)} bytes is over the limit")
    return msgspec.json.decode(payload, type=kind)
