"""What callers do to sessions: order an action, then wait a bounded time for the host's report, or leave a job
that says how it ended.

Silence takes the wanted value back in one transaction, so that a failed call has no later effect.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from footlight.access import accounts
from footlight.audit.log import Act, append, record
from footlight.broker import action as values
from footlight.broker.action import (
    Action,
    Disconnect,
    LogOff,
    Outcome,
    StartRecording,
    StopRecording,
    no_session,
)
from footlight.caller import Caller
from footlight.errors import Conflict, Forbidden, Unavailable
from footlight.jobs import ledger
from footlight.jobs.ledger import NewJob
from footlight.sessions import queries
from footlight.sessions.watch import Watch
from footlight.store import schema
from footlight.store.store import Store, Tx

ANSWER_WITHIN_S = 20.0


class Actions:
    """Actions on existing sessions. Each raises NotFound for a session that the caller does not see, Forbidden
    without the permission, Conflict when its state forbids the action, Unavailable when the host is silent."""

    def __init__(self, store: Store, watch: Watch, *, strict_recording_state: bool) -> None:
        self._store = store
        self._watch = watch
        self._strict = strict_recording_state

    async def perform(self, caller: Caller, session_id: str, action: Action) -> Row[Any]:
        """Returns once the action is done: the session as it is then, perhaps ended."""
        row = await self._seen(caller, session_id, action)
        ordered = await self._store.write(lambda tx: self._order(tx, caller, row, action))
        outcome = await self._watch.until(lambda c: ordered.look(c, row.id), ANSWER_WITHIN_S)
        if outcome is None or outcome.error is not None:
            outcome = await self._store.write(lambda tx: values.conclude(tx, ordered, row.id))
        if outcome.error is not None:
            failure = Conflict if outcome.refused else Unavailable
            raise failure(outcome.error, code=outcome.code, id=row.id)
        now = await self._store.read(lambda c: queries.get(c, caller, row.id, ended=True))
        if now is None:
            raise no_session(session_id)
        return now

    async def perform_on_machine(self, caller: Caller, machine_id: str, action: Action) -> None:
        """Returns once the action is done on each live session of the machine that the caller sees and may do it
        on; all are ordered at once and waited for together. Raises Unavailable when some have not answered."""

        def order(tx: Tx) -> list[tuple[str, Action]]:
            rows = queries.live_on_machine(tx.connection, caller, machine_id, action.needs)
            ordered = [(row.id, action.order(tx, caller, row)) for row in rows]
            if ordered:
                record(tx, caller, _whole_machine(action, machine_id, len(ordered)))
            return ordered

        ordered = await self._store.write(order)
        waiting = dict(ordered)

        def all_done(connection: Connection) -> bool | None:
            for session_id in list(waiting):
                outcome = waiting[session_id].look(connection, session_id)
                if outcome is not None and outcome.error is None:
                    del waiting[session_id]
            return None if waiting else True

        if await self._watch.until(all_done, ANSWER_WITHIN_S):
            return
        silent = await self._store.write(
            lambda tx: [
                outcome
                for one, ordered_action in waiting.items()
                if (outcome := values.conclude(tx, ordered_action, one)).error is not None
            ]
        )
        if silent:
            raise Unavailable(
                f"{len(silent)} of {len(ordered)} sessions: {silent[0].error}",
                code=silent[0].code,
                id=machine_id,
            )

    async def begin(self, caller: Caller, session_id: str, action: Action) -> str:
        """Order the action and open its job in one transaction: the job's id. Raises LimitReached too, and Conflict
        where it is refused at once, with what it has written for all that."""
        row = await self._seen(caller, session_id, action)

        def write(tx: Tx) -> str | Outcome:
            ordered = self._order(tx, caller, row, action)
            outcome = ordered.look(tx.connection, row.id)
            if outcome is not None and outcome.refused:
                return outcome
            job = NewJob(
                kind=ordered.kind,
                account_id=caller.account_id,
                object_id=row.id,
                parameters={"Id": row.id},
                action=values.encode(ordered),
                deadline_ms=tx.now_ms + int(ANSWER_WITHIN_S * 1000),
            )
            job_id = ledger.open_job(tx, job)
            if outcome is not None:  # nothing to wait for
                end_job(tx, job_id, outcome)
            return job_id

        made = await self._store.write(write)
        if isinstance(made, Outcome):
            raise Conflict(str(made.error), code=made.code, id=row.id)
        return made

    async def cancel(self, caller: Caller, job: Row[Any]) -> None:
        """End the job of an action that is not done and take the action back; one that has ended stays as it
        is. Raises Conflict when it cannot be taken back."""

        def write(tx: Tx) -> None:
            now = ledger.find(tx.connection, caller.account_id, job.id, tx.now_ms)
            if now is None or now.ended_at_ms is not None:
                return
            action = values.decode(now.action)
            outcome = action.look(tx.connection, now.object_id)
            if outcome is not None:
                end_job(tx, now.id, outcome)
                return
            if not action.recallable:
                raise Conflict("The job cannot be cancelled.", entityType="Job", id=now.id)
            reason = f"cancelled by {caller.user_name}"
            act = Act(
                text=f"Cancel: {action.says}",
                kind="AdminActivity",
                target_type="Job",
                object_id=now.id,
                object_name=now.kind,
                parameters={"SessionId": now.object_id},
            )
            record(tx, caller, act)
            values.conclude(tx, action, now.object_id, Outcome(reason))
            ledger.end(tx, now.id, "cancelled", reason)

        await self._store.write(write)

    async def log_off(self, caller: Caller, session_id: str) -> None:
        """Returns once the host has begun to end the session."""
        await self.perform(caller, session_id, LogOff())

    async def disconnect(self, caller: Caller, session_id: str) -> Row[Any]:
        """Close the session's viewers. Nobody on it: no change."""
        return await self.perform(caller, session_id, Disconnect())

    async def start_recording(self, caller: Caller, session_id: str, *, notify: bool) -> Row[Any]:
        """Returns once the first key frame is on disk, also when the session was being recorded already."""
        return await self.perform(caller, session_id, StartRecording(notify=notify))

    async def stop_recording(self, caller: Caller, session_id: str) -> Row[Any]:
        """Returns once the last segment is sealed; without a recording nothing changes. Raises Conflict naming the
        policy that still has the session recorded."""
        return await self.perform(caller, session_id, StopRecording())

    async def _seen(self, caller: Caller, session_id: str, action: Action) -> Row[Any]:
        row = await self._store.read(lambda c: queries.get(c, caller, session_id))
        if row is None:
            raise no_session(session_id)
        own = row.account_id == caller.account_id
        if own and caller.separate_duties and isinstance(action, StopRecording):
            raise Forbidden("Nobody stops a recording of himself here.", id=row.id)
        if action.on_own and own:
            return row
        if not await self._store.read(lambda c: queries.may(c, caller, row.id, action.needs)):
            raise Forbidden(f"This needs the permission {action.needs}.", id=row.id)
        return row

    def _order(self, tx: Tx, caller: Caller, seen: Row[Any], action: Action) -> Action:
        now = queries.row(tx.connection, seen.id)
        if now is None or now.ended_at_ms is not None:
            raise no_session(seen.id)
        if self._strict and isinstance(action, StartRecording) and now.state != "Active":
            raise Conflict("The session is not active.", code="ConstraintViolation", id=now.id)
        ordered = action.order(tx, caller, now)
        record(tx, caller, _act(action, now.id, now.user_name))
        return ordered


