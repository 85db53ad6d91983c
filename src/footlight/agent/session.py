"""One session on its host: what is wanted of it, what is so, and the task that makes the one into the other."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path

import msgspec

from footlight.agent import kept_outputs, leftovers, resource_groups, throwaway
from footlight.agent.audience import Audience
from footlight.agent.messages import Messages, event_of
from footlight.agent.order_trace import OrderTrace
from footlight.agent.session_guard import SessionGuard
from footlight.agent.session_keeper import SessionKeeper
from footlight.agent.session_recording import SessionRecording
from footlight.agent.session_start import SessionStart
from footlight.agent.steps import Actual, Step, next_step
from footlight.agent.surroundings import Surroundings, write_private
from footlight.agent.tap import throw_out
from footlight.errors import FootlightError, Unavailable
from footlight.log import bind, get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import (
    MarkRecording,
    MessageOrder,
    RecordingFacts,
    RecordingOrder,
    SessionFacts,
    SessionOrder,
    SessionOutputs,
    encode,
)

_log = get_logger(__name__)

POLITE_S = 5.0
LINGER_S = 2.0
FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 5.0


class HostedSession:
    """Owner of one session's state. Its task acts on the newest order until all is as it wants it."""

    def __init__(self, order: SessionOrder, folder: Path, around: Surroundings) -> None:
        self.order = order
        self.trace = OrderTrace(around.traces)
        self.transfers: set[asyncio.Event] = set()  # of files, under way; set to end one
        self.generation = 0  # of the last order acted on in full
        self._around = around
        self.folder = folder
        self._cgroup = around.cgroup_of(folder)
        self._resource_group = around.resource_group_of(folder)
        self._kept: SessionOrder | None = None
        self._end_asked = False
        self._let_go = False
        self._disconnects = 0
        self._recording = SessionRecording(
            self.folder, around, self._report, lambda: self.audience.offered_to()
        )
        self._keeper = SessionKeeper(
            *(folder, around.clock),
            note=self._recording.note,
            told=self._keeper_told,
            lost=self._keeper_lost,
        )
        self._messages = Messages(self.folder, self._message_shown)
        self._start = SessionStart(folder, around, self._report, self._go_on)
        self.audience = Audience(
            *(folder, around.clock, self._keeper.display),
            note=self._recording.note,
            told=self._report,
            attached=self._recording.show_again,
            text_wanted=lambda: (
                self.order.recording is not None and self.order.recording.clipboard_text
            ),
        )
        self._guard = SessionGuard(
            *(self._recording, self.audience, around.clock, self._must_record),
            end=self.end_now,
        )
        self._awake = asyncio.Event()
        self._cleared = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- orders in, facts out ---

    def start(self) -> None:
        """Begin to act."""
        self._guard.look()
        self._awake.set()
        self._task = spawn(f"session {self.order.session_id[:8]}", self._work())

    def take(self, order: SessionOrder) -> None:
        """A newer order takes the place of the last; an older or repeated one changes nothing."""
        if order.generation > self.order.generation:
            self.order = order
            self.trace.take(order)
            self._wake()

    def end_now(self, reason: str) -> None:
        """End the session without an order: the host itself is going."""
        self.order = msgspec.structs.replace(self.order, want="end", end_reason=reason)
        self._wake()

    async def suspend(self, cause: str) -> None:
        """Let go of a session that goes on by itself: its recording is sealed to be resumed."""
        await cancel(self._task)
        throw_out(self.audience, lambda _: True)
        await self._recording.suspend(cause)
        await self.close()

    async def gone(self) -> None:
        """Returns when the session has ended and nothing of it runs any more."""
        await self._cleared.wait()

    async def close(self) -> None:
        """Stop acting; what runs goes on."""
        await cancel(self._task)
        self._guard.close()
        self._start.give_turn_back()
        await self._messages.stop()
        await self._recording.remove_notice()
        await self._keeper.close()

    async def forget(self) -> None:
        """Remove what is left of an ended session."""
        await self.close()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def phase(self) -> str | None:
        """As in SessionFacts; None while nothing of the session exists."""
        return self._keeper.phase

    def facts(self) -> SessionFacts:
        """All that is so now."""
        return SessionFacts(
            session_id=self.order.session_id,
            generation=self.generation,
            disconnects=self._disconnects,
            viewers=[viewer.facts for viewer in self.audience.viewers],
            viewers_changed_at_ms=self.audience.changed_at_ms,
            recording=self._recording.facts(),
            covered=self._guard.covered,
            messages_shown=self._messages.shown_of(self.order.messages),
            moments=self._keeper.state.get("moments") or dict(self._start.moments),
            first_picture_ms=self.audience.first_picture_ms,
            **self._keeper.facts(),
        )

    async def outputs(self) -> SessionOutputs:
        """What the programs have printed until now; not found before the first has started. Raises Unavailable."""
        if self._keeper.connected and self.phase != "ended":
            await self._keeper.link.outputs()
        return await asyncio.to_thread(kept_outputs.read, self.folder / kept_outputs.FILE)

    def recording_changed(self, facts: RecordingFacts) -> None:
        """The recorder says how a recording of this session stands."""
        if self._recording.take(facts):
            self._wake()

    def mark(self, marker: MarkRecording) -> None:
        """Somebody marks this moment of its recording."""
        self._recording.mark(marker)

    # --- what the files' door asks (files.Owner) ---

    def linux_user(self) -> tuple[str, int] | None:
        """Name and uid of whom it runs as; None unless it runs and may be used."""
        state = self._keeper.state
        name, uid = state.get("linux_user"), state.get("linux_uid")
        usable = self.phase == "running" and not self._guard.covered
        return (name, uid) if usable and name and uid is not None else None

    def file_event(self, kind: str, members: dict[str, object]) -> None:
        """Told to the recording."""
        self._recording.note(kind, members)

    # --- adoption ---

    async def adopt(self) -> None:
        """Take over what an earlier agent left in the session's folder: a living keeper, the facts of
        an ended session, or the leftovers of a lost one."""
        self._disconnects = self.order.disconnects
        await self._keeper.adopt()

    # --- the task ---

    async def _work(self) -> None:
        retry_s = FIRST_RETRY_S
        while True:
            await self._awake.wait()
            self._awake.clear()
            bind(session=self.order.session_id, transaction=self.order.transaction)
            try:
                await self._act()
                retry_s = FIRST_RETRY_S
            except (FootlightError, OSError) as error:
                _log.warning("session step failed", error=str(error))
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)
                self._awake.set()

    async def _act(self) -> None:
        """Steps until nothing is left to do but wait."""
        self._keep_order()
        if self.phase == "running":
            self._messages.show(self.order.messages, str(self._keeper.state.get("display")))
        while True:
            order = self.order
            await self._keep_pre_roll(order)
            step = next_step(order, self._actual())
            if step is Step.SETTLED:
                self.generation = max(self.generation, order.generation)
                self.trace.settled(order.generation)
            if step in (Step.SETTLED, Step.WAIT):
                self._report()
                if self.phase == "ended" and not self._cleared.is_set():
                    await self._clear()
                return
            await self._perform(step, order)

    async def _perform(self, step: Step, order: SessionOrder) -> None:
        _log.info("order acted on", step=step.value, generation=order.generation)
        match step:
            case Step.LAUNCH:
                await self._launch(order)
            case Step.NEVER_RAN:
                lost = "the host no longer has it" if order.known else "ended before it started"
                self._end_here(order.end_reason or lost)
            case Step.END:
                await self._ask_end(order.end_reason or "ended by order")
            case Step.DROP_VIEWERS:
                throw_out(self.audience, lambda _: True)
                self._disconnects = order.disconnects
            case Step.RESTART_MANAGER:
                await self._keeper.link.restart_manager(order.manager_restarts)
            case Step.BEGIN_RECORDING:
                await self._begin_recording(order)
            case Step.END_RECORDING:
                await self._end_recording(order)
            case Step.DROP_COMING:
                await self._recording.drop_coming("another is wanted")
            case Step.LET_GO:
                self._let_go = True
                await self._linger(0.0)
            case Step.WAIT | Step.SETTLED:
                raise AssertionError(step)

    def _actual(self) -> Actual:
        state = self._keeper.state
        return Actual(
            phase=state.get("phase"),
            x_up=self._keeper.x_up,
            programs_gone=bool(state.get("programs_gone")),
            end_asked=self._end_asked,
            let_go=self._let_go,
            disconnects=self._disconnects,
            manager_restarts=state.get("manager_restarts", 0),
            recording=self._recording.running,
            coming=self._recording.coming,
        )

    async def _launch(self, order: SessionOrder) -> None:
        try:
            pid = await self._start.keeper(order, lambda: self.order.want != "end")
            if pid is None:
                return
            await self._keeper.meet(pid)
        except (FootlightError, OSError) as error:
            await asyncio.to_thread(self._clear_leftovers)
            self._end_here(f"session could not start: {error}")

    def _keeper_told(self) -> None:
        state = self._keeper.state
        self.trace.passed(state.get("moments") or {})
        if self._keeper.x_up or state["phase"] != "starting":
            self._start.give_turn_back()
        self._wake()

    async def _go_on(self) -> None:
        with contextlib.suppress(Unavailable):  # it goes on by itself, later
            if self.phase == "starting":
                await self._keeper.link.go_on()

    def _keeper_lost(self) -> None:
        if self.phase == "ended":
            self._start.give_turn_back()
        else:
            self._end_here("host lost the keeper")
        self._wake()

    def _end_here(self, reason: str) -> None:
        """The session is over, and no keeper has said so."""
        self._start.give_turn_back()
        self.trace.failed(reason)
        self._keeper.end_without(reason)

    async def _ask_end(self, reason: str) -> None:
        link = self._keeper.link
        self._recording.note("session-ending", {"reason": reason})
        await link.end(reason, POLITE_S)
        self._end_asked = True

    async def _begin_recording(self, order: SessionOrder) -> None:
        await self._recording.begin(order, self.trace.here(order))
        self._guard.look()
        await self._linger(LINGER_S)
        if order.recording is not None and order.recording.notify:
            self._recording.show_notice(str(self._keeper.state.get("display")))

    async def _keep_pre_roll(self, order: SessionOrder) -> None:
        """While nothing is to be recorded."""
        if order.recording is None:
            wanted = order.want == "run" and self.phase == "running"
            seconds = order.pre_roll_s if wanted else 0
            await self._recording.keep_pre_roll(order, seconds)

    async def _end_recording(self, order: SessionOrder) -> None:
        reason = "stopped" if self._recording.coming is None else "handed over"
        if self.phase in ("ending", "ended"):
            reason = f"session ended: {self._keeper.state.get('end_reason') or 'unknown'}"
            await self._recording.tell("session-ended", self._keeper.how_it_ended())
        # A session's end must not wait for a silent recorder.
        await self._recording.end(reason, even_unheard=self.phase == "ended")
        if self._recording.running is None:
            await self._linger(0.0)
        elif order.recording is not None and not order.recording.notify:
            await self._recording.remove_notice()

    def _message_shown(self, message: MessageOrder) -> None:
        self._recording.note("message-shown", event_of(message))
        self._report()

    async def _linger(self, seconds: float) -> None:
        with contextlib.suppress(Unavailable):
            await self._keeper.link.linger(seconds)

    async def _clear(self) -> None:
        """After the end: wait for the keeper's own, kill what is left of a lost one, keep the facts only."""
        throw_out(self.audience, lambda _: True)
        for transfer in self.transfers:
            transfer.set()
        await self._messages.stop()
        await self._keeper.exited()
        await asyncio.to_thread(self._clear_leftovers)
        self._keeper.reap()
        self._cleared.set()

    def _clear_leftovers(self) -> None:
        leftovers.clear(self.folder, self._cgroup)
        if self._resource_group is not None:
            resource_groups.remove(self._resource_group)
        account = self.order.launch.account
        if account.kind == "anonymous":
            throwaway.remove(account.account_id, self._around.site_id)

    # --- small things ---

    def _must_record(self) -> RecordingOrder | None:
        """What is ordered for as long as there is something to be recorded."""
        over = self.phase == "ended" or self._keeper.state.get("programs_gone")
        return None if over else self.order.recording

    def _wake(self) -> None:
        self._guard.look()
        self._awake.set()
        self._report()

    def _report(self) -> None:
        self._around.changed(self.order.session_id)

    def _keep_order(self) -> None:
        """On disk before it is acted on. An ended session's folder holds its last order already."""
        if self.phase != "ended" and self.order is not self._kept:
            self.folder.mkdir(mode=0o711, exist_ok=True)
            write_private(self.folder / "order.json", encode(self.order))
            self._kept = self.order
