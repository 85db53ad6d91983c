"""Who has seen what of which recording.

The first look of a viewing is written before its bytes are given out; what is seen later in the same viewing is
gathered and written together every half minute, so that playing costs no transaction for each segment. A server
that is killed loses at most the spans of its last half minute, never that a recording was opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from footlight.audit.log import Act, record
from footlight.caller import Caller
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

WRITE_EACH_S = 30.0
VIEWING_ENDS_AFTER_MS = 600_000  # without a look
MAX_VIEWINGS = 5000


@dataclass(frozen=True)
class Looked:
    """A look into a recording. `way`: player, frame, contact sheet, export file; `unit` and `at`: which
    segments, or which whole second of the recording. `at` None: the list of what there is to be seen."""

    recording_id: str
    session_id: str
    user_name: str  # who was recorded
    way: str
    unit: str = "Segments"
    at: int | None = None
    reason: str = ""  # that was given for it


@dataclass
class _Viewing:
    caller: Caller
    look: Looked
    last_ms: int
    told: set[int] = field(default_factory=set)
    pending: set[int] = field(default_factory=set)


class Openings:
    """The viewings of one server."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._viewings: dict[tuple[str, str, str], _Viewing] = {}
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write what is gathered."""
        self._loop = spawn("recording openings", self._run())

    async def stop(self) -> None:
        """Write what is left. Safe to call twice."""
        await cancel(self._loop)
        await self._flush()

    async def note(self, caller: Caller, look: Looked) -> None:
        """The caller is about to be given this. Raises Unavailable when it cannot be written down: then it is not
        to be given."""
        key = (caller.account_id, look.recording_id, look.way)
        now_ms = self._clock.now_ms()
        seen = set() if look.at is None else {look.at}
        viewing = self._viewings.get(key)
        if viewing is not None and now_ms - viewing.last_ms < VIEWING_ENDS_AFTER_MS:
            viewing.last_ms = now_ms
            viewing.pending |= seen - viewing.told
            return
        if viewing is not None or len(self._viewings) >= MAX_VIEWINGS:
            await self._flush()
        viewing = _Viewing(caller, look, now_ms, told=seen)
        await self._store.write(lambda tx: record(tx, caller, _act("Open", look, seen)))
        if len(self._viewings) < MAX_VIEWINGS:
            self._viewings[key] = viewing

    async def note_hits(self, caller: Caller, looks: Iterable[Looked]) -> None:
        """The caller is about to be given something of each of these, found by a search: as `note`, but all that is
        new in one transaction."""
        now_ms = self._clock.now_ms()
        fresh: dict[tuple[str, str, str], _Viewing] = {}
        for look in looks:
            key = (caller.account_id, look.recording_id, look.way)
            viewing = fresh.get(key) or self._viewings.get(key)
            seen = set() if look.at is None else {look.at}
            if viewing is None or now_ms - viewing.last_ms >= VIEWING_ENDS_AFTER_MS:
                fresh[key] = _Viewing(caller, look, now_ms, told=seen)
            elif key in fresh:
                viewing.told |= seen
            else:
                viewing.last_ms = now_ms
                viewing.pending |= seen - viewing.told
        if not fresh:
            return
        await self._flush()

        def write(tx: Tx) -> None:
            for one in fresh.values():
                record(tx, caller, _act("Open", one.look, one.told))

        await self._store.write(write)
        room = max(0, MAX_VIEWINGS - len(self._viewings))
        self._viewings |= dict(list(fresh.items())[:room])

    async def flush(self) -> None:
        """Write what is gathered, and forget viewings that are over. Raises Unavailable."""
        pending = [(one, set(one.pending)) for one in self._viewings.values() if one.pending]

        def write(tx: Tx) -> None:
            for one, seen in pending:
                record(tx, one.caller, _act("View", one.look, seen))

        if pending:
            await self._store.write(write)
        for one, seen in pending:
            one.told |= seen
            one.pending -= seen
        over_ms = self._clock.now_ms() - VIEWING_ENDS_AFTER_MS
        self._viewings = {
            key: one for key, one in self._viewings.items() if one.last_ms > over_ms or one.pending
        }

    async def _flush(self) -> None:
        try:
            await self.flush()
        except Unavailable as trouble:
            _log.warning("what was seen of recordings is not written yet", reason=trouble.message)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EACH_S)
            await self._flush()


def spans(numbers: Iterable[int]) -> str:
    """Numbers for people: 0-3, 7."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in found)


def _act(verb: str, look: Looked, seen: Iterable[int]) -> Act:
    parameters = {"Way": look.way, "SessionId": look.session_id}
    if look.reason:
        parameters["Reason"] = look.reason
    told = spans(seen)
    if told:
        parameters[look.unit] = told
    part = f": {look.unit.lower()} {told}" if told else ""
    return Act(
        text=f"{verb} the recording of {look.user_name} ({look.way}){part}",
        kind="RecordingViewed",
        target_type="Recording",
        object_id=look.recording_id,
        object_name=look.user_name,
        parameters=parameters,
    )