def _whole_machine(action: Action, machine_id: str, count: int) -> Act:
    return Act(
        text=f"{action.says} of {count} users of a machine",
        kind="AdminActivity",
        target_type="Machine",
        object_id=machine_id,
    )


def end_job(tx: Tx, job_id: str, outcome: Outcome) -> None:
    """The job's row says how its action ended."""
    state = "done" if outcome.error is None else "failed"
    ledger.end(tx, job_id, state, outcome.error, outcome.code)


def record_failure(tx: Tx, job: Row[Any], action: Action, outcome: Outcome) -> None:
    """What was ordered in a job has not happened: the order is in the audit chain already, as the caller's."""
    account = accounts.by_id(tx.connection, job.account_id)
    site_name = tx.connection.execute(select(schema.site.c.name)).scalar()
    session = queries.row(tx.connection, job.object_id)
    act = _act(action, job.object_id, "" if session is None else session.user_name)
    failed = Act(
        text=f"{act.text} failed: {outcome.error}",
        kind=act.kind,
        target_type=act.target_type,
        object_id=act.object_id,
        object_name=act.object_name,
        parameters={**act.parameters, "JobId": job.id, "Code": outcome.code or ""},
        succeeded=False,
    )
    name = "" if account is None else accounts.user_name(str(site_name), account)
    append(tx, job.account_id, name, "", failed)


def _act(action: Action, session_id: str, user_name: str) -> Act:
    return Act(
        text=f"{action.says} of {user_name}",
        kind="AdminActivity",
        target_type="Session",
        object_id=session_id,
        object_name=user_name,
        parameters=action.asked(),
    )
