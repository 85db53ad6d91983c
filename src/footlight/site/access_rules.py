"""What viewers of a session may do, by the delivery group of its machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from footlight.audit.log import Act, differing, record
from footlight.caller import Caller, Permission
from footlight.site import held
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.own import AccessRulesChange

Direction = Literal["off", "in", "out", "both"]  # in: from the viewer into the session

_a = schema.access_rules
_m = schema.machines
_s = schema.sessions


@dataclass(frozen=True)
class Rules:
    """The rules of a group."""

    clipboard: Direction = "both"
    ask_before_shadowing: bool = False
    files: Direction = "both"  # of the drop folder


# Of a machine that is in no group any more: what a group forbade must not come back by leaving it.
STRICTEST = Rules(clipboard="off", ask_before_shadowing=True, files="off")


def of_group(connection: Connection, group_id: str) -> Rules:
    """The group's rules; those of a new one if none were set."""
    row = connection.execute(select(_a).where(_a.c.delivery_group_id == group_id)).first()
    return Rules() if row is None else Rules(row.clipboard, row.ask_before_shadowing, row.files)


def of_session(connection: Connection, session_id: str) -> Rules:
    """The rules that hold for a session now."""
    query = select(_m.c.delivery_group_id).join(_s, _s.c.machine_id == _m.c.id)
    group_id = connection.execute(query.where(_s.c.id == session_id)).scalar()
    return STRICTEST if group_id is None else of_group(connection, group_id)


def change(tx: Tx, caller: Caller, group: Row[Any], wanted: AccessRulesChange) -> Rules:
    """The group's rules as they are after the change of what `wanted` names. Raises Forbidden."""
    held.group(tx.connection, caller, Permission.GROUP_EDIT, group.id)
    before = of_group(tx.connection, group.id)
    named = {name: value for name in vars(before) if (value := getattr(wanted, name)) is not None}
    after = replace(before, **named)
    if after == before:
        return after
    forget(tx, group.id)
    tx.connection.execute(_a.insert().values(delivery_group_id=group.id, **vars(after)))
    tx.emit("delivery_group", group.id)
    act = Act(
        text=f"Edit access rules of delivery group '{group.name}'",
        target_type="DeliveryGroup",
        object_id=group.id,
        object_name=group.name,
        changes=differing(before, after),
    )
    record(tx, caller, act)
    return after


def forget(tx: Tx, group_id: str) -> None:
    """The group has no rules of its own any more."""
    tx.connection.execute(_a.delete().where(_a.c.delivery_group_id == group_id))
