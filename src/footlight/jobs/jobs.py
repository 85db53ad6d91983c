"""Long actions: a row that one can follow, a task that does it, a file as its result."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.errors import LimitReached
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)
_j = schema.jobs

LIFE_MS = 48 * 3_600_000
RUNNING_AT_MOST = 8  # jobs in hand; more are refused with a time to try again
AT_ONCE = 1  # heavy ones that work at the same moment
TIME_LIMIT_S = 4 * 3600

Progress = Callable[[float], None]
Work = Callable[[Path, Progress], Awaitable[None]]


class Jobs:
    """Jobs of this server. A job that its server did not finish is failed at the next start."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._progress: dict[str, float] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def start(self) -> None:
        """Fail what an earlier start left running, and forget what has expired."""

        def settle(tx: Tx) -> list[str]:
            tx.connection.execute(
                update(_j)
                .where(_j.c.state == "running")
                .values(state="failed", error="the server ended", ended_at_ms=tx.now_ms)
            )
            old = _j.c.expires_at_ms < tx.now_ms
            ids = list(tx.connection.execute(select(_j.c.id).where(old)).scalars())
            tx.connection.execute(_j.delete().where(old))
            return ids

        for job_id in await self._store.write(settle):
            await asyncio.to_thread(shutil.rmtree, self._folder / job_id, ignore_errors=True)

    async def stop(self) -> None:
        """Cancel what runs."""
        await cancel(*self._tasks.values())

    async def begin(self, account_id: str, kind: str, object_id: str, work: Work) -> str:
        """Start `work(folder, progress)` and return the job's id. Raises LimitReached."""
        if len(self._tasks) >= RUNNING_AT_MOST:
            raise LimitReached("Too many jobs are running.", retry_s=10)
        job_id = new_guid()

        def write(tx: Tx) -> None:
            tx.connection.execute(
                _j.insert().values(
                    id=job_id,
                    kind=kind,
                    account_id=account_id,
                    object_id=object_id,
                    state="running",
                    created_at_ms=tx.now_ms,
                    expires_at_ms=tx.now_ms + LIFE_MS,
                )
            )
            tx.emit("job", job_id, account_id)

        self._progress[job_id] = 0.0
        await self._store.write(write)
        self._tasks[job_id] = spawn(f"job {kind}", self._run(job_id, work))
        return job_id

    async def find(self, account_id: str, job_id: str) -> tuple[Row[Any], float] | None:
        """The job's row and progress (0..1), for its maker only."""

        def look(connection: Connection) -> Row[Any] | None:
            chosen = (_j.c.id == job_id.lower(), _j.c.account_id == account_id)
            return connection.execute(select(_j).where(*chosen)).first()

        row = await self._store.read(look)
        if row is None:
            return None
        done = 1.0 if row.state == "done" else self._progress.get(row.id, 0.0)
        return row, done

    def result(self, job_id: str) -> Path:
        """The folder into which the job writes."""
        return self._folder / job_id

    async def _run(self, job_id: str, work: Work) -> None:
        error: str | None = "cancelled"
        try:
            async with self._slots, asyncio.timeout(TIME_LIMIT_S):
                folder = self.result(job_id)
                await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True)
                await work(folder, lambda part: self._progress.__setitem__(job_id, part))
            error = None
        except Exception as fault:
            _log.error("job failed", job=job_id, exc_info=fault)
            error = str(fault) or type(fault).__name__
        finally:
            self._tasks.pop(job_id, None)
            self._progress.pop(job_id, None)
            await asyncio.shield(self._store.write(lambda tx: _settle(tx, job_id, error)))


def _settle(tx: Tx, job_id: str, error: str | None) -> None:
    tx.connection.execute(
        update(_j)
        .where(_j.c.id == job_id)
        .values(state="failed" if error else "done", error=error, ended_at_ms=tx.now_ms)
    )
    tx.emit("job", job_id)
