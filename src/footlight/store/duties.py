"""What only one server of a site may do at a time: started here while this server holds the duty's lease, stopped
when it may have lost it or ends. At a clean end the leases are let go, and another server takes over at once; after
a crash within leases.LIFE_MS and a look.

A server that is alone with its database has all duties for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.store import leases, servers
from footlight.store.fenced import FencedStore, Tenure
from footlight.store.servers import SAY_EACH_MS, Server
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 0.4  # for leases that nobody holds
RENEW_EACH_MS = 800
LAST_S = 2.0
REST_AFTER_FAULT_MS = 5_000  # of a duty that could not begin here: others may be able to


class Part(Protocol):
    """What does the work of a duty. It is started and stopped any number of times; stop is safe to call twice."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Duty:
    """One duty. `store`: what its parts write with; `tenure`: says whether it is surely held at this moment."""

    def __init__(self, name: str, store: Store, holder: str, clock: Clock, *, alone: bool) -> None:
        self.name = name
        self.tenure = Tenure(name, holder, clock, alone=alone)
        self.store = FencedStore(store, self.tenure, clock)
        self.parts: list[Part] = []
        self._clock = clock
        self._turn = asyncio.Lock()  # beginnings and ends one after the other, in their order
        self._rest_until_ms = 0

    def add(self, *parts: Part) -> None:
        """These do it, started in this order and stopped in the other."""
        self.parts.extend(parts)

    def is_ready(self) -> bool:
        """Whether it may be taken here: not right after it could not begin."""
        return self.tenure.epoch is None and self._clock.now_ms() >= self._rest_until_ms

    async def begin(self) -> None:
        """Start the parts. What cannot start is told, and given up for a while."""
        async with self._turn:
            try:
                for part in self.parts:
                    await part.start()
            except Exception as error:
                known = isinstance(error, Unavailable)
                tell = _log.warning if known else _log.error
                tell("duty not begun", duty=self.name, exc_info=None if known else error)
                self._rest_until_ms = self._clock.now_ms() + REST_AFTER_FAULT_MS
                self.tenure.end()
                await self._stop_parts()
                return
        if not self.tenure.alone:
            _log.info("duty begun", duty=self.name, epoch=self.tenure.epoch)

    async def end(self) -> None:
        """Stop the parts, whose writes are refused from the first moment on unless the server is alone."""
        self.tenure.end()
        async with self._turn:
            await self._stop_parts()

    async def finish(self) -> None:
        """The same at a clean end of the server: what the parts still write while they stop is written."""
        async with self._turn:
            await self._stop_parts()

    async def _stop_parts(self) -> None:
        for part in reversed(self.parts):
            try:
                await part.stop()
            except Exception as error:  # the others are to be stopped all the same
                _log.error("duty not ended in order", duty=self.name, exc_info=error)


