"""What a webhook has to tell next, and what became of it. The outbox is the queue: a webhook keeps its position in
it, so that nothing waits in memory and a restart loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from footlight.access.changes import seen_changes
from footlight.audit.log import Act, record_of_site
from footlight.caller import Caller, Permission
from footlight.hooks import schedule, webhooks
from footlight.hooks.delivery import Outcome, Told, delivery_id
from footlight.store import outbox, schema
from footlight.store.store import Tx
from footlight.wire.rest.dates import rfc3339_of

_w = schema.webhooks
_d = schema.webhook_deliveries

AT_ONCE = 100
KEPT_DELIVERIES = 100
GAP = "gap"
# Gives the account as it is now, None when it is gone or disabled.
Holder = Callable[[Connection, str], Caller | None]


@dataclass(frozen=True)
class Due:
    """A webhook with what it has to tell, in order. `last`: the number up to which the outbox was looked at;
    `stop`: why it shall tell nothing any more; `more`: there is more to look at at once."""

    row: Row[Any]
    told: Sequence[Told]
    last: int
    more: bool = False
    stop: str | None = None


@dataclass(frozen=True)
class Done:
    """A delivery and how its last attempt ended."""

    told: Told
    outcome: Outcome
    at_ms: int


def due(
    connection: Connection, holder: Holder, webhook_id: str, after: int, now_ms: int
) -> Due | None:
    """What is due after the webhook's position, or after `after` where that is further on; None when the webhook
    is gone, disabled, or has to wait."""
    row = connection.execute(select(_w).where(_w.c.id == webhook_id, _w.c.enabled)).first()
    if row is None or (row.next_attempt_ms or 0) > now_ms:
        return None
    caller = holder(connection, row.account_id)
    if caller is None or not caller.may(Permission.SITE_CONFIGURE):
        return Due(row, (), row.position, stop="who made it may not keep webhooks any more")
    after = max(after, row.position)
    found = outbox.following(connection, after, AT_ONCE)
    kinds = webhooks.kinds(row)
    seen = seen_changes(connection, caller, [one for one in found.rows if one.kind in kinds])
    told = [_told(row, one.kind, one.seq, one.object_id, one.at_ms) for one in seen]
    if found.lost_until is not None:
        told.insert(0, _gap(row, after, found.lost_until, now_ms))
    last = found.rows[-1].seq if found.rows else after
    return Due(row, told, last, more=len(found.rows) == AT_ONCE)


def next_attempt_ms(connection: Connection, webhook_id: str) -> int | None:
    """When a failed delivery is due again; None when nothing failed."""
    return connection.execute(select(_w.c.next_attempt_ms).where(_w.c.id == webhook_id)).scalar()


def enabled(connection: Connection) -> frozenset[str]:
    """The ids of those that are to be told."""
    return frozenset(connection.execute(select(_w.c.id).where(_w.c.enabled)).scalars())


def delivered(tx: Tx, webhook_id: str, position: int, done: Sequence[Done]) -> None:
    """Note what was taken, and that nothing up to `position` has to be told again. A webhook that is gone
    meanwhile stays gone."""
    values: dict[str, Any] = {"position": position}
    if done:
        values |= {"failures": 0, "failing_since_ms": None, "next_attempt_ms": None}
        values["delivered_at_ms"] = done[-1].at_ms
    changed = tx.connection.execute(_w.update().where(_w.c.id == webhook_id).values(**values))
    if changed.rowcount:
        for one in done:
            _keep(tx, webhook_id, one)
        _forget(tx, webhook_id)


def failed(tx: Tx, webhook_id: str, one: Done, draw: float, days: int) -> None:
    """Note an attempt that failed: when the next one is, or that there is none any more."""
    row = tx.connection.execute(select(_w).where(_w.c.id == webhook_id)).first()
    if row is None:
        return
    _keep(tx, webhook_id, one)
    _forget(tx, webhook_id)
    failures, since_ms = row.failures + 1, row.failing_since_ms or one.at_ms
    values = {
        "failures": failures,
        "failing_since_ms": since_ms,
        "next_attempt_ms": tx.now_ms + schedule.retry_after_ms(failures, draw),
    }
    tx.connection.execute(_w.update().where(_w.c.id == webhook_id).values(**values))
    if schedule.given_up(since_ms, tx.now_ms, days):
        stop(tx, row, f"no delivery has succeeded for {days} days: {one.outcome.error}")


def note_test(tx: Tx, webhook_id: str, one: Done) -> None:
    """Note a delivery that somebody asked for."""
    if tx.connection.execute(select(_w.c.id).where(_w.c.id == webhook_id)).first() is not None:
        _keep(tx, webhook_id, one)
        _forget(tx, webhook_id)


def stop(tx: Tx, row: Row[Any], reason: str) -> None:
    """Disable the webhook by the site itself, which the audit log tells."""
    tx.connection.execute(
        _w.update().where(_w.c.id == row.id).values(enabled=False, stopped_reason=reason)
    )
    tx.emit("webhook", row.id)
    act = Act(
        text=f"Disable webhook to {row.url}: {reason}",
        target_type="Webhook",
        object_id=row.id,
        object_name=row.url,
        changes={"enabled": (True, False)},
    )
    record_of_site(tx, act)


def _told(row: Row[Any], event: str, seq: int, object_id: str, at_ms: int) -> Told:
    return Told(
        id=delivery_id(row.id, str(seq)),
        webhook_id=row.id,
        event=event,
        seq=seq,
        object_id=object_id,
        at=rfc3339_of(at_ms),
    )


def _gap(row: Row[Any], after: int, until: int, now_ms: int) -> Told:
    told = _told(row, GAP, until, "", now_ms)
    return msgspec.structs.replace(
        told, id=delivery_id(row.id, f"{GAP}:{after}"), missed_after=after
    )


def _keep(tx: Tx, webhook_id: str, one: Done) -> None:
    of = (_d.c.webhook_id == webhook_id, _d.c.id == one.told.id)
    before = tx.connection.execute(select(_d.c.attempts).where(*of)).scalar() or 0
    tx.connection.execute(_d.delete().where(*of))
    tx.connection.execute(
        _d.insert().values(
            webhook_id=webhook_id,
            id=one.told.id,
            outbox_seq=one.told.seq,
            event=one.told.event,
            object_id=one.told.object_id,
            attempts=before + 1,
            delivered=one.outcome.delivered,
            status=one.outcome.status,
            error=one.outcome.error,
            at_ms=one.at_ms,
            took_ms=one.outcome.took_ms,
        )
    )


def _forget(tx: Tx, webhook_id: str) -> None:
    newest = select(_d.c.uid).where(_d.c.webhook_id == webhook_id).order_by(_d.c.uid.desc())
    oldest_kept = newest.offset(KEPT_DELIVERIES - 1).limit(1).scalar_subquery()
    tx.connection.execute(_d.delete().where(_d.c.webhook_id == webhook_id, _d.c.uid < oldest_kept))
