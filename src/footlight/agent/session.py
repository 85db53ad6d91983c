"""One session on its host: what is wanted of it, what is so, and the task that makes the one into the other."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path
from typing import Any

import msgspec

from footlight.agent import kept_outputs, leftovers, resource_groups, throwaway
from footlight.agent.audience import Audience
from footlight.agent.keeper_link import KeeperLink, KeeperState, read_state
from footlight.agent.messages import Messages, event_of
from footlight.agent.order_trace import OrderTrace
from footlight.agent.session_recording import SessionRecording
from footlight.agent.session_start import SessionStart
from footlight.agent.steps import Actual, Step, next_step
from footlight.agent.surroundings import Surroundings, await_exit, reap, write_private
from footlight.agent.tap import throw_out
from footlight.errors import FootlightError, Unavailable
from footlight.log import bind, get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import (
    MessageOrder,
    RecordingFacts,
    SessionFacts,
    SessionOrder,
    SessionOutputs,
    encode,
)

_log = get_logger(__name__)

POLITE_S = 5.0
LINGER_S = 2.0
KEEPER_GONE_S = 5.0
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
        self._state: KeeperState | None = None
        self._link: KeeperLink | None = None
        self._keeper_pid: int | None = None
        self._keeper_gone = asyncio.Event()
        self._kept: SessionOrder | None = None
        self._end_asked = False
        self._let_go = False
        self._disconnects = 0
        self._recording = SessionRecording(self.folder, around, self._report)
        self._messages = Messages(self.folder, self._message_shown)
        self._start = SessionStart(folder, around, self._report, self._go_on)
        self.audience = Audience(
            *(folder, around.clock, self._display),
            note=self._recording.note,
            told=self._report,
            attached=self._recording.show_again,
        )
        self._awake = asyncio.Event()
        self._cleared = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- orders in, facts out ---

    def start(self) -> None:
        """Begin to act."""
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
        self._start.give_turn_back()
        await self._messages.stop()
        await self._recording.remove_notice()
        if self._link is not None:
            await self._link.close()

    async def forget(self) -> None:
        """Remove what is left of an ended session."""
        await self.close()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def phase(self) -> str | None:
        """As in SessionFacts; None while nothing of the session exists."""
        return None if self._state is None else str(self._state["phase"])

    def facts(self) -> SessionFacts:
        """All that is so now."""
        state = self._state or {"phase": "starting"}
        return SessionFacts(
            session_id=self.order.session_id,
            generation=self.generation,
            phase=state["phase"],
            disconnects=self._disconnects,
            viewers=[viewer.facts for viewer in self.audience.viewers],
            viewers_changed_at_ms=self.audience.changed_at_ms,
            recording=self._recording.facts(),
            messages_shown=self._messages.shown_of(self.order.messages),
            application_open=state.get("application_open", True),
            manager_restarts=state.get("manager_restarts", 0),
            moments=state.get("moments") or dict(self._start.moments),
            first_picture_ms=self.audience.first_picture_ms,
            **{name: state.get(name) for name in _FROM_KEEPER},
        )

    async def outputs(self) -> SessionOutputs:
        """What the programs have printed until now; not found before the first has started. Raises Unavailable."""
        if self._link is not None and self.phase != "ended":
            await self._link.outputs()
        return await asyncio.to_thread(kept_outputs.read, self.folder / kept_outputs.FILE)

    def recording_changed(self, facts: RecordingFacts) -> None:
        """The recorder says how a recording of this session stands."""
        if self._recording.take(facts):
            self._wake()

    # --- what the files' door asks (files.Owner) ---

    def linux_user(self) -> tuple[str, int] | None:
        """Name and uid of whom it runs as; None unless it runs."""
        state = self._state or {}
        name, uid = state.get("linux_user"), state.get("linux_uid")
        return (name, uid) if self.phase == "running" and name and uid is not None else None

    def file_event(self, kind: str, members: dict[str, object]) -> None:
        """Told to the recording."""
        self._recording.note(kind, members)

    # --- adoption ---

    async def adopt(self) -> None:
        """Take over what an earlier agent left in the session's folder: a living keeper, the facts of
        an ended session, or the leftovers of a lost one."""
        self._disconnects = self.order.disconnects
        self._state = read_state(self.folder)
        if self._state is not None:
            self._keeper_pid = self._state.get("keeper_pid")
        if self._state is None and not (self.folder / "log").exists():
            return  # the order was noted and nothing begun
        if self.phase != "ended":
            with contextlib.suppress(Unavailable):
                await self._connect(limit_s=1.0)
                return
        self._lost()

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
            self._messages.show(self.order.messages, str((self._state or {}).get("display")))
        while True:
            order = self.order
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
                await self._restart_manager(order.manager_restarts)
            case Step.BEGIN_RECORDING:
                await self._begin_recording(order)
            case Step.END_RECORDING:
                await self._end_recording()
            case Step.LET_GO:
                self._let_go = True
                await self._linger(0.0)
            case Step.WAIT | Step.SETTLED:
                raise AssertionError(step)

    def _actual(self) -> Actual:
        state = self._state or {}
        return Actual(
            phase=state.get("phase"),
            x_up=self._x_up(),
            programs_gone=bool(state.get("programs_gone")),
            end_asked=self._end_asked,
            let_go=self._let_go,
            disconnects=self._disconnects,
            manager_restarts=state.get("manager_restarts", 0),
            recording=self._recording.running,
        )

    async def _launch(self, order: SessionOrder) -> None:
        try:
            pid = await self._start.keeper(order, lambda: self.order.want != "end")
            if pid is None:
                return
            self._keeper_pid = pid
            await self._connect(still_starting=lambda: not reap(pid))
        except (FootlightError, OSError) as error:
            await asyncio.to_thread(self._clear_leftovers)
            self._end_here(f"session could not start: {error}")

    async def _connect(self, **how: Any) -> None:
        self._link = await KeeperLink.connect(self.folder, self._take_state, self._lost, **how)
        # Its first line is the state: from here on the phase is known.
        self._take_state(await self._link.status())

    def _take_state(self, state: KeeperState) -> None:
        self._state = state
        self.trace.passed(state.get("moments") or {})
        if self._x_up() or state["phase"] != "starting":
            self._start.give_turn_back()
        self._wake()

    async def _go_on(self) -> None:
        with contextlib.suppress(Unavailable):  # it goes on by itself, later
            if self._link is not None and self.phase == "starting":
                await self._link.go_on()

    def _lost(self) -> None:
        """The keeper has gone, after its work or before."""
        self._link = None
        self._start.give_turn_back()
        state = read_state(self.folder) or self._state or {}
        if state.get("phase") != "ended":
            self._state = state
            self._end_here("host lost the keeper")
        else:
            self._state = state
        self._keeper_gone.set()
        self._wake()

    def _end_here(self, reason: str) -> None:
        """The session is over, and no keeper has said so."""
        self._start.give_turn_back()
        self.trace.failed(reason)
        self._state = {
            **(self._state or {}),
            "phase": "ended",
            "end_reason": reason,
            "ended_at_ms": self._around.clock.now_ms(),
        }
        self._keeper_gone.set()
        with contextlib.suppress(OSError):
            write_private(self.folder / "state.json", msgspec.json.encode(self._state))

    async def _ask_end(self, reason: str) -> None:
        if self._link is None:
            raise Unavailable("the keeper is not connected")
        self._recording.note("session-ending", {"reason": reason})
        await self._link.end(reason, POLITE_S)
        self._end_asked = True

    async def _restart_manager(self, number: int) -> None:
        if self._link is None:
            raise Unavailable("the keeper is not connected")
        await self._link.restart_manager(number)

    async def _begin_recording(self, order: SessionOrder) -> None:
        await self._recording.begin(order, self.trace.here(order))
        await self._linger(LINGER_S)
        if order.recording is not None and order.recording.notify:
            self._recording.show_notice(str((self._state or {}).get("display")))

    async def _end_recording(self) -> None:
        reason = "stopped"
        if self.phase in ("ending", "ended"):
            reason = f"session ended: {(self._state or {}).get('end_reason') or 'unknown'}"
        # A session's end must not wait for a silent recorder.
        await self._recording.end(reason, even_unheard=self.phase == "ended")
        await self._linger(0.0)

    def _message_shown(self, message: MessageOrder) -> None:
        self._recording.note("message-shown", event_of(message))
        self._report()

    async def _linger(self, seconds: float) -> None:
        with contextlib.suppress(Unavailable):
            if self._link is not None:
                await self._link.linger(seconds)

    async def _clear(self) -> None:
        """After the end: wait for the keeper's own, kill what is left of a lost one, keep the facts only."""
        throw_out(self.audience, lambda _: True)
        for transfer in self.transfers:
            transfer.set()
        await self._messages.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KEEPER_GONE_S):
                await self._keeper_gone.wait()
        await asyncio.to_thread(await_exit, self._keeper_pid)
        await asyncio.to_thread(self._clear_leftovers)
        reap(self._keeper_pid)
        self._cleared.set()

    def _clear_leftovers(self) -> None:
        leftovers.clear(self.folder, self._cgroup)
        if self._resource_group is not None:
            resource_groups.remove(self._resource_group)
        account = self.order.launch.account
        if account.kind == "anonymous":
            throwaway.remove(account.account_id, self._around.site_id)

    # --- small things ---

    def _display(self) -> str | None:
        """Its name while the X server answers."""
        up = self._x_up() and self.phase != "ended"
        return str((self._state or {}).get("display")) if up else None

    def _x_up(self) -> bool:
        return bool(self._state and self._state.get("started_at_ms"))

    def _wake(self) -> None:
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


_FROM_KEEPER = (
    "display",
    "logon",
    "linux_user",
    "linux_uid",
    "started_at_ms",
    "established_at_ms",
    "idle_since_ms",
    "ended_at_ms",
    "end_reason",
    "exit_code",
    "exit_detail",
)
