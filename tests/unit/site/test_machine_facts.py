from __future__ import annotations

from typing import Any

from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_scope, limited

from footlight.broker.decision import LaunchRequest
from footlight.caller import Permission
from footlight.site import machine_facts, machine_rows
from footlight.site.machine_facts import Facts


async def facts(rooms: Any, caller: Any, shown: frozenset[str] | None = None) -> Facts:
    def read(connection: Any) -> Facts:
        row = machine_rows.by_id(connection, MACHINE_ID)
        return machine_facts.beside(connection, caller, [row], shown)[MACHINE_ID]

    found: Facts = await rooms.store.read(read)
    return found


async def test_sessions_are_those_that_the_caller_sees(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    ada = await rooms.account("ada")
    await rooms.launcher.launch(rooms.caller(ada), LaunchRequest("Terminal"))
    whole = await facts(rooms, rooms.admin)
    assert (whole.session_count, whole.pending, len(whole.sessions)) == (2, 0, 2)
    assert whole.applications == ["Terminal", "Text Editor", "Web Browser"]
    own = await facts(rooms, rooms.caller(ada))
    assert (own.session_count, [row.user_name for row in own.sessions]) == (1, ["FOOTLIGHT\\ada"])


async def test_what_is_not_shown_is_not_read(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    few = await facts(rooms, rooms.admin, frozenset({"id", "name"}))
    assert few == Facts()


async def test_scopes_are_those_of_the_caller(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    mine = await add_scope(rooms, "Mine", MachineCatalog=[row.catalog_id])
    await add_scope(rooms, "Other", DeliveryGroup=[row.delivery_group_id])
    caller = await limited(rooms, "ada", mine, Permission.CATALOG_READ, Permission.GROUP_READ)
    found = await facts(rooms, caller)
    assert ([one.name for one in found.catalog_scopes], found.group_scopes) == (["Mine"], ())
    found = await facts(rooms, rooms.admin)
    assert [one.name for one in found.group_scopes] == ["Other"]
