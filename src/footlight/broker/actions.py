"""What callers do to sessions: write what is wanted, wait a bounded time for the host's report.

Silence takes the wanted value back in one transaction, so that a failed call has no later effect.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound, Unavailable
from footlight.sessions import actions, queries
from footlight.sessions.session import Session
from footlight.sessions.watch import Watch
from footlight.site import machines
from footlight.store.store import Store, Tx

ANSWER_WITHIN_S = 20.0


class Actions:
    """Actions on existing sessions. Each raises NotFound for a session that the caller does not see, Conflict
    when its state forbids the action, Unavailable when the host is silent."""

    def __init__(self, store: Store, watch: Watch, *, strict_recording_state: bool) -> None:
        self._store = store
        self._watch = watch
        self._strict = strict_recording_state

    async def log_off(self, caller: Caller, session_id: str) -> None:
        """Returns once the host has begun to end the session."""
        row = await self._seen(caller, session_id)

        def write(tx: Tx) -> None:
            if queries.row(tx.connection, row.id).phase == "ordered":  # type: ignore[union-attr]
                actions.settle_unstarted(tx, row.id, f"logged off by {caller.user_name}")
            else:
                actions.want_end(tx, row.id, f"logged off by {caller.user_name}")

        def begun(connection: Connection) -> bool | None:
            now = queries.row(connection, row.id)
            return True if now is None or now.phase in ("ending", "ended") else None

        await self._store.write(write)
        if await self._watch.until(begun, ANSWER_WITHIN_S) is None:
            await self._store.write(lambda tx: actions.withdraw_end(tx, row.id))
            raise _silent(row)

    async def disconnect(self, caller: Caller, session_id: str) -> Row[Any]:
        """Close the session's viewers; the session as it is then. Nobody on it: no change."""
        row = await self._seen(caller, session_id)
        count = await self._store.write(lambda tx: actions.want_disconnect(tx, row.id))
        if count is not None:

            def closed(connection: Connection) -> bool | None:
                now = queries.row(connection, row.id)
                if now is None or now.ended_at_ms is not None:
                    return True
                return True if now.disconnects >= count and now.state != "Active" else None

            if await self._watch.until(closed, ANSWER_WITHIN_S) is None:
                await self._store.write(lambda tx: actions.withdraw_disconnect(tx, row.id, count))
                raise _silent(row)
        return await self._again(caller, row.id)

    async def start_recording(self, caller: Caller, session_id: str, *, notify: bool) -> Row[Any]:
        """Returns once the first key frame is on disk, also when the session was being recorded already."""
        _need(caller, Permission.RECORD)
        row = await self._seen(caller, session_id)
        if Session(row).logging_off:
            raise Conflict("The session is logging off.", code="ConstraintViolation", id=row.id)
        if self._strict and row.state != "Active":
            raise Conflict("The session is not active.", code="ConstraintViolation", id=row.id)
        recording_id = await self._store.write(lambda tx: _order_recording(tx, row, caller, notify))

        def on_disk(connection: Connection) -> str | None:
            recording = catalogue.row(connection, recording_id)
            if recording is None or recording.status in ("recording", *catalogue.FINAL):
                return recording.status if recording is not None else "failed"
            now = queries.row(connection, row.id)
            return "failed" if now is None or now.ended_at_ms is not None else None

        status = await self._watch.until(on_disk, ANSWER_WITHIN_S)
        if status is None or status == "failed":
            failed = await self._store.write(
                lambda tx: _withdraw_recording(tx, row.id, recording_id)
            )
            if status is None:
                raise _silent(row)
            raise Unavailable(f"The recording could not start: {failed}", id=row.id)
        return await self._again(caller, row.id)

    async def stop_recording(self, caller: Caller, session_id: str) -> Row[Any]:
        """Returns once the last segment is sealed; without a recording nothing changes."""
        _need(caller, Permission.RECORD)
        row = await self._seen(caller, session_id)
        recording_id = row.wanted_recording_id
        if recording_id is not None:
            await self._store.write(lambda tx: _stop_wanting(tx, row.id, recording_id))

            def sealed(connection: Connection) -> bool | None:
                recording = catalogue.row(connection, recording_id)
                return True if recording is None or recording.status in catalogue.FINAL else None

            if await self._watch.until(sealed, ANSWER_WITHIN_S) is None:
                await self._store.write(lambda tx: _want_again(tx, row.id, recording_id))
                raise _silent(row)
        return await self._again(caller, row.id)

    async def _seen(self, caller: Caller, session_id: str) -> Row[Any]:
        row = await self._store.read(lambda c: queries.get(c, caller, session_id))
        if row is None:
            raise NotFound(
                "There is no such session.",
                code="UnknownSession",
                entityType="Session",
                id=session_id,
            )
        return row

    async def _again(self, caller: Caller, session_id: str) -> Row[Any]:
        """The session after the action; it may have ended meanwhile and is still the answer."""
        row = await self._store.read(lambda c: queries.get(c, caller, session_id, ended=True))
        if row is None:
            raise NotFound(
                "There is no such session.",
                code="UnknownSession",
                entityType="Session",
                id=session_id,
            )
        return row


def _need(caller: Caller, permission: Permission) -> None:
    if not caller.may(permission):
        raise Forbidden(f"This needs the permission {permission}.", entityType="Session", id="")


def _silent(row: Row[Any]) -> Unavailable:
    return Unavailable(
        "The session's host does not answer.", code="MachineNotRegistered", id=row.id
    )


def _order_recording(tx: Tx, row: Row[Any], caller: Caller, notify: bool) -> str:
    """The id of the recording that runs or is ordered on the session: one, however many call at once."""
    now = queries.row(tx.connection, row.id)
    if now is None or now.ended_at_ms is not None:
        raise NotFound(
            "There is no such session.", code="UnknownSession", entityType="Session", id=row.id
        )
    if now.wanted_recording_id is not None:
        running = catalogue.row(tx.connection, now.wanted_recording_id)
        if running is not None and running.status not in catalogue.FINAL:
            return str(running.id)
    machine = machines.get(tx.connection, now.machine_id)
    recording_id = catalogue.open_recording(
        tx,
        NewRecording(
            session_id=now.id,
            account_id=now.account_id,
            user_name=now.user_name,
            machine_id=now.machine_id,
            machine_name=machine.name if machine is not None else "",
            resource_name=now.resource_name,
            reason="on-demand",
            ordered_by=caller.user_name,
            notify=notify,
        ),
    )
    actions.want_recording(tx, now.id, recording_id)
    return recording_id


def _withdraw_recording(tx: Tx, session_id: str, recording_id: str) -> str:
    """The recording shall not run after all; what it failed of."""
    _stop_wanting(tx, session_id, recording_id)
    catalogue.withdraw(tx, recording_id, "the host did not begin it in time")
    recording = catalogue.row(tx.connection, recording_id)
    return (recording.error if recording is not None else None) or "the session has ended"


def _stop_wanting(tx: Tx, session_id: str, recording_id: str) -> None:
    now = queries.row(tx.connection, session_id)
    if now is not None and now.wanted_recording_id == recording_id:
        actions.want_recording(tx, session_id, None)


def _want_again(tx: Tx, session_id: str, recording_id: str) -> None:
    now = queries.row(tx.connection, session_id)
    if now is not None and now.wanted_recording_id is None and now.ended_at_ms is None:
        actions.want_recording(tx, session_id, recording_id)
