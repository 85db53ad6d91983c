"""Each action on a session as one value: what it writes, when it is done, what silence withdraws.

A synchronous call orders it and waits (actions.py); an asynchronous one keeps the value in its job's row, from
which the settler (settler.py) judges it by the same conditions, after a restart too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from sqlalchemy import Connection

from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, NotFound
from footlight.sessions import actions, messages, queries
from footlight.sessions.messages import NewMessage
from footlight.sessions.session import Session
from footlight.site import machines
from footlight.store.store import Tx
from footlight.wire.rest.message import Style


@dataclass(frozen=True)
class Outcome:
    """How an action ended: error None is success. `code` is stable and for machines."""

    error: str | None = None
    code: str | None = None


DONE = Outcome()
SILENT = Outcome("The session's host does not answer.", "MachineNotRegistered")


class Action(msgspec.Struct, frozen=True, tag_field="action"):
    """Base. `says`: what it does, for people; `needs`: the permission; `on_own`: not needed on a session of one's
    own. `recallable`: what was ordered can be taken back on a caller's wish while it is not done."""

    says: ClassVar[str]
    needs: ClassVar[Permission]
    on_own: ClassVar[bool] = False
    recallable: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """The JobType on the wire."""
        return str(type(self).__struct_config__.tag)

    def asked(self) -> dict[str, str]:
        """What was asked for besides, for the audit chain; of a message not its text."""
        return {}

    def order(self, tx: Tx, caller: Caller, session: Any) -> Action:
        """Write what is wanted into the session's row (`session`, as it is in this transaction); the action
        with what its other methods need. Raises Conflict, LimitReached."""
        raise NotImplementedError

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        """How it ended; None while it has not."""
        raise NotImplementedError

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        """Take back what is not done yet, so that it has no later effect."""


class LogOff(Action, frozen=True, tag="LogoffSessions"):
    """Ends the session; done once its host has begun to."""

    says = "Log off the session"
    needs = Permission.SESSION_LOG_OFF
    on_own = True

    def order(self, tx: Tx, caller: Caller, session: Any) -> LogOff:
        reason = f"logged off by {caller.user_name}"
        if session.phase == "ordered":
            actions.settle_unstarted(tx, session.id, reason)
        else:
            actions.want_end(tx, session.id, reason)
        return self

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        now = queries.row(connection, session_id)
        return DONE if now is None or now.phase in ("ending", "ended") else None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        actions.withdraw_end(tx, session_id)


class Disconnect(Action, frozen=True, tag="DisconnectSessions"):
    """Closes the session's viewers. `count` None: nobody was on it."""

    says = "Disconnect the session"
    needs = Permission.SESSION_DISCONNECT
    on_own = True
    recallable = True
    count: int | None = None

    def order(self, tx: Tx, caller: Caller, session: Any) -> Disconnect:
        return Disconnect(actions.want_disconnect(tx, session.id))

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        now = queries.row(connection, session_id)
        if self.count is None or now is None or now.ended_at_ms is not None:
            return DONE
        return DONE if now.disconnects >= self.count and now.state != "Active" else None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        if self.count is not None:
            actions.withdraw_disconnect(tx, session_id, self.count)


class Hide(Action, frozen=True, tag="HideSession"):
    """Keeps launches from taking the session up; done at once."""

    says = "Hide the session"
    needs = Permission.SESSION_HIDE

    def order(self, tx: Tx, caller: Caller, session: Any) -> Hide:
        actions.set_hidden(tx, session.id, True)
        return self

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        return DONE


class Unhide(Action, frozen=True, tag="UnhideSession"):
    """Undoes Hide."""

    says = "Unhide the session"
    needs = Permission.SESSION_HIDE

    def order(self, tx: Tx, caller: Caller, session: Any) -> Unhide:
        actions.set_hidden(tx, session.id, False)
        return self

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        return DONE


class SendMessage(Action, frozen=True, tag="SendSessionMessage", kw_only=True):
    """Shows a message on the session's screen; done once it is on it."""

    says = "Send a message to the session"
    needs = Permission.SESSION_MESSAGE
    on_own = True
    recallable = True
    style: Style
    title: str
    text: str
    message_id: str = ""

    def asked(self) -> dict[str, str]:
        return {"Style": self.style, "Title": self.title}

    def order(self, tx: Tx, caller: Caller, session: Any) -> SendMessage:
        if Session(session).logging_off:
            raise _logging_off(session.id)
        new = NewMessage(self.style, self.title, self.text, caller.user_name)
        return msgspec.structs.replace(self, message_id=messages.want(tx, session.id, new))

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        if messages.is_shown(connection, self.message_id):
            return DONE
        now = queries.row(connection, session_id)
        if now is None or now.ended_at_ms is not None:
            return Outcome("The session has ended.", "UnknownSession")
        return None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        messages.withdraw(tx, session_id, self.message_id)


