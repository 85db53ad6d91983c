"""The site's policies in their order, as rows: read, made, changed, ordered, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.policies import checked
from footlight.policies.policy import Conditions, Policy
from footlight.policies.times import DAYS, Times, day_of, minute_of
from footlight.site.names import checked_name, checked_text
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.policies import (
    NewPolicy,
    PolicyChange,
    PolicyConditions,
    PolicyOutcome,
    PolicyTimes,
)
from footlight.wire.rest.time_zones import time_zone

_p = schema.recording_policies

MOST_POLICIES = 1000


def every(connection: Connection) -> Sequence[Row[Any]]:
    """The rows in their order."""
    return connection.execute(select(_p).order_by(_p.c.position, _p.c.id)).all()


def in_order(connection: Connection) -> list[Policy]:
    """The policies in their order, disabled ones too."""
    return [policy_of(row) for row in every(connection)]


def policy_of(row: Any) -> Policy:
    """From a row."""
    return Policy(
        id=row.id,
        position=row.position,
        name=row.name,
        enabled=bool(row.enabled),
        conditions=_conditions(row.conditions),
        then=_outcome(row.outcome),
    )


def get(connection: Connection, policy_id: str) -> Row[Any]:
    """The row of that id, or of that name in any case. Raises NotFound."""
    wanted = policy_id.lower()
    for row in every(connection):
        if row.id == wanted or row.name.lower() == wanted:
            return row
    raise NotFound(
        "There is no such recording policy.", entityType="RecordingPolicy", id=policy_id[:64]
    )


def create(tx: Tx, caller: Caller, wanted: NewPolicy, site_name: str) -> Row[Any]:
    """A new policy. Raises Forbidden, Invalid, Conflict."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    before = every(tx.connection)
    if len(before) >= MOST_POLICIES:
        raise Conflict(f"A site has at most {MOST_POLICIES} recording policies.")
    values = {
        "id": new_guid(),
        "name": _name(wanted.name, before),
        "description": checked_text(wanted.description, "description") or "",
        "enabled": wanted.enabled,
        **_decided(tx.connection, wanted.conditions, wanted.then, site_name),
    }
    place = _place(wanted.position, len(before) + 1)
    moments = {"created_at_ms": tx.now_ms, "changed_at_ms": tx.now_ms}
    tx.connection.execute(_p.insert().values(**values, **moments, position=place))
    ids = [row.id for row in before]
    _reorder(tx, [*ids[: place - 1], str(values["id"]), *ids[place - 1 :]])
    row = get(tx.connection, str(values["id"]))
    _tell(tx, caller, row, "Create", {name: (None, getattr(row, name)) for name in _SHOWN})
    return row


def change(
    tx: Tx, caller: Caller, policy_id: str, wanted: PolicyChange, site_name: str
) -> Row[Any]:
    """The policy after the change of what `wanted` names. Raises Forbidden, NotFound, Invalid, Conflict."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    row = get(tx.connection, policy_id)
    rows = every(tx.connection)
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = _name(wanted.name, [one for one in rows if one.id != row.id])
    if wanted.description is not None:
        values["description"] = checked_text(wanted.description, "description") or ""
    if wanted.enabled is not None:
        values["enabled"] = wanted.enabled
    conditions = wanted.conditions or msgspec.json.decode(row.conditions, type=PolicyConditions)
    then = wanted.then or _outcome(row.outcome)
    if wanted.conditions is not None or wanted.then is not None:
        decided = _decided(tx.connection, conditions, then, site_name, known=row.conditions)
        values.update(decided)
    changed = {k: v for k, v in values.items() if getattr(row, k) != v}
    if changed:
        chosen = update(_p).where(_p.c.id == row.id)
        tx.connection.execute(chosen.values(**changed, changed_at_ms=tx.now_ms))
    if wanted.position is not None:
        place = _place(wanted.position, len(rows))
        ids = [one.id for one in rows if one.id != row.id]
        _reorder(tx, [*ids[: place - 1], row.id, *ids[place - 1 :]])
    after = get(tx.connection, row.id)
    shown = {
        name: (getattr(row, name), getattr(after, name))
        for name in _SHOWN
        if getattr(row, name) != getattr(after, name)
    }
    _tell(tx, caller, after, "Edit", shown)
    return after


def delete(tx: Tx, caller: Caller, policy_id: str) -> None:
    """It decides on nothing any more. Raises Forbidden, NotFound."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    row = get(tx.connection, policy_id)
    tx.connection.execute(_p.delete().where(_p.c.id == row.id))
    _reorder(tx, [one.id for one in every(tx.connection)])
    _tell(tx, caller, row, "Delete", {})


