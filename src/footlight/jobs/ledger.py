"""The rows of jobs: opened with the change that they track, ended once, gone some time after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true, update

from footlight.errors import LimitReached
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx

_j = schema.jobs

LIFE_MS = 48 * 3_600_000  # after its end
OPEN_AT_MOST = 1000  # of one account, parts of jobs not counted
SETTLED_AT_ONCE = 500
FORGOTTEN_AT_ONCE = 500
FINAL = ("done", "failed", "cancelled")
CANCEL = "job-cancel"  # the kind of change that wakes the server whose task it is
NAMELESS_MS = 5 * 3_600_000  # above the limit of a task's time (jobs.py)

_TASK = (_j.c.ended_at_ms.is_(None), _j.c.action.is_(None))  # that runs


@dataclass(frozen=True)
class NewJob:
    """What is known when a job is opened. `action` and `deadline_ms`: of one that the broker settles.
    `parent_id`: of a part of another job, which is listed with that one only. `server_id`: of a task, whose it is."""

    kind: str
    account_id: str
    object_id: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    action: bytes | None = None
    deadline_ms: int | None = None
    parent_id: str | None = None
    server_id: str | None = None


def open_job(tx: Tx, new: NewJob) -> str:
    """The id of a job that runs from now on. Raises LimitReached when the account has too many open ones."""
    if new.parent_id is None:
        mine = (_j.c.account_id == new.account_id, _j.c.ended_at_ms.is_(None), _whole())
        counted = select(func.count()).select_from(_j).where(*mine)
        if tx.connection.execute(counted).scalar_one() >= OPEN_AT_MOST:
            raise LimitReached("Too many jobs are running.", retry_s=10)
    job_id = new_guid()
    tx.connection.execute(
        _j.insert().values(
            id=job_id,
            kind=new.kind,
            account_id=new.account_id,
            parent_id=new.parent_id,
            object_id=new.object_id,
            parameters=msgspec.json.encode(new.parameters).decode(),
            action=None if new.action is None else new.action.decode(),
            deadline_ms=new.deadline_ms,
            state="running",
            created_at_ms=tx.now_ms,
            started_at_ms=None if new.action is None else tx.now_ms,
            expires_at_ms=tx.now_ms + LIFE_MS,
            server_id=new.server_id,
        )
    )
    tx.emit("job", job_id, new.account_id)
    return job_id


def begin(tx: Tx, job_id: str) -> None:
    """Its work has begun."""
    _change(tx, job_id, started_at_ms=tx.now_ms)


def end(
    tx: Tx, job_id: str, state: str, error: str | None = None, error_code: str | None = None
) -> None:
    """The job is over, and with it those of its parts that are not; one that is over already stays as it is."""
    unfinished = select(_j.c.id).where(_j.c.parent_id == job_id, _j.c.ended_at_ms.is_(None))
    for one in (job_id, *tx.connection.execute(unfinished).scalars().all()):
        _change(
            tx,
            one,
            state=state,
            error=error,
            error_code=error_code,
            ended_at_ms=tx.now_ms,
            expires_at_ms=tx.now_ms + LIFE_MS,
        )


def remove(tx: Tx, row: Row[Any]) -> None:
    """Forget an ended job and its parts."""
    chosen = or_(_j.c.id == row.id, _j.c.parent_id == row.id)
    tx.connection.execute(_j.delete().where(chosen, _j.c.ended_at_ms.is_not(None)))
    tx.emit("job", row.id, row.account_id)


def find(connection: Connection, account_id: str, job_id: str, now_ms: int) -> Row[Any] | None:
    """The job, for its maker, until it has expired."""
    chosen = (_j.c.id == job_id.lower(), _j.c.account_id == account_id, _alive(now_ms))
    return connection.execute(select(_j).where(*chosen)).first()


def of_account(
    connection: Connection,
    account_id: str,
    now_ms: int,
    limit: int,
    after: tuple[int, str] | None = None,
) -> list[Row[Any]]:
    """Up to `limit` of the account's jobs, the newest first, after the one of that (created_at_ms, id)."""
    query = select(_j).where(_j.c.account_id == account_id, _whole(), _alive(now_ms))
    if after is not None:
        at_ms, job_id = after
        older = and_(_j.c.created_at_ms == at_ms, _j.c.id > job_id)
        query = query.where(or_(_j.c.created_at_ms < at_ms, older))
    return list(connection.execute(query.order_by(_j.c.created_at_ms.desc(), _j.c.id).limit(limit)))


def count_of_account(connection: Connection, account_id: str, now_ms: int) -> int:
    """How many of_account would list in all."""
    chosen = (_j.c.account_id == account_id, _whole(), _alive(now_ms))
    return connection.execute(select(func.count()).select_from(_j).where(*chosen)).scalar_one()


