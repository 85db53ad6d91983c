"""Launching: a decision in the store, at once or while one waits for a machine, and the wait for its X server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from footlight.audit.log import Act, record
from footlight.broker import launch_notes
from footlight.broker.decision import Launched, LaunchRequest, Terms, Turned, TurnedAway, decide
from footlight.broker.refusal import Reason, Refused, error_of
from footlight.broker.users import user_of
from footlight.broker.waiting import WaitingRoom
from footlight.caller import Caller, Permission
from footlight.clock import Clock
from footlight.errors import Forbidden, Unavailable
from footlight.sessions import actions, phases, queries
from footlight.sessions.watch import WatchEach
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.telemetry import origin
from footlight.telemetry.meters import Meters

UP_WITHIN_S = 15.0
IN_LINE_S = 45.0
IDS_AT_ONCE = 1000
DECIDED_AT_ONCE = 4
TURN_WITHIN_S = 10.0

_s = schema.sessions
_SEEN: Select[Any] = select(_s.c.id, _s.c.display, _s.c.logon, _s.c.end_reason)


class Launcher:
    """Starts sessions, or leads to running ones."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        site_name: str,
        terms: Terms | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._site_name = site_name
        self.terms = Terms() if terms is None else terms
        self._outcomes = (Meters() if meters is None else meters).launches
        self._turns = asyncio.Semaphore(DECIDED_AT_ONCE)
        self._up_or_over = WatchEach(store, "session", _up_or_over)
        self._waiting: WaitingRoom[Launched | Turned] = WaitingRoom(store, _may_pass)

    @property
    def waiting(self) -> int:
        """How many launches wait for a machine."""
        return len(self._waiting)

    async def stop(self) -> None:
        """Refuse those that wait."""
        await self._waiting.stop()

    async def launch(
        self,
        caller: Caller,
        request: LaunchRequest,
        gone: Callable[[], Awaitable[None]] | None = None,
    ) -> Launched:
        """Returns once the X server answers; `gone` returns when nobody waits for that any more. Raises NotFound for
        an unknown resource, Forbidden for another user without the right, Conflict for a refusal, Unavailable for no
        capacity or silence."""
        begun_ns = self._clock.monotonic_ns()
        whose = origin.here()
        user = await self._store.read(lambda c: user_of(c, caller, self._site_name, request.user))
        for_another = user.account_id != caller.account_id
        if for_another and not caller.may(Permission.LAUNCH_AS):
            raise Forbidden(f"This needs the permission {Permission.LAUNCH_AS}.")
        person = await asyncio.to_thread(user.person)

        def write(tx: Tx) -> Launched:
            tx.origin = whose  # whichever task of those that wait tries it
            brokering_ms = (self._clock.monotonic_ns() - begun_ns) // 1_000_000
            launched = decide(
                tx, caller, request, person, self._site_name, self.terms, brokering_ms
            )
            if for_another:
                record(tx, caller, _act(request, launched))
            return launched

        async def attempt() -> Launched | Turned:
            async with self._turn():
                try:
                    return await self._store.write(write)
                except TurnedAway as away:
                    return away.turned

        launched = await self._placed(user.key, request, attempt, gone)
        row = await self._until_up(launched.session_id)
        self._outcomes.add("started" if launched.created else "resumed")
        return replace(launched, notes=launch_notes.of_session(user.source, row.logon))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Few launches stand in the line of writers: behind many of them reports would come too late that sessions are
        up. Raises Unavailable for one whose turn does not come."""
        try:
            async with asyncio.timeout(TURN_WITHIN_S):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable("Too many sessions are being launched: try again later.") from None
        try:
            yield
        finally:
            self._turns.release()

    async def _placed(
        self,
        user: str,
        request: LaunchRequest,
        attempt: Callable[[], Awaitable[Launched | Turned]],
        gone: Callable[[], Awaitable[None]] | None,
    ) -> Launched:
        """What an attempt has made, at once or while there was time to wait. Raises what the last refusal says."""
        wanted_s = self.terms.wait_s if request.wait_s is None else request.wait_s
        wait_s = min(wanted_s, self.terms.most_wait_s)
        first = await self._waiting.first(attempt)
        outcome: Launched | Turned | None = first
        if wait_s > 0 and _may_pass(first):
            outcome = await self._waiting.wait(user, attempt, first, wait_s, gone)
        match outcome:
            case Launched():
                return outcome
            case Turned():
                self._outcomes.add(outcome.refused.reason.word)
                raise error_of(outcome.refused, outcome.group_names)
            case None:
                self._outcomes.add(Reason.TOO_MANY_WAIT.word)
                raise error_of(Refused(Reason.TOO_MANY_WAIT), {})

    async def _until_up(self, session_id: str) -> Row[Any]:
        row = await self._up(session_id)
        if row is None or row.display is None:
            self._outcomes.add("failed")
        if row is None:
            await self._store.write(lambda tx: _give_up(tx, session_id))
            raise Unavailable("The host has not started the session in time.", id=session_id)
        if row.display is None:
            raise Unavailable(f"The session could not start: {row.end_reason}", id=session_id)
        return row

    async def _up(self, session_id: str) -> Row[Any] | None:
        """The session's row once its X server answers, or it is over; None after UP_WITHIN_S, in which the time is not
        counted, IN_LINE_S at most, that the host has let it wait for others launched at once."""
        begun_ns, left_s = self._clock.monotonic_ns(), UP_WITHIN_S
        while left_s > 0:
            row = await self._up_or_over.until(session_id, left_s)
            if row is not None:
                return row
            in_line_s = await self._store.read(
                lambda c: phases.in_line_ms(queries.row(c, session_id), self._clock.now_ms()) / 1000
            )
            passed_s = (self._clock.monotonic_ns() - begun_ns) / 1e9
            left_s = UP_WITHIN_S + min(in_line_s, IN_LINE_S) - passed_s
        return None


def _may_pass(outcome: Launched | Turned) -> bool:
    return isinstance(outcome, Turned) and outcome.refused.may_pass


def _act(request: LaunchRequest, launched: Launched) -> Act:
    return Act(
        text=f"Launch '{request.resource}' as '{request.user}' on {launched.machine}",
        kind="AdminActivity",
        target_type="Session",
        object_id=launched.session_id,
        object_name=request.resource,
        parameters={"User": str(request.user), "Machine": launched.machine},
    )


def _up_or_over(connection: Connection, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The rows, by id, of those of them whose X server answers, or that are over."""
    there = or_(_s.c.display.is_not(None), _s.c.ended_at_ms.is_not(None))
    found: dict[str, Row[Any]] = {}
    for first in range(0, len(ids), IDS_AT_ONCE):
        chosen = _s.c.id.in_(ids[first : first + IDS_AT_ONCE])
        for row in connection.execute(_SEEN.where(chosen, there)):
            found[row.id] = row
    return found


def _give_up(tx: Tx, session_id: str) -> None:
    actions.settle_unstarted(tx, session_id, "the host has not started it in time")
    actions.want_end(tx, session_id, "the host has not started it in time")
