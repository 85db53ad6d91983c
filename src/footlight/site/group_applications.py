"""Which applications a delivery group gives to its users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Invalid
from footlight.site import application_rows, held
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.application_request import PriorityRef

_in = schema.resource_groups

MAX_AT_ONCE = 1000
MAX_PRIORITY = 1_000_000


def add(tx: Tx, caller: Caller, group: Row[Any], wanted: Sequence[PriorityRef]) -> None:
    """The group gives these applications too; one that it gives already gets the new priority. Raises Forbidden,
    NotFound, Invalid."""
    held.group(tx.connection, caller, Permission.GROUP_ADD_APPLICATIONS, group.id)
    if len(wanted) > MAX_AT_ONCE:
        raise Invalid(
            f"At most {MAX_AT_ONCE} applications at once.",
            name="ExistingApplications",
            problem="outOfRange",
        )
    for one in wanted:
        application = application_rows.get(tx.connection, caller, one.item)
        priority = one.priority or 0
        if not 0 <= priority <= MAX_PRIORITY:
            raise Invalid(
                f"Priority is 0 to {MAX_PRIORITY}.",
                name="Priority",
                value=str(priority),
                problem="outOfRange",
            )
        _link(tx, application.id, group.id, priority)
        _note(tx, caller, f"Add application '{application.name}' to '{group.name}'", application)


def remove(tx: Tx, caller: Caller, group: Row[Any], name_or_id: str) -> None:
    """The group gives the application no longer. Raises Forbidden, NotFound when it does not give it."""
    held.group(tx.connection, caller, Permission.GROUP_REMOVE_APPLICATIONS, group.id)
    application = application_rows.get(tx.connection, caller, name_or_id)
    chosen = (_in.c.resource_id == application.id, _in.c.delivery_group_id == group.id)
    if tx.connection.execute(_in.delete().where(*chosen)).rowcount == 0:
        raise application_rows.no_application(name_or_id)
    tx.emit("application", application.id)
    _note(tx, caller, f"Remove application '{application.name}' from '{group.name}'", application)


def given(group_id: str) -> Any:
    """Whether the group gives the application of a row."""
    held_by = select(_in.c.resource_id).where(_in.c.delivery_group_id == group_id)
    return schema.resources.c.id.in_(held_by)


def _link(tx: Tx, application_id: str, group_id: str, priority: int) -> None:
    chosen = (_in.c.resource_id == application_id, _in.c.delivery_group_id == group_id)
    if tx.connection.execute(_in.update().where(*chosen).values(priority=priority)).rowcount == 0:
        values = {"resource_id": application_id, "delivery_group_id": group_id}
        tx.connection.execute(_in.insert().values(priority=priority, **values))
    tx.emit("application", application_id)


def _note(tx: Tx, caller: Caller, text: str, application: Row[Any]) -> None:
    act = Act(
        text=text,
        target_type="Application",
        object_id=application.id,
        object_name=application.name,
    )
    record(tx, caller, act)