def parts(connection: Connection, job_ids: list[str]) -> dict[str, list[Row[Any]]]:
    """The parts of these jobs, by job, in the order of their making."""
    found: dict[str, list[Row[Any]]] = {}
    query = select(_j).where(_j.c.parent_id.in_(job_ids)).order_by(_j.c.created_at_ms, _j.c.id)
    for row in connection.execute(query):
        found.setdefault(row.parent_id, []).append(row)
    return found


def open_actions(connection: Connection) -> list[Row[Any]]:
    """Open jobs that the broker settles, the oldest first, SETTLED_AT_ONCE."""
    query = select(_j).where(_j.c.ended_at_ms.is_(None), _j.c.action.is_not(None))
    oldest = query.order_by(_j.c.created_at_ms, _j.c.id).limit(SETTLED_AT_ONCE)
    return list(connection.execute(oldest))


def fail_lost(tx: Tx, server_id: str | None = None) -> None:
    """Tasks that an earlier start of the server left running are failed; the broker's own go on. None: those of all
    servers, by one that is alone."""
    chosen = true() if server_id is None else _j.c.server_id == server_id
    _fail(tx, chosen)


def fail_orphans(tx: Tx, alive: Collection[str]) -> None:
    """Fail the tasks of servers that are gone. A task that says no server is one of release 0.1's; its time is
    limited, too."""
    named = and_(_j.c.server_id.is_not(None), _j.c.server_id.not_in(alive))
    nameless = and_(_j.c.server_id.is_(None), _j.c.created_at_ms < tx.now_ms - NAMELESS_MS)
    _fail(tx, or_(named, nameless))


def orphans(connection: Connection, alive: Collection[str], now_ms: int) -> bool:
    """Whether fail_orphans has anything to do."""
    named = and_(_j.c.server_id.is_not(None), _j.c.server_id.not_in(alive))
    nameless = and_(_j.c.server_id.is_(None), _j.c.created_at_ms < now_ms - NAMELESS_MS)
    query = select(_j.c.id).where(*_TASK, or_(named, nameless)).limit(1)
    return connection.execute(query).first() is not None


def _fail(tx: Tx, chosen: ColumnElement[bool]) -> None:
    for job_id in list(tx.connection.execute(select(_j.c.id).where(*_TASK, chosen)).scalars()):
        end(tx, job_id, "failed", "the server ended", "UnknownError")


def want_cancel(tx: Tx, job_id: str) -> None:
    """A task of another server's shall end without its result: that server hears of it."""
    chosen = (_j.c.id == job_id, *_TASK)
    tx.connection.execute(update(_j).where(*chosen).values(cancel_wanted=True))
    tx.wake(CANCEL)


def unwanted(connection: Connection, server_id: str) -> list[str]:
    """The ids of the server's tasks that somebody has cancelled."""
    query = select(_j.c.id).where(*_TASK, _j.c.server_id == server_id, _j.c.cancel_wanted)
    return list(connection.execute(query).scalars())


def is_over(connection: Connection, job_id: str) -> bool:
    """Whether the job has ended, or is gone."""
    running = select(_j.c.id).where(_j.c.id == job_id, _j.c.ended_at_ms.is_(None))
    return connection.execute(running).first() is None


def note_progress(tx: Tx, progress: Mapping[str, float]) -> None:
    """How far these tasks are, 0 to 1, for other servers to tell; no event."""
    for job_id, part in progress.items():
        chosen = (_j.c.id == job_id, _j.c.ended_at_ms.is_(None))
        tx.connection.execute(update(_j).where(*chosen).values(progress=int(part * 1000)))


def expired(connection: Connection, now_ms: int) -> list[str]:
    """The ids of jobs whose time is over, FORGOTTEN_AT_ONCE at most."""
    over = (_j.c.ended_at_ms.is_not(None), _j.c.expires_at_ms <= now_ms)
    query = select(_j.c.id).where(*over).order_by(_j.c.expires_at_ms, _j.c.id)
    return list(connection.execute(query.limit(FORGOTTEN_AT_ONCE)).scalars())


def forget(tx: Tx, job_ids: list[str]) -> None:
    """Remove these, which have expired."""
    tx.connection.execute(_j.delete().where(_j.c.id.in_(job_ids)))


def _whole() -> ColumnElement[bool]:
    return _j.c.parent_id.is_(None)


def _alive(now_ms: int) -> ColumnElement[bool]:
    return or_(_j.c.ended_at_ms.is_(None), _j.c.expires_at_ms > now_ms)


def _change(tx: Tx, job_id: str, **values: Any) -> None:
    open_one = (_j.c.id == job_id, _j.c.ended_at_ms.is_(None))
    owner = tx.connection.execute(select(_j.c.account_id).where(*open_one)).scalar()
    if owner is not None:
        tx.connection.execute(update(_j).where(_j.c.id == job_id).values(**values))
        tx.emit("job", job_id, owner)
