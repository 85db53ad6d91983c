"""The broker's talk with hosts: reports in, orders out. Decisions are in the pure modules beside it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from footlight.archive.keys import RecordingKeys
from footlight.broker.intake import Intake
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.broker.orders import order_of
from footlight.broker.reception import Reception
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.sessions import messages
from footlight.store import schema
from footlight.store.store import Store
from footlight.tasks import cancel, spawn
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import OFF, Span, Traces
from footlight.wire.host import Orders, SessionOrder, encode

_log = get_logger(__name__)

ORDER_TIMEOUT_S = 5.0
SEND_AGAIN_MS = 2_000  # an order that no report has answered yet
LOOK_AGAIN_S = 1.0  # a lost nudge costs this
ORDERS_AT_ONCE = 200
MOST_NAMED = 5  # sessions, in one event
PACE_S = 0.02  # between looks: of launches that come together the orders go together


class Broker:
    """Takes reports and keeps ordering what is wanted until a report says that it is so. `keys` None: recordings are
    kept in the clear."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        clock: Clock,
        site_name: str,
        scale: Scale = DEFAULT_SCALE,
        *,
        meters: Meters | None = None,
        traces: Traces = OFF,
        keys: RecordingKeys | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._nudged = asyncio.Event()
        self._sent: dict[str, tuple[int, int]] = {}  # session id: generation, when
        self._traces = traces
        self._keys = keys
        intake = Intake(store, site_name, scale, meters)
        self.reception = Reception(bus, intake, self._send)
        self._sending: dict[str, asyncio.Task[None]] = {}  # by machine
        # Machines for which there is more, once they have taken that.
        self._behind: set[str] = set()
        self._loop: asyncio.Task[None] | None = None
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Begin to take reports and to order."""
        await self.reception.start()
        self._loop = spawn("broker orders", self._run())

    async def stop(self) -> None:
        """End the loops. Safe to call twice."""
        await self.reception.stop()
        await cancel(self._loop, *self._sending.values())

    def _on_commit(self, kinds: frozenset[str]) -> None:
        # Not at each change of a session: most are reports, and those want nothing.
        if kinds & {"order", "machine"}:
            self._nudged.set()

    async def _run(self) -> None:
        while True:
            self._nudged.clear()
            try:
                await self._order()
                await asyncio.sleep(PACE_S)
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
            due, after_uid = await self._store.read(
                partial(_unanswered, after_uid=first, keys=self._keys)
            )
            by_machine: dict[str, list[SessionOrder]] = defaultdict(list)
            for machine_id, order in due:
                unanswered.add(order.session_id)
                generation, at_ms = self._sent.get(order.session_id, (0, 0))
                if generation == order.generation and now_ms - at_ms < SEND_AGAIN_MS:
                    continue
                if machine_id in self._sending:
                    self._behind.add(machine_id)
                    continue
                self._sent[order.session_id] = (order.generation, now_ms)
                by_machine[machine_id].append(order)
            for machine_id, orders in by_machine.items():
                self._begin_sending(machine_id, orders)
        self._sent = {k: v for k, v in self._sent.items() if k in unanswered}

    def _begin_sending(self, machine_id: str, orders: list[SessionOrder]) -> None:
        """A host that is slow to take orders holds up its own only."""

        def sent(_task: asyncio.Task[None]) -> None:
            del self._sending[machine_id]
            if machine_id in self._behind:
                self._behind.discard(machine_id)
                self._nudged.set()

        task = self._sending[machine_id] = spawn(
            f"orders {machine_id}", self._send(machine_id, orders)
        )
        task.add_done_callback(sent)

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


def _below(order: SessionOrder, span: Span) -> SessionOrder:
    """The order as what the host does by it belongs to that span."""
    return order if span.trace is None else msgspec.structs.replace(order, trace=span.trace)


_s = schema.sessions
_m = schema.machines


def _unanswered(
    connection: Connection, after_uid: int, keys: RecordingKeys | None
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
            order_of(row, recordings.get(row.wanted_recording_id), waiting[row.id], keys),
        )
        for row in rows
    ]
    return orders, rows[-1].uid if len(rows) == ORDERS_AT_ONCE else None
