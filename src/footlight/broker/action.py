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
from footlight.broker import problems
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, NotFound
from footlight.policies import reasons
from footlight.sessions import actions, messages, queries
from footlight.sessions.messages import NewMessage
from footlight.sessions.session import Session
from footlight.store.store import Tx
from footlight.wire.rest.message import Style


@dataclass(frozen=True)
class Outcome:
    """How an action ended: error None is success. `code` is stable and for machines."""

    error: str | None = None
    code: str | None = None
    refused: bool = False  # what is so forbids it; otherwise the host did not do it


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
        problems.leave_on(tx, session.id, caller.user_name)
        recording_id, opened = reasons.call(tx, session, caller.user_name, notify=self.notify)
        return msgspec.structs.replace(self, recording_id=recording_id, opened=opened)

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
        now = queries.row(tx.connection, session_id)
        if self.opened and now is not None and now.wanted_recording_id == self.recording_id:
            reasons.release(tx, session_id)
        if self.opened:
            catalogue.withdraw(tx, self.recording_id, why)


class StopRecording(Action, frozen=True, tag="StopSessionRecording"):
    """Takes the call for a recording back; done once its last segment is sealed. `recording_id` None: there was
    nothing to end. `held_by`: the policy that goes on recording the screen, so that the answer is a refusal."""

    says = "Stop recording the session"
    needs = Permission.RECORD
    recording_id: str | None = None
    held_by: str | None = None
    called_by: str | None = None  # whose call was taken back
    notify: bool = True
    stopped: bool = False  # what a policy asked for

    def order(self, tx: Tx, caller: Caller, session: Any) -> StopRecording:
        before = reasons.of(tx.connection, session.id)
        held = reasons.release(tx, session.id)
        now = queries.row(tx.connection, session.id)
        left = None if now is None else now.wanted_recording_id
        ended = session.wanted_recording_id
        return StopRecording(
            recording_id=ended if ended != left else None,
            held_by=None if held is None else held.name,
            called_by=before.on_demand_by,
            notify=before.on_demand_notify,
            stopped=not before.stopped and reasons.of(tx.connection, session.id).stopped,
        )

    def look(self, connection: Connection, session_id: str) -> Outcome | None:
        if self.held_by is not None:
            return Outcome(
                f"The recording policy '{self.held_by}' has this session recorded.",
                "ConstraintViolation",
                refused=True,
            )
        if self.recording_id is None:
            return DONE
        recording = catalogue.row(connection, self.recording_id)
        return DONE if recording is None or recording.status in catalogue.FINAL else None

    def withdraw(self, tx: Tx, session_id: str, why: str) -> None:
        if self.held_by is None and self.recording_id is not None:
            reasons.restore(
                tx,
                session_id,
                self.recording_id,
                called_by=self.called_by,
                notify=self.notify,
                stopped=self.stopped,
            )


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


def no_session(session_id: str) -> NotFound:
    """There is none, or the caller does not see it."""
    return NotFound(
        "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
    )