class RestartManager(Action, frozen=True, tag="RestartWindowManager"):
    """Replaces the session's window manager; done once the new one runs. Calls at the same time are one restart."""

    says = "Restart the window manager of the session"
    needs = Permission.SESSION_LOG_OFF
    on_own = True
    recallable = True
    count: int = 0

    def order(self, tx: Tx, caller: Caller, session: Any) -> RestartManager:
        if Session(session).logging_off:
            raise _logging_off(session.id)
        return RestartManager(actions.want_manager_restart(tx, session.id))

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        now = queries.row(connection, session_id)
        if now is None or now.ended_at_ms is not None:
            return Outcome("The session has ended.", "UnknownSession")
        return DONE if now.manager_restarts >= self.count else None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        actions.withdraw_manager_restart(tx, session_id, self.count)


class StartRecording(Action, frozen=True, tag="StartSessionRecording", kw_only=True):
    """Records the session; done once the first key frame is on disk, also when it was being recorded already.
    `opened`: the recording is of this call and not of an earlier one."""

    says = "Start recording the session"
    needs = Permission.RECORD
    notify: bool = True
    recording_id: str = ""
    opened: bool = False

    def asked(self) -> dict[str, str]:
        return {"NotifyUser": str(self.notify)}

    @property
    def recallable(self) -> bool:  # type: ignore[override]
        return self.opened

    def order(self, tx: Tx, caller: Caller, session: Any) -> StartRecording:
        if Session(session).logging_off:
            raise _logging_off(session.id)
        running = _running_recording(tx, session)
        recording_id = running or _open_recording(tx, session, caller, self.notify)
        return msgspec.structs.replace(self, recording_id=recording_id, opened=running is None)

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        recording = catalogue.row(connection, self.recording_id)
        if recording is not None and recording.status in ("recording", "completed"):
            return DONE
        now = queries.row(connection, session_id)
        ended = now is None or now.ended_at_ms is not None
        if not ended and recording is not None and recording.status != "failed":
            return None
        reason = (recording.error if recording is not None else None) or "the session has ended"
        return Outcome(f"The recording could not start: {reason}", "CommunicationError")

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        _stop_wanting(tx, session_id, self.recording_id)
        catalogue.withdraw(tx, self.recording_id, why)


class StopRecording(Action, frozen=True, tag="StopSessionRecording"):
    """Ends the recording; done once its last segment is sealed. `recording_id` None: there was none."""

    says = "Stop recording the session"
    needs = Permission.RECORD
    recording_id: str | None = None

    def order(self, tx: Tx, caller: Caller, session: Any) -> StopRecording:
        if session.wanted_recording_id is not None:
            actions.want_recording(tx, session.id, None)
        return StopRecording(session.wanted_recording_id)

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        if self.recording_id is None:
            return DONE
        recording = catalogue.row(connection, self.recording_id)
        return DONE if recording is None or recording.status in catalogue.FINAL else None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        now = queries.row(tx.connection, session_id)
        if now is not None and now.wanted_recording_id is None and now.ended_at_ms is None:
            actions.want_recording(tx, session_id, self.recording_id)


_Any = (
    LogOff
    | Disconnect
    | Hide
    | Unhide
    | SendMessage
    | RestartManager
    | StartRecording
    | StopRecording
)


def encode(action: Action) -> bytes:
    """The action as JSON, for its job's row."""
    return msgspec.json.encode(action)


def decode(text: str) -> Action:
    """The action of a job's row. Raises ValueError."""
    action: Action = msgspec.json.decode(text, type=_Any)
    return action


def conclude(tx: Tx, action: Action, session_id: str, silence: Outcome = SILENT) -> Outcome:
    """The end of an action that is waited for no longer: it may have been done at the last moment; else it is
    taken back, and `silence` is how it ended."""
    found = action.look(tx.connection, session_id)
    if found is None or found.error is not None:
        action.withdraw(tx, session_id, str((found or silence).error))
    return found or silence


def _logging_off(session_id: str) -> Conflict:
    return Conflict("The session is logging off.", code="ConstraintViolation", id=session_id)


def _running_recording(tx: Tx, session: Any) -> str | None:
    """The recording that runs or is ordered on the session: one, however many call at once."""
    if session.wanted_recording_id is None:
        return None
    running = catalogue.row(tx.connection, session.wanted_recording_id)
    return (
        str(running.id) if running is not None and running.status not in catalogue.FINAL else None
    )


def _open_recording(tx: Tx, session: Any, caller: Caller, notify: bool) -> str:
    machine = machines.get(tx.connection, session.machine_id)
    recording_id = catalogue.open_recording(
        tx,
        NewRecording(
            session_id=session.id,
            account_id=session.account_id,
            user_name=session.user_name,
            machine_id=session.machine_id,
            machine_name=machine.name if machine is not None else "",
            resource_name=session.resource_name,
            reason="on-demand",
            ordered_by=caller.user_name,
            notify=notify,
        ),
    )
    actions.want_recording(tx, session.id, recording_id)
    return recording_id


def _stop_wanting(tx: Tx, session_id: str, recording_id: str) -> None:
    now = queries.row(tx.connection, session_id)
    if now is not None and now.wanted_recording_id == recording_id:
        actions.want_recording(tx, session_id, None)


def no_session(session_id: str) -> NotFound:
    """There is none, or the caller does not see it."""
    return NotFound(
        "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
    )
