"""The broker's loops: reports in, orders out, time-outs. Decisions are in the pure modules beside it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from footlight.access import visits
from footlight.broker.intake import Intake
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.broker.orders import order_of
from footlight.broker.settler import Settler
from footlight.broker.timekeeper import VISITOR_DISCONNECT_S, Timekeeper
from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import bind, get_logger
from footlight.sessions import actions, messages
from footlight.site import machines
from footlight.store import schema
from footlight.store.store import Store
from footlight.tasks import cancel, spawn
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import OFF, Span, Traces
from footlight.wire.host import HostReport, Orders, SessionOrder, decode, encode

_log = get_logger(__name__)

ORDER_TIMEOUT_S = 5.0
SEND_AGAIN_MS = 2_000  # an order that no report has answered yet
LOOK_AGAIN_S = 1.0  # a lost nudge costs this
LAUNCH_UNANSWERED_MS = 30_000
ORDERS_AT_ONCE = 200
CLEAN_EACH_MS = 600_000
MOST_NAMED = 5  # sessions, in one event


class Broker:
    """Takes reports and keeps ordering what is wanted until a report says that it is so."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        clock: Clock,
        site_name: str,
        scale: Scale = DEFAULT_SCALE,
        *,
        visitor_disconnect_s: int = VISITOR_DISCONNECT_S,
        meters: Meters | None = None,
        traces: Traces = OFF,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._nudged = asyncio.Event()
        self._sent: dict[str, tuple[int, int]] = {}  # session id: generation, when
        self._cleaned_at_ms = 0
        self._settler = Settler(store, clock)
        self._timekeeper = Timekeeper(store, clock, site_name, visitor_disconnect_s)
        self._intake = Intake(store, site_name, scale, meters)
        self._traces = traces
        self._served: Registration | None = None
        self._loop: asyncio.Task[None] | None = None
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Serve reports and begin to order."""
        self._served = await self._bus.serve(subjects.REPORTS, self._take_report)
        self._loop = spawn("broker orders", self._run())
        await self._settler.start()
        await self._timekeeper.start()

    async def stop(self) -> None:
        """End the loops. Safe to call twice."""
        if self._served is not None:
            await self._served.close()
        await self._settler.stop()
        await self._timekeeper.stop()
        await self._intake.stop()
        await cancel(self._loop)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        # Not at each change of a session: most are reports, and those want nothing.
        if kinds & {"order", "machine"}:
            self._nudged.set()

    async def _take_report(self, payload: bytes) -> bytes:
        report = decode(HostReport, payload)
        bind(host=report.machine_id)
        outcome = await self._intake.take(report)
        if outcome.strays:
            spawn("end strays", self._send(report.machine_id, outcome.strays))
        return encode(outcome.answer)

    async def _run(self) -> None:
        while True:
            self._nudged.clear()
            try:
                await self._duties()
                await self._order()
            except Unavailable as silence:  # of which the store has told
                _log.debug("broker loop failed", reason=silence.message)
                await asyncio.sleep(LOOK_AGAIN_S)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("broker loop failed", exc_info=error)
                await asyncio.sleep(LOOK_AGAIN_S)
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._nudged.wait()
            except TimeoutError:
                continue

    async def _order(self) -> None:
        now_ms = self._clock.now_ms()
        unanswered: set[str] = set()
        after_uid: int | None = 0
        while after_uid is not None:
            first = after_uid
            due, after_uid = await self._store.read(partial(_unanswered, after_uid=first))
            by_machine: dict[str, list[SessionOrder]] = defaultdict(list)
            for machine_id, order in due:
                unanswered.add(order.session_id)
                generation, at_ms = self._sent.get(order.session_id, (0, 0))
                if generation == order.generation and now_ms - at_ms < SEND_AGAIN_MS:
                    continue
                self._sent[order.session_id] = (order.generation, now_ms)
                by_machine[machine_id].append(order)
            await asyncio.gather(*(self._send(m, orders) for m, orders in by_machine.items()))
        self._sent = {k: v for k, v in self._sent.items() if k in unanswered}

    async def _send(self, machine_id: str, orders: list[SessionOrder]) -> None:
        spans = [self._traces.begin("order", order.trace, "client") for order in orders]
        if self._traces.on:
            orders = [_below(order, span) for order, span in zip(orders, spans, strict=True)]
        try:
            await self._bus.request(
                subjects.orders(machine_id), encode(Orders(orders=orders)), ORDER_TIMEOUT_S
            )
        except Unavailable as silence:
            for span in spans:
                span.end(error="the host does not take it")
            _log.warning(
                "host does not take orders",
                host=machine_id,
                reason=silence.message,
                sessions=[order.session_id for order in orders[:MOST_NAMED]],
                transactions=[order.transaction for order in orders[:MOST_NAMED]],
            )
        for span in spans:
            span.end()

    async def _duties(self) -> None:
        """Time out silent machines and launches that no host has answered."""
        now_ms = self._clock.now_ms()
        if now_ms - self._cleaned_at_ms > CLEAN_EACH_MS:
            self._cleaned_at_ms = now_ms
            await self._store.write(actions.forget_old)
            await self._store.write(visits.forget_old)
            await self._store.write(messages.forget_old)
        if not await self._store.read(lambda c: _anything_overdue(c, now_ms)):
            return

        def settle(tx):  # type: ignore[no-untyped-def]
            for machine_id in machines.drop_silent(tx):
                _log.warning("host is silent", host=machine_id)
            for session_id in _overdue_launches(tx.connection, now_ms):
                actions.settle_unstarted(tx, session_id, "no host has started it in time")

        await self._store.write(settle)


def _below(order: SessionOrder, span: Span) -> SessionOrder:
    """The order as what the host does by it belongs to that span."""
    return order if span.trace is None else msgspec.structs.replace(order, trace=span.trace)


_s = schema.sessions
_m = schema.machines


def _unanswered(
    connection: Connection, after_uid: int
) -> tuple[list[tuple[str, SessionOrder]], int | None]:
    """(machine id, order) for live sessions whose hosts have not acted on their last generation, ORDERS_AT_ONCE,
    and after which uid to go on; None when these were the last."""
    query = (
        select(_s)
        .join(_m, _s.c.machine_id == _m.c.id)
        .where(
            _s.c.ended_at_ms.is_(None),
            _s.c.generation > _s.c.reported_generation,
            _m.c.registered,
            _s.c.uid > after_uid,
        )
        .order_by(_s.c.uid)
        .limit(ORDERS_AT_ONCE)
    )
    rows = list(connection.execute(query))
    wanted = [row.wanted_recording_id for row in rows if row.wanted_recording_id is not None]
    recordings = {}
    if wanted:
        chosen = select(schema.recordings).where(schema.recordings.c.id.in_(wanted))
        recordings = {row.id: row for row in connection.execute(chosen)}
    waiting: dict[str, list[Any]] = defaultdict(list)
    if rows:
        for message in messages.pending(connection, [row.id for row in rows]):
            waiting[message.session_id].append(message)
    orders = [
        (
            row.machine_id,
            order_of(row, recordings.get(row.wanted_recording_id), waiting[row.id]),
        )
        for row in rows
    ]
    return orders, rows[-1].uid if len(rows) == ORDERS_AT_ONCE else None


def _overdue_launches(connection: Connection, now_ms: int) -> list[str]:
    query = select(_s.c.id).where(
        _s.c.ended_at_ms.is_(None),
        _s.c.generation > _s.c.reported_generation,  # so it is; for the index
        _s.c.phase == "ordered",
        _s.c.state_changed_at_ms < now_ms - LAUNCH_UNANSWERED_MS,  # since the row was made
    )
    return list(connection.execute(query).scalars())


def _anything_overdue(connection: Connection, now_ms: int) -> bool:
    silent = select(_m.c.id).where(
        _m.c.registered, _m.c.last_seen_ms < now_ms - machines.SILENT_AFTER_MS
    )
    return connection.execute(silent).first() is not None or bool(
        _overdue_launches(connection, now_ms)
    )
