"""Reasons that have to be given before a recording is looked at, and the leave that giving one brings."""

from __future__ import annotations

from sqlalchemy import Connection, select

from footlight.access import roles
from footlight.archive.holds import checked_reason
from footlight.audit.log import Act, record
from footlight.caller import Caller
from footlight.config import SiteConfig
from footlight.errors import Forbidden
from footlight.store.schema_keeping import recording_leaves as _l
from footlight.store.store import Tx
from footlight.store.text import fold

LEAVE_MS = 4 * 3_600_000
EVERYBODY = "*"


def must_give(connection: Connection, caller: Caller, config: SiteConfig) -> bool:
    """Whether the caller has to give a reason: by the roles of the option, API clients only if they are meant."""
    if caller.client_id and not config.opening_reasons_of_clients:
        return False
    wanted = {fold(one.strip()) for one in config.opening_reasons.split(",") if one.strip()}
    if not wanted or EVERYBODY in wanted:
        return bool(wanted)
    return any(fold(name) in wanted for name in roles.names_of(connection, caller.account_id))


def reason_for(
    connection: Connection, caller: Caller, config: SiteConfig, recording_id: str, now_ms: int
) -> str:
    """The reason for which the caller may look at the recording now; "" where none is asked for.
    Raises Forbidden (ReasonWanted) where one is and none was given."""
    given = select(_l.c.reason).where(
        _l.c.account_id == caller.account_id,
        _l.c.recording_id == recording_id,
        _l.c.until_ms > now_ms,
    )
    reason = connection.execute(given).scalar()
    if reason is None and must_give(connection, caller, config):
        raise Forbidden(
            "A reason has to be given before this recording is opened.",
            code="ReasonWanted",
            id=recording_id,
        )
    return reason or ""


def give(tx: Tx, caller: Caller, recording_id: str, user_name: str, reason: str) -> int:
    """Give a reason: until when the caller may look at the recording. Raises Invalid."""
    checked_reason(reason)
    until_ms = tx.now_ms + LEAVE_MS
    mine = (_l.c.account_id == caller.account_id, _l.c.recording_id == recording_id)
    tx.connection.execute(_l.delete().where((_l.c.until_ms <= tx.now_ms) | (mine[0] & mine[1])))
    tx.connection.execute(
        _l.insert().values(
            account_id=caller.account_id,
            recording_id=recording_id,
            reason=reason,
            until_ms=until_ms,
        )
    )
    act = Act(
        text=f"Give a reason to open the recording of {user_name}",
        kind="RecordingViewed",
        target_type="Recording",
        object_id=recording_id,
        object_name=user_name,
        parameters={"Reason": reason},
    )
    record(tx, caller, act)
    return until_ms