def order(tx: Tx, caller: Caller, ids: Sequence[str]) -> None:
    """All policies have this order from now on. Raises Forbidden, Invalid when these are not all of them."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    before = [row.id for row in every(tx.connection)]
    wanted = [one.lower() for one in ids]
    if sorted(wanted) != sorted(before):
        raise Invalid("ids must name each policy once.", name="ids", problem="invalidString")
    _reorder(tx, wanted)
    act = Act(
        text="Order recording policies",
        target_type="RecordingPolicy",
        changes={"Order": (",".join(before), ",".join(wanted))},
    )
    record(tx, caller, act)
    for policy_id in wanted[:1]:
        tx.emit("recording_policy", policy_id)


_SHOWN = ("name", "position", "enabled", "description", "conditions", "outcome")


def _tell(
    tx: Tx, caller: Caller, row: Any, verb: str, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    act = Act(
        text=f"{verb} recording policy '{row.name}'",
        target_type="RecordingPolicy",
        object_id=row.id,
        object_name=row.name,
        changes=changes,
    )
    record(tx, caller, act)
    tx.emit("recording_policy", row.id)


def _reorder(tx: Tx, ids: Sequence[str]) -> None:
    now = {row.id: row.position for row in every(tx.connection)}
    for place, policy_id in enumerate(ids, 1):
        if now[policy_id] != place:
            chosen = update(_p).where(_p.c.id == policy_id)
            tx.connection.execute(chosen.values(position=place))


def _place(wanted: int | None, last: int) -> int:
    if wanted is None:
        return last
    if not 1 <= wanted <= MOST_POLICIES:
        raise Invalid(f"position is 1 to {MOST_POLICIES}.", name="position", problem="outOfRange")
    return min(wanted, last)


def _name(text: str, others: Sequence[Any]) -> str:
    name = checked_name(text, "name")
    if any(other.name.lower() == name.lower() for other in others):
        raise Conflict(f"There is a recording policy {name!r} already.", name="name")
    return name


def _decided(
    connection: Connection,
    conditions: PolicyConditions,
    then: PolicyOutcome,
    site_name: str,
    *,
    known: str = "{}",
) -> dict[str, Any]:
    """The columns of what a policy decides on and what it wants. `known`: the conditions before, whose objects may be
    gone. Raises Invalid."""
    before = msgspec.json.decode(known, type=PolicyConditions)
    kept = checked.conditions(connection, conditions, before, site_name)
    return {
        "conditions": msgspec.json.encode(kept).decode(),
        "outcome": msgspec.json.encode(checked.outcome(then)).decode(),
        "by_address": bool(kept.client_addresses),
    }


@lru_cache(maxsize=2 * MOST_POLICIES)
def _conditions(text: str) -> Conditions:
    """As they are looked at, from the row's JSON, which was checked before."""
    kept = msgspec.json.decode(text, type=PolicyConditions)
    return Conditions(
        users=frozenset(name.lower() for name in kept.users),
        delivery_groups=frozenset(kept.delivery_groups),
        resources=frozenset(kept.resources),
        machines=frozenset(kept.machines),
        tags=frozenset(kept.tags),
        client_addresses=tuple(ip_network(one) for one in kept.client_addresses),
        times=tuple(map(_times, kept.times)),
    )


def _times(kept: PolicyTimes) -> Times:
    days = frozenset(day for day in map(day_of, kept.days) if day is not None)
    start, end = minute_of(kept.start), minute_of(kept.end)
    zone = time_zone(kept.time_zone)
    assert start is not None
    assert end is not None
    return Times(days or frozenset(range(len(DAYS))), start, end, zone or UTC)


@lru_cache(maxsize=2 * MOST_POLICIES)
def _outcome(text: str) -> PolicyOutcome:
    return msgspec.json.decode(text, type=PolicyOutcome)
