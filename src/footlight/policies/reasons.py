"""Why a session is recorded: the deciding policy, a call of `$startRecording`, or both; and what follows from it.

One recorder per session: reasons that come and go change what is wanted of it. A row of `recording_reasons` is there
for sessions on which a policy decides, or whose recording was called for. Source: design section 3, Actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, or_, select

from footlight.archive import catalogue
from footlight.archive import terms as kept
from footlight.archive.catalogue import NewRecording
from footlight.archive.terms import Terms
from footlight.policies import health
from footlight.policies.policy import Policy
from footlight.sessions import actions, queries
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.policies import PolicyOutcome

_y = schema.recording_reasons
_s = schema.sessions
_m = schema.machines

ON_DEMAND = "on-demand"
BY_POLICY = "recording policy"
IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Held:
    """The policy that decides on a session, as it was when that was decided."""

    id: str
    name: str
    then: PolicyOutcome


@dataclass(frozen=True)
class Reasons:
    """`on_demand_by`: who called for it, None for nobody. `stopped`: what the policy asks for was stopped by a call,
    which it allows."""

    policy: Held | None = None
    on_demand_by: str | None = None
    on_demand_notify: bool = False
    stopped: bool = False

    @property
    def holding(self) -> Held | None:
        """The policy, if it asks for a recording now."""
        asks = self.policy is not None and self.policy.then.record != "no" and not self.stopped
        return self.policy if asks else None


NONE = Reasons()


def terms_of(reasons: Reasons) -> Terms | None:
    """What is wanted for these reasons; None: no recording. A call on a session that a policy records on the screen
    changes nothing; where the policy wants events alone, the screen comes to them."""
    called = reasons.on_demand_by is not None
    held = reasons.holding
    pre_roll_s = 0 if reasons.policy is None else reasons.policy.then.pre_roll_seconds
    if held is None:
        return Terms(notify=reasons.on_demand_notify, pre_roll_s=pre_roll_s) if called else None
    then = held.then
    events_only = then.record == "events"
    return Terms(
        notify=then.notify or (called and events_only and reasons.on_demand_notify),
        events_only=events_only and not called,
        if_lost=then.if_lost,
        pre_roll_s=pre_roll_s,
        bytes_per_s=then.bytes_per_second,
        clipboard_text=then.clipboard_text,
        arguments=then.arguments,
        retention_class=then.retention_class,
        roll_over_bytes=then.roll_over_bytes,
        roll_over_s=then.roll_over_seconds,
        policy_id=held.id,
    )


def read(row: Any | None) -> Reasons:
    """From a row of recording_reasons; none without."""
    if row is None:
        return NONE
    policy = None
    if row.policy_id is not None:
        then = msgspec.json.decode(row.outcome, type=PolicyOutcome)
        policy = Held(row.policy_id, row.policy_name, then)
    stopped = policy is not None and row.stopped_policy_id == policy.id
    return Reasons(policy, row.on_demand_by, bool(row.on_demand_notify), stopped)


def of(connection: Connection, session_id: str) -> Reasons:
    """Those of one session."""
    return read(row(connection, session_id))


def row(connection: Connection, session_id: str) -> Any | None:
    """The bare row; None where there is none."""
    return connection.execute(select(_y).where(_y.c.session_id == session_id)).first()


def rows(connection: Connection, session_ids: Iterable[str]) -> dict[str, Any]:
    """The bare rows of these sessions that have one, by session."""
    ids, found = list(session_ids), {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        query = select(_y).where(_y.c.session_id.in_(ids[start : start + IDS_AT_ONCE]))
        found.update({one.session_id: one for one in connection.execute(query)})
    return found


def decided(before: Reasons, policy: Policy | None) -> Reasons:
    """The reasons once this policy decides. What was stopped stays so while the same one decides."""
    if policy is None:
        return replace(before, policy=None, stopped=False)
    same = before.policy is not None and before.policy.id == policy.id
    held = Held(policy.id, policy.name, policy.then)
    return replace(before, policy=held, stopped=before.stopped and same)


def decide(tx: Tx, session_id: str, policy: Policy | None) -> None:
    """This policy decides on the session from now on."""
    before = of(tx.connection, session_id)
    after = decided(before, policy)
    if after != before:
        put(tx, session_id, after)


def call(tx: Tx, session: Any, by: str, *, notify: bool) -> tuple[str, bool]:
    """Somebody calls for a recording of the screen: the recording that holds it, and whether it was not running
    before. One that runs goes on, with this reason too."""
    before = of(tx.connection, session.id)
    if before.on_demand_by is None or _over(tx.connection, session.wanted_recording_id):
        put(tx, session.id, replace(before, on_demand_by=by[:128], on_demand_notify=notify))
    now = queries.row(tx.connection, session.id)
    assert now is not None
    return str(now.wanted_recording_id), now.wanted_recording_id != session.wanted_recording_id


def pass_on(tx: Tx, session_id: str, by: str) -> None:
    """What somebody has called for is from now on called for by somebody else, if it still is."""
    before = of(tx.connection, session_id)
    if before.on_demand_by is not None:
        put(tx, session_id, replace(before, on_demand_by=by[:128]))


def release(tx: Tx, session_id: str) -> Held | None:
    """Nobody calls for it any more; the policy that still has the screen recorded, if one does. One that allows it
    is stopped."""
    before = of(tx.connection, session_id)
    held = before.holding
    after = replace(before, on_demand_by=None, on_demand_notify=False)
    if held is not None and held.then.stop_allowed:
        after, held = replace(after, stopped=True), None
    if after != before:
        put(tx, session_id, after)
    return held if held is not None and held.then.record == "screen" else None


def restore(
    tx: Tx,
    session_id: str,
    recording_id: str,
    *,
    called_by: str | None,
    notify: bool,
    stopped: bool,
) -> None:
    """What `release` took back holds again, since the host did not end that recording; unless something else was
    wanted meanwhile."""
    session = queries.row(tx.connection, session_id)
    if session is None or session.ended_at_ms is not None:
        return
    before = of(tx.connection, session_id)
    again = replace(before, on_demand_by=called_by, on_demand_notify=notify)
    again = replace(again, stopped=False) if stopped else again
    if session.wanted_recording_id is not None or terms_of(again) is None:
        return
    _write(tx, session_id, again)
    running = catalogue.row(tx.connection, recording_id)
    if running is None or running.status in catalogue.FINAL:
        want(tx, session, again)
        return
    events_only = kept.of_row(running.terms, notify=running.notify).events_only
    actions.want_recording(tx, session_id, recording_id, events_only=events_only)
    health.begin(tx, session_id, tx.now_ms)


def put(tx: Tx, session_id: str, reasons: Reasons) -> None:
    """The session has these reasons, and what follows from them is wanted. One that has ended wants nothing."""
    session = queries.row(tx.connection, session_id)
    if session is None or session.ended_at_ms is not None:
        return
    _write(tx, session_id, reasons)
    keep_s = 0 if reasons.policy is None else reasons.policy.then.pre_roll_seconds
    if session.wanted_pre_roll_s != keep_s:
        actions.want_pre_roll(tx, session_id, keep_s)
    want(tx, session, reasons)


def want(tx: Tx, session: Any, reasons: Reasons) -> None:
    """Begin, hand over, go on or end, as the reasons say. `session`: its row, of this transaction."""
    session_id = session.id
    wanted = terms_of(reasons)
    current = session.wanted_recording_id
    running = None if current is None else catalogue.row(tx.connection, current)
    if wanted is None:
        if current is not None:
            actions.want_recording(tx, session_id, None)
        health.begin(tx, session_id, None)
        return
    if running is not None and running.status not in catalogue.FINAL:
        before = kept.of_row(running.terms, notify=running.notify)
        if before.alike(wanted):
            if before != wanted:
                catalogue.bound_anew(tx, running.id, wanted)
            return
        continued: str | None = running.id
    else:
        continued = None
    open_for(tx, session, reasons, wanted, continued)


def open_for(tx: Tx, session: Any, reasons: Reasons, wanted: Terms, continues: str | None) -> None:
    """A new recording on the session, for its own sake or to take over from one that runs."""
    if continues is not None:
        wanted = msgspec.structs.replace(wanted, pre_roll_s=0)
    held = reasons.holding
    for_policy = held is not None and (reasons.on_demand_by is None or held.then.record == "screen")
    name = select(_m.c.name).where(_m.c.id == session.machine_id)
    recording_id = catalogue.open_recording(
        tx,
        NewRecording(
            session_id=session.id,
            account_id=session.account_id,
            user_name=session.user_name,
            machine_id=session.machine_id,
            machine_name=tx.connection.execute(name).scalar() or "",
            resource_name=session.resource_name,
            reason=held.name if held is not None and for_policy else ON_DEMAND,
            ordered_by=BY_POLICY if for_policy else str(reasons.on_demand_by),
            terms=wanted,
            continues=continues,
        ),
    )
    actions.want_recording(tx, session.id, recording_id, events_only=wanted.events_only)
    if continues is None:
        health.begin(tx, session.id, tx.now_ms)


def forget(tx: Tx, session_ids: Iterable[str]) -> None:
    """These sessions are over."""
    ids = list(session_ids)
    for table in (_y, schema.recording_reviews):
        tx.connection.execute(table.delete().where(table.c.session_id.in_(ids)))


def any_decided(connection: Connection) -> bool:
    """Whether a policy has decided on any session."""
    query = select(_y.c.session_id).where(_y.c.policy_id.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def over(connection: Connection) -> list[str]:
    """Sessions that have ended or are forgotten and still have reasons; IDS_AT_ONCE at most."""
    query = (
        select(_y.c.session_id)
        .outerjoin(_s, _s.c.id == _y.c.session_id)
        .where(or_(_s.c.id.is_(None), _s.c.ended_at_ms.is_not(None)))
        .limit(IDS_AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def _over(connection: Connection, recording_id: str | None) -> bool:
    found = None if recording_id is None else catalogue.row(connection, recording_id)
    return found is None or found.status in catalogue.FINAL


def _write(tx: Tx, session_id: str, reasons: Reasons) -> None:
    before = row(tx.connection, session_id)
    if reasons == NONE:
        health.begin(tx, session_id, None)
        tx.connection.execute(_y.delete().where(_y.c.session_id == session_id))
        return
    held = reasons.policy
    values = {
        "on_demand_by": reasons.on_demand_by,
        "on_demand_notify": reasons.on_demand_notify,
        "policy_id": None if held is None else held.id,
        "policy_name": None if held is None else held.name,
        "outcome": None if held is None else msgspec.json.encode(held.then).decode(),
        "stopped_policy_id": held.id if held is not None and reasons.stopped else None,
    }
    if before is None:
        made = {"session_id": session_id, "covered": False, "failures": 0}
        tx.connection.execute(_y.insert().values(**made, **values))
    else:
        tx.connection.execute(_y.update().where(_y.c.session_id == session_id).values(**values))
