"""What to do next for a session: wanted against actual. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from footlight.wire.host import RecordingFacts, SessionOrder


class Step(Enum):
    """One move towards what is wanted."""

    LAUNCH = "launch"
    NEVER_RAN = "never ran"  # ended before it was started, or lost with all that the host knew
    END = "end"
    DROP_VIEWERS = "drop viewers"
    RESTART_MANAGER = "restart window manager"
    BEGIN_RECORDING = "begin recording"
    END_RECORDING = "end recording"
    DROP_COMING = "end recording that was to follow"
    LET_GO = "let go"  # the X server need not wait for the recorder any longer
    WAIT = "wait"  # something is under way; look again when it changes
    SETTLED = "settled"  # all is as the order wants it


@dataclass(frozen=True)
class Actual:
    """A session as the host knows it. phase None: nothing of it exists."""

    phase: Literal["starting", "running", "ending", "ended"] | None
    x_up: bool = False
    programs_gone: bool = False
    end_asked: bool = False
    let_go: bool = False
    disconnects: int = 0
    manager_restarts: int = 0
    recording: RecordingFacts | None = None  # begun and not yet ended by us
    coming: RecordingFacts | None = (
        None  # begun beside it, to follow it without an unrecorded moment
    )


def next_step(order: SessionOrder, actual: Actual) -> Step:
    """The next move. A recording runs on while the session ends, until its programs are gone, so that it
    shows the end too."""
    if actual.phase is None:
        return Step.LAUNCH if order.want == "run" and not order.known else Step.NEVER_RAN
    if actual.phase == "ended":
        return Step.END_RECORDING if actual.recording is not None else Step.SETTLED
    if actual.programs_gone:
        if actual.recording is not None:
            return Step.END_RECORDING
        return Step.WAIT if actual.let_go else Step.LET_GO
    if order.disconnects > actual.disconnects:
        return Step.DROP_VIEWERS
    if order.want == "end":
        return Step.WAIT if actual.end_asked else Step.END
    if actual.phase == "ending":
        return Step.WAIT
    if actual.phase == "running" and order.manager_restarts > actual.manager_restarts:
        return Step.RESTART_MANAGER
    return _recording_step(order, actual)


def _recording_step(order: SessionOrder, actual: Actual) -> Step:
    wanted = order.recording.recording_id if order.recording is not None else None
    running = actual.recording.recording_id if actual.recording is not None else None
    if actual.coming is not None and actual.coming.recording_id != wanted:
        return Step.DROP_COMING
    if running is not None and running != wanted:
        return Step.END_RECORDING if wanted is None else _hand_over_step(actual)
    if wanted is not None and running is None and actual.x_up:
        return Step.BEGIN_RECORDING
    if actual.phase == "starting":
        return Step.WAIT
    if actual.recording is not None and actual.recording.status == "starting":
        return Step.WAIT
    return Step.SETTLED


def _hand_over_step(actual: Actual) -> Step:
    """The one that is to follow begins; the one that runs ends once the other has a picture on the disk. Where it
    cannot begin, the first runs on."""
    if actual.coming is None:
        return Step.BEGIN_RECORDING
    match actual.coming.status:
        case "starting":
            return Step.WAIT
        case "recording" | "completed":
            return Step.END_RECORDING
        case "failed":
            return Step.SETTLED
