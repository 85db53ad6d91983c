"""Reports that wait together are written in one transaction: a commit costs as much as many of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from footlight.broker import reports
from footlight.broker.load import DEFAULT_SCALE, Scale
from footlight.broker.reports import Outcome
from footlight.log import get_logger
from footlight.policies import alarms
from footlight.store.store import Store
from footlight.tasks import cancel, spawn
from footlight.telemetry.meters import Meters
from footlight.wire.host import HostReport, ReportTaken

_log = get_logger(__name__)

SESSIONS_AT_ONCE = 1000
BEATS_WAIT_S = 0.25  # for others: a transaction of its own for each would cost ten times as much

_Waiting = tuple[HostReport, asyncio.Future[Outcome]]


class Intake:
    """Reports in the order in which they came, of each host one at a time. A host that has waited too long says all
    anew: what it said before then counts no more, so that each host has two here at most."""

    def __init__(
        self,
        store: Store,
        site_name: str,
        scale: Scale = DEFAULT_SCALE,
        meters: Meters | None = None,
    ) -> None:
        self._meters = Meters() if meters is None else meters
        for kind in alarms.KINDS:  # from nothing on: the first of a kind is an increase too
            self._meters.recording_alarms.add(kind, by=0)
        self._store = store
        self._scale = scale
        self._site_name = site_name
        self._waiting: list[_Waiting] = []
        self._urgent = asyncio.Event()  # something else than beats has come
        self._task: asyncio.Task[None] | None = None

    async def take(self, report: HostReport) -> Outcome:
        """What was written of it. Raises what the writing raises."""
        if report.full:
            self._supersede(report.machine_id)
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((report, done))
        if not report.beat:
            self._urgent.set()
        if self._task is None or self._task.done():
            self._task = spawn("take reports", self._work(), detached=True)
        return await done

    async def stop(self) -> None:
        """Write no more."""
        await cancel(self._task)
        for _, done in self._waiting:
            done.cancel()
        self._waiting.clear()

    def _supersede(self, machine_id: str) -> None:
        left: list[_Waiting] = []
        for waiting in self._waiting:
            report, done = waiting
            if report.machine_id != machine_id:
                left.append(waiting)
            elif not done.done():
                sequence = 0 if report.beat else report.sequence
                done.set_result(Outcome(ReportTaken(boot_id=report.boot_id, sequence=sequence)))
        self._waiting = left

    async def _work(self) -> None:
        while self._waiting:
            if all(report.beat for report, _ in self._waiting):
                self._urgent.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(BEATS_WAIT_S):
                        await self._urgent.wait()
            batch = self._next_batch()
            try:
                await self._write(batch)
            except Exception as error:
                # One of them cannot be written: it must not keep the others from it.
                _log.warning("reports are taken one by one", error=str(error))
                for waiting in batch:
                    await self._write_alone(waiting)

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        left: list[_Waiting] = []
        hosts: set[str] = set()
        size = 0
        for waiting in self._waiting:
            report = waiting[0]
            size += len(report.sessions)
            if (batch and size > SESSIONS_AT_ONCE) or report.machine_id in hosts:
                left.append(waiting)
            else:
                batch.append(waiting)
            hosts.add(report.machine_id)  # what it says later waits, too
        self._waiting = left
        return batch

    async def _write(self, batch: list[_Waiting]) -> None:
        said = [report for report, _ in batch]
        take = partial(reports.take, said=said, site_name=self._site_name, scale=self._scale)
        outcomes = await self._store.write(take)
        for (_, done), outcome in zip(batch, outcomes, strict=True):
            self._count(outcome)
            if not done.done():
                done.set_result(outcome)

    def _count(self, outcome: Outcome) -> None:
        for phase in outcome.phases:
            self._meters.launch_phases.of(phase.name).observe(phase.ms / 1000)
        for turn in outcome.turns:
            if turn.started_after_ms is not None:
                self._meters.recording_start.of().observe(turn.started_after_ms / 1000)
            if turn.ended is not None:
                self._meters.recordings_ended.add(turn.ended)
                self._meters.recording_gaps.add(by=turn.gaps)
        for kind in outcome.alarms:
            self._meters.recording_alarms.add(kind)

    async def _write_alone(self, waiting: _Waiting) -> None:
        try:
            await self._write([waiting])
        except Exception as error:
            if not waiting[1].done():
                waiting[1].set_exception(error)
