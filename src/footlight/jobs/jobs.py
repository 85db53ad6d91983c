"""Jobs of this server: a row that one can follow and, where no host's report settles it, a task that does it
and a folder into which the task writes. What it has written when it ends goes to the object store as
`jobs/<job id>/<file>`, where every server finds it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from footlight.clock import Clock
from footlight.errors import Conflict, FootlightError, LimitReached, Unavailable
from footlight.jobs import ledger
from footlight.jobs.ledger import NewJob
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

RUNNING_AT_MOST = 500  # tasks in hand; more are refused with a time to try again
HEAVY_AT_ONCE = 1  # heavy ones that work at the same moment
LIGHT_AT_ONCE = 8  # and others, beside them
TIME_LIMIT_S = 4 * 3600
CLEAN_EACH_S = 600.0
CANCELLED_WITHIN_S = 10.0  # by another server
CANCELLED_LOOK_S = 0.1
LOOK_EACH_S = 1.0  # for what is cancelled elsewhere, and to write down how far tasks are
PIECE_BYTES = 1024 * 1024

BATCH = "Batch"  # the kind of jobs that have parts

Progress = Callable[[float], None]
Work = Callable[[Path, Progress], Awaitable[None]]


class Jobs:
    """Jobs of this server, in the site's table of jobs. A task that its server did not finish is failed at its next
    start, or by another server when it is gone (jobs/orphans.py); jobs of actions are the broker's to settle
    (broker/settler.py) and outlive the server. `server_id` None: this server is alone."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        clock: Clock,
        objects: Objects,
        *,
        server_id: str | None = None,
    ) -> None:
        self._store = store
        self._objects = objects
        self._folder = folder
        self._clock = clock
        self._server_id = server_id
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._progress: dict[str, float] = {}
        self._unwanted: set[str] = set()
        self._heavy = asyncio.Semaphore(HEAVY_AT_ONCE)
        self._light = asyncio.Semaphore(LIGHT_AT_ONCE)
        self._cleaning: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._noted: dict[str, float] = {}
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Fail what an earlier start left running, and forget what expires, now and from time to time."""
        await self._store.write(lambda tx: ledger.fail_lost(tx, self._server_id))
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._cleaning = spawn("expired jobs", self._clean())
        if self._server_id is not None:
            self._looking = spawn("jobs seen elsewhere", self._look())

    async def stop(self) -> None:
        """Cancel what runs."""
        await cancel(self._cleaning, self._looking, *self._tasks.values())

    async def begin(self, new: NewJob, work: Work, *, heavy: bool = True) -> str:
        """Start `work(folder, progress)` and return the job's id. Heavy ones work one after the other.
        Raises LimitReached."""
        if len(self._tasks) >= RUNNING_AT_MOST:
            raise LimitReached("Too many jobs are running.", retry_s=10)
        of_mine = replace(new, server_id=self._server_id)
        job_id = await self._store.write(lambda tx: ledger.open_job(tx, of_mine))
        self._progress[job_id] = 0.0
        slot = self._heavy if heavy else self._light
        self._tasks[job_id] = spawn(f"job {new.kind}", self._run(job_id, work, slot))
        return job_id

    async def find(self, account_id: str, job_id: str) -> tuple[Row[Any], float] | None:
        """The job's row and progress (0..1), for its maker only and until it has expired."""
        now_ms = self._clock.now_ms()
        row = await self._store.read(lambda c: ledger.find(c, account_id, job_id, now_ms))
        return None if row is None else (row, self.progress(row))

    async def page(
        self, account_id: str, limit: int, after: tuple[int, str] | None = None
    ) -> tuple[list[Row[Any]], int]:
        """Up to `limit` of the account's jobs, the newest first, and how many there are."""
        now_ms = self._clock.now_ms()
        return await self._store.read(
            lambda c: (
                ledger.of_account(c, account_id, now_ms, limit, after),
                ledger.count_of_account(c, account_id, now_ms),
            )
        )

    async def parts(self, rows: list[Row[Any]]) -> dict[str, list[Row[Any]]]:
        """The parts of those jobs that are batches, by job."""
        ids = [row.id for row in rows if row.kind == BATCH]
        return await self._store.read(lambda c: ledger.parts(c, ids)) if ids else {}

    async def open_parts(self, parent_id: str, parts: list[NewJob]) -> list[str]:
        """Parts of a running job: their work is done by that one, which ends them too (end_part)."""

        def write(tx: Tx) -> list[str]:
            ids = [ledger.open_job(tx, replace(part, parent_id=parent_id)) for part in parts]
            for job_id in ids:
                ledger.begin(tx, job_id)
            return ids

        return await self._store.write(write)

    async def end_part(
        self, job_id: str, error: str | None = None, code: str | None = None
    ) -> None:
        """The part is done, or failed of `error`."""
        state = "done" if error is None else "failed"
        await self._store.write(lambda tx: ledger.end(tx, job_id, state, error, code))

    def progress(self, row: Row[Any]) -> float:
        """How far the job is, 0 to 1."""
        return 1.0 if row.state == "done" else self._progress.get(row.id, row.progress / 1000)

    async def cancel(self, row: Row[Any]) -> None:
        """End a task's job without its result; returns when it is over, or when its server, another one, has not
        ended it for a while. One that is over stays as it is."""
        task = self._tasks.get(row.id)
        if task is not None:
            self._unwanted.add(row.id)
            await cancel(task)
        elif row.server_id not in (None, self._server_id):
            await self._store.write(lambda tx: ledger.want_cancel(tx, row.id))
            await self._until_over(row.id)

    async def delete(self, row: Row[Any]) -> None:
        """Forget an ended job and what it has made. Raises Conflict while it runs, Unavailable."""
        if row.ended_at_ms is None:
            raise Conflict("The job has not ended.", entityType="Job", id=row.id)
        await self._remove_results(row.id)
        await self._store.write(lambda tx: ledger.remove(tx, row))

    async def forget_expired(self) -> None:
        """Jobs that ended 48 h ago go, what they have made before them. Raises Unavailable."""
        now_ms = self._clock.now_ms()
        while ids := await self._store.read(lambda c: ledger.expired(c, now_ms)):
            for job_id in ids:
                await self._remove_results(job_id)
            await self._store.write(partial(ledger.forget, job_ids=ids))

    async def result(self, job_id: str, name: str) -> bytes:
        """A small file that the job has made. Raises NotFound, Unavailable."""
        return await self._objects.get(_key(job_id, name))

    async def result_size(self, job_id: str, name: str) -> int:
        """Bytes of a file that the job has made. Raises NotFound, Unavailable."""
        return await self._objects.size(_key(job_id, name))

    async def result_pieces(self, job_id: str, name: str, size: int) -> AsyncIterator[bytes]:
        """A file of that size that the job has made, a piece at a time. Raises NotFound, Unavailable."""
        for offset in range(0, size, PIECE_BYTES):
            yield await self._objects.get(_key(job_id, name), offset, PIECE_BYTES)

    async def _keep_results(self, job_id: str, folder: Path) -> None:
        for path in await asyncio.to_thread(lambda: sorted(folder.iterdir())):
            await self._objects.put_file(_key(job_id, path.name), path)

    async def _remove_results(self, job_id: str) -> None:
        for key in [key async for key in self._objects.list(_key(job_id, ""))]:
            await self._objects.delete(key)

    async def _clean(self) -> None:
        while True:
            try:
                await self.forget_expired()
            except Unavailable as silence:
                _log.warning("expired jobs not removed", reason=silence.message)
            except Exception as error:  # the next round tries again
                _log.error("expired jobs not removed", exc_info=error)
            await asyncio.sleep(CLEAN_EACH_S)

    async def _until_over(self, job_id: str) -> None:
        for _ in range(round(CANCELLED_WITHIN_S / CANCELLED_LOOK_S)):
            if await self._store.read(lambda c: ledger.is_over(c, job_id)):
                return
            await asyncio.sleep(CANCELLED_LOOK_S)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        if ledger.CANCEL in kinds:
            self._wanted.set()

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EACH_S):
                    await self._wanted.wait()
            self._wanted.clear()
            if not self._tasks:
                continue
            try:
                await self._end_unwanted()
                await self._note_progress()
            except Unavailable:  # of which the store has told
                continue
            except Exception as error:  # the next round tries again
                _log.error("jobs not looked at", exc_info=error)

    async def _end_unwanted(self) -> None:
        mine = self._server_id
        assert mine is not None
        for job_id in await self._store.read(lambda c: ledger.unwanted(c, mine)):
            task = self._tasks.get(job_id)
            if task is not None:
                self._unwanted.add(job_id)
                await cancel(task)

    async def _note_progress(self) -> None:
        """Write down how far tasks are, where that has changed."""
        now = dict(self._progress)
        moved = {job: part for job, part in now.items() if part != self._noted.get(job, 0.0)}
        if moved:
            await self._store.write(lambda tx: ledger.note_progress(tx, moved))
        self._noted = now

    async def _run(self, job_id: str, work: Work, slot: asyncio.Semaphore) -> None:
        state, error, code = "failed", "the server ended", "UnknownError"
        folder = self._folder / job_id
        try:
            async with slot, asyncio.timeout(TIME_LIMIT_S):
                await self._store.write(lambda tx: ledger.begin(tx, job_id))
                await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True)
                await work(folder, lambda part: self._progress.__setitem__(job_id, part))
                await self._keep_results(job_id, folder)
            state, error = "done", ""
        except FootlightError as refusal:
            error, code = refusal.message, refusal.code
        except Exception as fault:
            _log.error("job failed", job=job_id, exc_info=fault)
            error = str(fault) or type(fault).__name__
        finally:
            if state == "failed" and job_id in self._unwanted:
                state, error = "cancelled", "cancelled by its maker"
            self._unwanted.discard(job_id)
            self._tasks.pop(job_id, None)
            self._progress.pop(job_id, None)
            shutil.rmtree(folder, ignore_errors=True)
            await asyncio.shield(self._store.write(_ending(job_id, state, error, code)))


def _key(job_id: str, name: str) -> str:
    return f"jobs/{job_id}/{name}"


def _ending(job_id: str, state: str, error: str, code: str) -> Callable[[Tx], None]:
    why = code if state == "failed" else None
    return lambda tx: ledger.end(tx, job_id, state, error or None, why)