class Duties:
    """The duties of one server, and its word that it is up. `alone`: no other server can be on the database."""

    def __init__(self, store: Store, server: Server, clock: Clock, *, alone: bool) -> None:
        self._store = store
        self._server = server
        self._clock = clock
        self.alone = alone
        self._duties: dict[str, Duty] = {}
        self._said_ms = 0
        self._renewed_ms = 0
        self._changing: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def duty(self, name: str) -> Duty:
        """The duty of that name, to which parts are added before the start."""
        found = self._duties.get(name)
        if found is None:
            found = Duty(name, self._store, self._server.id, self._clock, alone=self.alone)
            self._duties[name] = found
        return found

    @property
    def held(self) -> frozenset[str]:
        """The names of those that are done here."""
        return frozenset(d.name for d in self._duties.values() if d.tenure.sure())

    def standing(self) -> dict[str, bool]:
        """By name, whether it is done here."""
        return {duty.name: duty.tenure.sure() for duty in self._duties.values()}

    async def start(self) -> None:
        """Take what is free; returns when that has begun. Raises Unavailable."""
        server, alone = self._server, self.alone
        await self._store.write(lambda tx: servers.arrive(tx, server, alone=alone))
        if alone:
            for duty in self._duties.values():
                await duty.begin()
            return
        self._said_ms = self._clock.now_ms()
        await self._round()
        if self._changing:
            await asyncio.wait(self._changing)
        self._loop = spawn("duties", self._run())

    async def stop(self) -> None:
        """End all, and let others have them. Safe to call twice."""
        await cancel(self._loop)
        if self._changing:
            await asyncio.wait(self._changing)
        for duty in reversed(self._duties.values()):
            await duty.finish()
        server, held = self._server, self._epochs()
        for duty in self._duties.values():
            duty.tenure.end()

        def write(tx: Tx) -> None:
            leases.release(tx, server.id, held)
            servers.leave(tx, server.id)

        try:
            await self._store.write(write)
        except Unavailable as silence:
            _log.warning("duties are not let go", reason=silence.message)

    async def _run(self) -> None:
        while True:
            round_ = asyncio.create_task(self._looked(), name="leases")
            try:
                while not round_.done():
                    await asyncio.wait({round_}, timeout=LOOK_EACH_S)
                    self._end_unsure()
            finally:
                # What is being written is written first, or it would say after the end that the server is up.
                await asyncio.wait({round_}, timeout=LAST_S)
                round_.cancel()
            await asyncio.sleep(LOOK_EACH_S)

    async def _looked(self) -> None:
        try:
            await self._round()
        except Unavailable as silence:  # of which the store has told
            _log.debug("leases not renewed", reason=silence.message)
        except Exception as error:
            # The loop outlives every fault; duties whose leases run out meanwhile are ended.
            _log.error("leases not renewed", exc_info=error)

    async def _round(self) -> None:
        """Renew what is held and take what nobody holds."""
        free = await self._free()
        held, now_ms = self._epochs(), self._clock.now_ms()
        say = now_ms - self._said_ms >= SAY_EACH_MS
        renew = bool(held) and now_ms - self._renewed_ms >= RENEW_EACH_MS
        if not (free or say or renew):
            return
        if say or renew:
            kept, asked_ns = await self._store.aside(lambda tx: self._say(tx, held))
            self._said_ms = self._renewed_ms = now_ms
            self._kept(held, kept, asked_ns)
        if free:
            taken, asked_ns = await self._store.write(lambda tx: self._take(tx, free))
            for name, epoch in taken.items():
                duty = self._duties[name]
                duty.tenure.begin(epoch, asked_ns)
                self._change(duty, duty.begin())

    # With each the moment before the database was asked, within the transaction: waiting for a turn is not counted.

    def _say(self, tx: Tx, held: dict[str, int]) -> tuple[frozenset[str], int]:
        servers.say(tx, self._server)
        asked_ns = self._clock.monotonic_ns()
        return leases.renew(tx, self._server.id, held) if held else frozenset(), asked_ns

    def _take(self, tx: Tx, free: list[str]) -> tuple[dict[str, int], int]:
        asked_ns = self._clock.monotonic_ns()
        return leases.acquire(tx, self._server.id, free), asked_ns

    def _kept(self, held: dict[str, int], kept: frozenset[str], asked_ns: int) -> None:
        for name, epoch in held.items():
            duty = self._duties[name]
            if duty.tenure.epoch != epoch:
                continue
            if name in kept:
                duty.tenure.extend(asked_ns)
            else:
                self._lose(duty)

    async def _free(self) -> list[str]:
        """The names of those that may be taken now."""
        wanted = [duty.name for duty in self._duties.values() if duty.is_ready()]
        if not wanted:
            return []
        own_ms, own_id = self._clock.now_ms(), self._server.id
        known = await self._store.read(lambda c: leases.look(c, wanted, own_ms))

        def is_free(name: str) -> bool:
            lease = known.get(name)
            return lease is None or lease.left_ms < 1 or lease.holder == own_id

        return [name for name in wanted if is_free(name)]

    def _epochs(self) -> dict[str, int]:
        found = ((d.name, d.tenure.epoch) for d in self._duties.values())
        return {name: epoch for name, epoch in found if epoch is not None}

    def _end_unsure(self) -> None:
        for duty in self._duties.values():
            if duty.tenure.epoch is not None and not duty.tenure.sure():
                self._lose(duty)

    def _lose(self, duty: Duty) -> None:
        _log.warning("duty lost", duty=duty.name)
        duty.tenure.end()
        self._change(duty, duty.end())

    def _change(self, duty: Duty, work: Coroutine[None, None, None]) -> None:
        task = spawn(f"duty {duty.name}", work)
        self._changing.add(task)
        task.add_done_callback(self._changing.discard)
