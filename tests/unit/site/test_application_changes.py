from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from footlight.caller import Caller, Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid
from footlight.site import application_changes, application_rows, entitlement, resources, scoping
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.rest.application_request import (
    AddApplicationsRequest,
    ApplicationRequest,
    DuplicateApplicationRequest,
    InstalledAppRequest,
    PriorityRef,
)

RUN = InstalledAppRequest(command_line_executable="xterm", command_line_arguments="-e 'a b'")


async def publish(rooms: Any, caller: Caller, *groups: str, **members: Any) -> Any:
    new = ApplicationRequest(**{"name": "Own", "installed_app_properties": RUN, **members})
    request = AddApplicationsRequest(
        new_applications=[new], delivery_groups=[PriorityRef(item=group) for group in groups]
    )
    (row,) = await rooms.store.write(
        lambda tx: application_changes.publish(tx, caller, request, "FOOTLIGHT")
    )
    return row


async def change(rooms: Any, caller: Caller, name: str, **members: Any) -> None:
    def write(tx: Tx) -> None:
        row = application_rows.changeable(tx, caller, Permission.APPLICATION_EDIT, name)
        application_changes.change(tx, caller, row, ApplicationRequest(**members), "FOOTLIGHT")

    await rooms.store.write(write)


async def scoped(rooms: Any) -> Caller:
    """A full administrator of one scope, with a delivery group "Mine" in it."""

    def write(tx: Tx) -> None:
        run = tx.connection.execute
        run(schema.delivery_groups.insert().values(id="mine", name="Mine"))
        run(schema.scopes.insert().values(id="own", name="Own"))
        scoping.add(tx, sight.GROUP, "mine", ["own"])

    await rooms.store.write(write)
    grant = Grant(frozenset(Permission), frozenset({"own"}))
    caller: Caller = rooms.caller(await rooms.account("ada"), grants=(grant,))
    return caller


async def test_what_is_published_can_be_launched_by_its_groups(rooms: Any) -> None:
    await publish(rooms, rooms.admin, "everyone", max_total_instances=4, visible=False)
    found = await rooms.store.read(lambda c: resources.find(c, "own"))
    assert found.command == ["xterm", "-e", "a b"]
    assert (len(found.delivery_group_ids), found.max_total_instances) == (1, 4)
    assert "Own" not in [one.name for one in await rooms.store.read(resources.every)]
    await change(rooms, rooms.admin, "Own", visible=True)
    assert "Own" in [one.name for one in await rooms.store.read(resources.every)]


async def test_a_part_of_the_command_line_leaves_the_rest(rooms: Any) -> None:
    part = InstalledAppRequest(command_line_arguments="-hold")
    await change(rooms, rooms.admin, "Terminal", installed_app_properties=part)
    found = await rooms.store.read(lambda c: resources.find(c, "Terminal"))
    assert found.command == ["xterm", "-hold"]
    part = InstalledAppRequest(command_line_executable="uxterm")
    await change(rooms, rooms.admin, "Terminal", installed_app_properties=part)
    found = await rooms.store.read(lambda c: resources.find(c, "Terminal"))
    assert found.command == ["uxterm", "-hold"]


async def test_a_scoped_caller_publishes_to_own_groups_only(rooms: Any) -> None:
    ada = await scoped(rooms)
    with pytest.raises(Forbidden):
        await publish(rooms, ada)
    await publish(rooms, ada, "Mine")
    with pytest.raises(Forbidden):
        await change(rooms, ada, "Own", delivery_groups=[])
    # What others gave it to stays.
    both = [PriorityRef(item="Mine"), PriorityRef(item="Everyone")]
    await change(rooms, rooms.admin, "Own", delivery_groups=both)
    await change(rooms, ada, "Own", delivery_groups=[PriorityRef(item="Mine", priority=9)])
    found = await rooms.store.read(lambda c: resources.find(c, "Own"))
    assert len(found.delivery_group_ids) == 2
    assert found.delivery_group_ids[-1] == "mine"


async def test_who_may_use_it_is_kept_and_told(rooms: Any) -> None:
    row = await publish(rooms, rooms.admin, included_users=["FOOTLIGHT\\Ada"])
    rule = (await rooms.store.read(lambda c: entitlement.rules(c, [row.id])))[row.id]
    assert (rule.included, rule.included_only) == (("Ada",), False)
    await change(rooms, rooms.admin, "Own", included_user_filter_enabled=True)
    rule = (await rooms.store.read(lambda c: entitlement.rules(c, [row.id])))[row.id]
    assert (rule.included, rule.included_only) == (("Ada",), True)
    told = await rooms.store.read(
        lambda c: c.execute(select(schema.audit.c.entry).order_by("seq")).scalars().all()
    )
    texts = [msgspec.json.decode(entry)["text"] for entry in told]
    assert texts == ["Create application 'Own'", "Edit application 'Own'"]


async def test_a_copy_has_all_but_the_names(rooms: Any) -> None:
    await publish(rooms, rooms.admin, "Everyone", browser_name="B", included_users=["ada"])

    def write(tx: Tx, request: DuplicateApplicationRequest) -> Any:
        row = application_rows.get(tx.connection, rooms.admin, "Own")
        return application_changes.duplicate(tx, rooms.admin, row, request)

    one = await rooms.store.write(lambda tx: write(tx, DuplicateApplicationRequest()))
    assert (one.name, one.browser_name, one.enabled) == ("Own_1", None, True)
    facts = await rooms.store.read(lambda c: application_rows.facts(c, rooms.admin, [one.id]))
    assert (len(facts[one.id].groups), facts[one.id].rule.included) == (1, ("ada",))
    with pytest.raises(Conflict):
        await publish(rooms, rooms.admin, name="OWN_1")
    with pytest.raises(Conflict):
        await publish(rooms, rooms.admin, name="Other", browser_name="b")


async def test_nothing_is_left_of_a_withdrawn_one(rooms: Any) -> None:
    row = await publish(rooms, rooms.admin, "Everyone", included_users=["ada"])

    def write(tx: Tx) -> None:
        found = application_rows.get(tx.connection, rooms.admin, "Own")
        application_changes.delete(tx, rooms.admin, found)

    await rooms.store.write(write)
    tables = (
        (schema.resource_groups, schema.resource_groups.c.resource_id),
        (schema.entitlements, schema.entitlements.c.object_id),
    )
    for table, column in tables:
        query = select(table).where(column == row.id)
        assert await rooms.store.read(lambda c, q=query: c.execute(q).first()) is None


async def test_bounds_of_a_request(rooms: Any) -> None:
    many = AddApplicationsRequest(existing_applications=["Terminal"] * 101)
    with pytest.raises(Invalid):
        await rooms.store.write(
            lambda tx: application_changes.publish(tx, rooms.admin, many, "FOOTLIGHT")
        )
