"""A session without an X server: it obeys the same orders by the same steps as a real one, and reports the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from footlight.agent.cover import Cover
from footlight.agent.order_trace import OrderTrace
from footlight.agent.session_recording import SessionRecording
from footlight.agent.steps import Actual, Step, next_step
from footlight.agent.surroundings import Surroundings
from footlight.agent.tap import Viewer
from footlight.errors import FootlightError
from footlight.log import bind, get_logger
from footlight.rfb.cut_text import Carried
from footlight.simulation.keeper import SimulatedKeeper
from footlight.simulation.plan import Client
from footlight.tasks import cancel, spawn
from footlight.wire.host import (
    MarkRecording,
    RecordingFacts,
    SessionFacts,
    SessionOrder,
    ViewerFacts,
)

_log = get_logger(__name__)

RETRY_S = 1.0


@dataclass(frozen=True)
class Origin:
    """How a simulated user's session came about. `at_ms` None: the user logs on now; else it runs since then, and
    `away_since_ms` says since when nobody is on it (None: somebody is)."""

    user: int
    machine_id: str
    client: Client
    at_ms: int | None = None
    away_since_ms: int | None = None


class Screen(Protocol):
    """The picture of one session, shown while it is recorded or looked at."""

    async def light(self) -> Path:
        """Show it; the socket to look through."""
        ...

    async def dim(self) -> None:
        """Nobody looks any more."""
        ...

    def say(self, text: str) -> None:
        """A message comes up on it."""
        ...


class SimulatedSession:
    """One session; `origin` None: a caller launched it on this host."""

    def __init__(
        self,
        order: SessionOrder,
        origin: Origin | None,
        around: Surroundings,
        make_screen: Callable[[SimulatedSession, Path], Screen],
        pace: float = 1.0,
    ) -> None:
        self.order = order
        self.trace = OrderTrace(around.traces)
        self.origin = origin
        self.viewers: list[Viewer] = []
        self.cover = Cover()  # of simulated screens nothing has to be kept
        self.generation = 0
        self.folder = around.run_root / order.session_id[-12:]  # a socket's path ends at 107 bytes
        self._around = around
        self._chance = random.Random(order.session_id)
        self._keeper = SimulatedKeeper(
            *(around.clock, self._chance, pace), told=self.wake, logged_on=self._logged_on
        )
        self._screen = make_screen(self, self.folder)
        self._recording = SessionRecording(self.folder, around, self._report)
        self._disconnects = 0
        self._manager_restarts = 0
        self._viewers_changed_at_ms: int | None = None
        self._simulated_viewer: Viewer | None = None
        self._shown: set[str] = set()
        self._let_go = False
        self._awake = asyncio.Event()
        self._cleared = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- orders in, facts out (as agent/session.py) ---

    def take(self, order: SessionOrder) -> None:
        """A newer order takes the place of the last; an older or repeated one changes nothing."""
        if order.generation > self.order.generation:
            self.order = order
            self.trace.take(order)
            self.wake()

    def end_now(self, reason: str) -> None:
        """The host itself is going: nothing of the session takes its time any more."""
        self._keeper.hurry()
        self.log_off(reason)

    async def gone(self) -> None:
        """Returns when the session has ended and its recording is finished."""
        await self._cleared.wait()

    async def close(self) -> None:
        """Stop acting."""
        self._keeper.close()
        await cancel(self._task)
        await self._screen.dim()

    @property
    def phase(self) -> Literal["starting", "running", "ending", "ended"] | None:
        """As in SessionFacts; None while nothing of the session exists."""
        return self._keeper.phase

    def facts(self) -> SessionFacts:
        """All that is so now."""
        return SessionFacts(
            session_id=self.order.session_id,
            generation=self.generation,
            disconnects=self._disconnects,
            manager_restarts=self._manager_restarts,
            viewers=[viewer.facts for viewer in self.viewers],
            viewers_changed_at_ms=self._viewers_changed_at_ms,
            recording=self._recording_facts(),
            messages_shown=[
                m.message_id for m in self.order.messages if m.message_id in self._shown
            ],
            **self._keeper.facts(self.order.launch.account),
        )

    def recording_changed(self, facts: RecordingFacts) -> None:
        """The recorder says how a recording of this session stands."""
        if self._recording.take(facts):
            self.wake()

    def mark(self, marker: MarkRecording) -> None:
        """Somebody marks this moment of its recording."""
        self._recording.mark(marker)

    @property
    def recorded(self) -> bool:
        """Whether a recording of it runs or is begun."""
        return self._recording.running is not None

    @property
    def notice(self) -> bool:
        """Whether its screen says that it is recorded."""
        return self.recorded and self.order.recording is not None and self.order.recording.notify

    # --- what its user does ---

    def connect(self, client: Client) -> None:
        """The session's own user comes, from there; who was on it leaves."""
        if self.phase != "running":
            return
        now_ms = self._around.clock.now_ms()
        self._leave(lambda viewer: viewer.own)
        facts = ViewerFacts(
            viewer_id=f"{self.order.session_id[:8]}-{self._chance.randrange(2**32):08x}",
            user_name=self.order.launch.user_name,
            own=True,
            mode="interactive",
            address=client.address,
            via_address=client.via_address,
            client_name=client.name,
            platform=client.platform,
            version=client.version,
            attached_at_ms=now_ms,
        )
        self._simulated_viewer = Viewer(facts)
        self.viewers.append(self._simulated_viewer)
        self._viewers_moved(now_ms)

    def disconnect(self) -> None:
        """The user leaves, and the session goes on."""
        if self._leave(lambda viewer: viewer.own):
            self._viewers_moved(self._around.clock.now_ms())

    def step_out(self, since_ms: int) -> None:
        """The user has left some time ago."""
        if self._leave(lambda viewer: viewer.own):
            self._viewers_moved(since_ms)

    def log_off(self, reason: str) -> None:
        """The session ends by what happens in it or on its host, not by an order."""
        self.order = msgspec.structs.replace(self.order, want="end", end_reason=reason)
        self.wake()

    @property
    def active(self) -> bool:
        """Whether its own user is on it."""
        return any(viewer.facts.own for viewer in self.viewers)

    # --- what the tap asks (tap.Watched) ---

    async def light(self) -> None:
        """Make ready for a viewer."""
        if self.phase == "running":
            await self._screen.light()

    def rfb_path(self) -> str | None:
        """The socket of its picture while there is one."""
        path = self.folder / "x" / "rfb"
        return str(path) if self.phase == "running" and path.exists() else None

    async def consents(self, viewer: Viewer) -> bool:
        """A simulated user agrees when he is there."""
        return self.active

    def viewer_attached(self, viewer: Viewer) -> None:
        """A real viewer has come: a simulated one that it throws out leaves at once."""
        if self._simulated_viewer is not None and self._simulated_viewer.stop.is_set():
            self._leave(lambda _: False)
        self._viewers_moved(self._around.clock.now_ms())

    def copied(self, viewer: Viewer, carried: Carried) -> None:
        """There is no clipboard here."""

    def line_measured(self) -> None:
        """Told to the server."""
        self._report()

    def picture_sent(self) -> None:
        """Of no launch worth timing."""

    def viewer_left(self, viewer: Viewer) -> None:
        """It is no longer in `viewers`."""
        self._viewers_moved(self._around.clock.now_ms())

    # --- the task ---

    def wake(self) -> None:
        """Look again at what is wanted."""
        self._awake.set()
        if self._task is None or self._task.done():
            name = f"simulated session {self.order.session_id[:8]}"
            self._task = spawn(name, self._work())

    async def _work(self) -> None:
        """Steps until nothing is left but to wait; no task while nothing happens."""
        while self._awake.is_set():
            self._awake.clear()
            bind(session=self.order.session_id, transaction=self.order.transaction)
            try:
                await self._act()
            except (FootlightError, OSError) as error:
                _log.warning("simulated step failed", error=str(error))
                asyncio.get_running_loop().call_later(RETRY_S, self.wake)
            self._report()

    async def _act(self) -> None:
        if self.phase == "running":
            self._show_messages()
        while True:
            order = self.order
            step = next_step(order, self._actual())
            if step is Step.SETTLED:
                self.generation = max(self.generation, order.generation)
                self.trace.settled(order.generation)
                if self.phase == "ended":
                    self._cleared.set()
            if step in (Step.SETTLED, Step.WAIT):
                if not self.recorded and not self.viewers:
                    await self._screen.dim()
                return
            await self._perform(step, order)

    def _actual(self) -> Actual:
        return Actual(
            phase=self.phase,
            x_up=self._keeper.display is not None,
            programs_gone=self._keeper.programs_gone,
            end_asked=self._keeper.end_asked,
            let_go=self._let_go,
            disconnects=self._disconnects,
            manager_restarts=self._manager_restarts,
            recording=self._recording.running,
        )

    async def _perform(self, step: Step, order: SessionOrder) -> None:
        match step:
            case Step.LAUNCH:
                self._keeper.launch(None if self.origin is None else self.origin.at_ms)
            case Step.NEVER_RAN:
                lost = "the host no longer has it" if order.known else "ended before it started"
                self._ended(order.end_reason or lost)
            case Step.END:
                self._keeper.end()
            case Step.DROP_VIEWERS:
                if self._leave(lambda _: True):
                    self._viewers_changed_at_ms = self._around.clock.now_ms()
                self._disconnects = order.disconnects
            case Step.RESTART_MANAGER:
                self._manager_restarts = order.manager_restarts
            case Step.BEGIN_RECORDING:
                await self._screen.light()
                await self._recording.begin(order, self.trace.here(order))
            case Step.END_RECORDING:
                ending = self.phase in ("ending", "ended")
                reason = f"session ended: {order.end_reason}" if ending else "stopped"
                await self._recording.end(reason, even_unheard=self.phase == "ended")
            case Step.LET_GO:
                self._let_go = True
                self._ended(order.end_reason or "ended by order")
            case Step.WAIT | Step.SETTLED:
                raise AssertionError(step)

    def _logged_on(self, at_ms: int | None) -> None:
        """A simulated user is there, or has left meanwhile."""
        if self.origin is not None:
            self.connect(self.origin.client)
            if at_ms is not None:
                self._viewers_changed_at_ms = at_ms
        self.wake()

    def _ended(self, reason: str) -> None:
        self._keeper.over(reason)
        self._leave(lambda _: True)

    def _show_messages(self) -> None:
        for message in self.order.messages:
            if message.message_id not in self._shown:
                self._shown.add(message.message_id)
                self._screen.say(f"{message.title}: {message.text}")

    # --- small things ---

    def _recording_facts(self) -> RecordingFacts | None:
        facts = self._recording.facts()
        return None if facts is None else msgspec.structs.replace(facts, notified=self.notice)

    def _leave(self, which: Callable[[ViewerFacts], bool]) -> bool:
        """Those viewers go: a simulated one at once, a real one when its stream is closed."""
        gone = False
        for viewer in list(self.viewers):
            if which(viewer.facts) or (viewer is self._simulated_viewer and viewer.stop.is_set()):
                viewer.stop.set()
                if viewer is self._simulated_viewer:
                    self.viewers.remove(viewer)
                    self._simulated_viewer = None
                gone = True
        return gone

    def _viewers_moved(self, at_ms: int) -> None:
        self._viewers_changed_at_ms = at_ms
        self.wake()

    def _report(self) -> None:
        self._around.changed(self.order.session_id)
