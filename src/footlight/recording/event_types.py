"""The types of events and what each tells: the one place that declares them (format.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventType:
    """`members` are those that an event of the type may have; `about`: one line for people."""

    about: str
    members: tuple[str, ...] = ()


_FILE = ("name", "direction", "userName", "address")
_WINDOW = ("window", "title", "application", "pid")
_PROGRAM = ("pid", "name", "commandLine", "user", "parentPid")
_PROGRAM_END = ("pid", "name", "user", "exitCode", "signal", "coreDumped", "durationMs")

EVENT_TYPES: Mapping[str, EventType] = {
    "recording-started": EventType(
        "the recording began; `preRollMs`: so much of what is before it was kept in memory until then",
        (
            *("reason", "orderedBy", "notify", "userName", "machineName", "resourceName"),
            "preRollMs",
        ),
    ),
    "recording-resumed": EventType("it goes on after an interruption", ("cause",)),
    "recording-stopped": EventType("it ended", ("reason",)),
    "recorder-disconnected": EventType("the X server threw the recorder out", ("cause",)),
    "x-frozen": EventType("the X server did not answer for a while", ("lastedMs",)),
    "tampering": EventType(
        "the recorder was interrupted again and again; `how`: a gap's cause", ("how", "times")
    ),
    "session-covered": EventType(
        "viewers saw a cover, since the session was not recorded and must be", ("cause", "sinceMs")
    ),
    "session-uncovered": EventType("they see the session again", ("cause", "lastedMs")),
    "notice-shown": EventType("the notice of the recording is on the screen", ("text", "viewer")),
    "notice-removed": EventType("it was taken off", ("text", "viewer")),
    "message-shown": EventType(
        "a message of an administrator is on the screen",
        ("messageId", "style", "title", "text", "orderedBy"),
    ),
    "viewer-attached": EventType(
        "somebody opened the display", ("userName", "address", "mode", "own")
    ),
    "viewer-left": EventType("he left it", ("userName", "address", "mode", "own")),
    "idle": EventType("nobody touched keyboard or pointer for a while", ("sinceMs",)),
    "active": EventType("somebody does again", ("idleMs",)),
    "display-resized": EventType("the screen has another size", ("width", "height")),
    "window-opened": EventType(
        "a window is there; `already`: since before the recording", (*_WINDOW, "already")
    ),
    "window-closed": EventType("it is gone", ("window", "title", "application")),
    "window-active": EventType("it has the focus now", ("window", "title", "application")),
    "window-title": EventType(
        "its title changed; `skipped`: titles in between that were too short-lived",
        ("window", "title", "application", "skipped"),
    ),
    "window-manager": EventType("a window manager took the screen over", ("name",)),
    "program-running": EventType(
        "a program that ran when the recording began", (*_PROGRAM, "startedAtMs")
    ),
    "program-started": EventType("a process became this program", _PROGRAM),
    "program-ended": EventType("it ended, with an exit code or by a signal", _PROGRAM_END),
    "program-crashed": EventType("it was killed by a signal of a fault", _PROGRAM_END),
    "clipboard": EventType(
        "a text or another content was copied or moved",
        (
            *("direction", "selection", "formats", "format", "bytes", "sha256", "cut", "secret"),
            *("text", "offeredTo", "userName", "address", "skipped"),
        ),
    ),
    "file-transfer-began": EventType("a file is on its way", _FILE),
    "file-transferred": EventType("it arrived", (*_FILE, "bytes", "sha256")),
    "file-transfer-failed": EventType("it did not", (*_FILE, "bytes", "reason")),
    "file-refused": EventType("it may not pass", (*_FILE, "reason")),
    "file-deleted": EventType("it was removed from the folder of files", _FILE),
    "clock-step": EventType("the machine's wall clock was set", ("beforeNs", "afterNs")),
    "marker": EventType("somebody marked this moment", ("markerId", "kind", "text", "author")),
    "events-skipped": EventType(
        "a source had more to tell than has room; `count` null: not known how much",
        ("source", "count", "reason"),
    ),
    "source-failed": EventType("a source of events tells nothing now", ("source", "reason")),
    "source-limited": EventType("a source sees less than it could", ("source", "reason")),
    "source-back": EventType("it tells again", ("source",)),
    "session-ending": EventType("the session was told to end", ("reason",)),
    "session-ended": EventType("it ended", ("reason", "exitCode", "detail")),
}
