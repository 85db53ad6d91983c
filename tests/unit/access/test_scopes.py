from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from footlight.access import scopes
from footlight.access.scopes import Named
from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import ZERO_GUID
from footlight.store import schema, sight

LAB, HOSTS = Named(sight.CATALOG, "Lab"), Named(sight.CATALOG, "Linux hosts")
TEAM = Named(sight.GROUP, "team-id")


async def held(staff: Any, scope_id: str, caller: Any = None) -> list[tuple[str, str]]:
    found = await staff.read(lambda c: scopes.objects(c, caller or staff.boss, scope_id))
    return [(one.kind, one.name) for one in found]


async def change(
    staff: Any, caller: Any, scope_name: str, wanted: list[Named] | None, **more: Any
) -> Any:
    def write(tx: Any) -> None:
        scope = scopes.get(tx.connection, caller, scope_name)
        values = {"name": None, "description": None, **more}
        scopes.change(tx, caller, scope, wanted=wanted, **values)

    await staff.write(write)


async def test_a_scope_holds_what_is_put_into_it(staff: Any) -> None:
    scope_id = await staff.scope("Floor 1", "lab", "LAB")
    assert await held(staff, scope_id) == [("MachineCatalog", "Lab")]
    await change(staff, staff.boss, "floor 1", [TEAM, HOSTS], name="Floor 2", description="up")
    assert await held(staff, scope_id) == [
        ("MachineCatalog", "Linux hosts"),
        ("DeliveryGroup", "Team"),
    ]
    row = await staff.read(lambda c: scopes.get(c, staff.boss, "Floor 2"))
    assert (row.id, row.description) == (scope_id, "up")
    assert (await staff.entries())[-2:] == ["Create scope 'Floor 1'", "Edit scope 'Floor 1'"]
    assert len(await held(staff, ZERO_GUID)) == 4


async def test_all_is_all(staff: Any) -> None:
    assert scopes.is_all(ZERO_GUID)
    for name in ("all", " ALL "):
        with pytest.raises(Conflict):
            await staff.scope(name)
    await staff.scope("Floor")
    with pytest.raises(Conflict):
        await staff.scope("FLOOR")
    with pytest.raises(NotFound):
        await staff.scope("Cellar", "no such catalog")
    with pytest.raises(Invalid):
        scopes.checked_kind("PolicySet")


async def test_a_scope_with_rights_in_it_stays(staff: Any) -> None:
    await staff.scope("Floor", "Lab")
    await staff.administrator("ada", ("Help Desk Administrator", "Floor"))
    floor = await staff.read(lambda c: scopes.get(c, staff.boss, "Floor"))
    with pytest.raises(Conflict):
        await staff.write(lambda tx: scopes.delete(tx, staff.boss, floor))
    await staff.scope("Cellar", "Lab")
    cellar = await staff.read(lambda c: scopes.get(c, staff.boss, "Cellar"))
    await staff.write(lambda tx: scopes.delete(tx, staff.boss, cellar))
    left = await staff.read(
        lambda c: list(c.execute(select(schema.scope_objects.c.scope_id)).scalars())
    )
    assert left == [floor.id]


async def test_who_manages_one_scope_knows_of_no_other(staff: Any) -> None:
    await staff.scope("Floor", "Lab")
    await staff.scope("Cellar", "Linux hosts")
    eve = await staff.administrator("eve", ("Full Administrator", "Floor"))
    listed = select(schema.scopes.c.name).where(scopes.seen(eve))
    assert await staff.read(lambda c: list(c.execute(listed).scalars())) == ["Floor"]
    with pytest.raises(NotFound):
        await staff.read(lambda c: scopes.get(c, eve, "Cellar"))
    with pytest.raises(Forbidden):
        await staff.write(lambda tx: scopes.create(tx, eve, "Mine", None, []))
    with pytest.raises(NotFound):
        await change(staff, eve, "Floor", [HOSTS])
    await change(staff, eve, "Floor", [LAB], description="mine")


async def test_putting_an_object_into_a_scope_needs_what_it_grants(staff: Any) -> None:
    """eve may manage scopes everywhere and see sessions in the floor only: the floor gets nothing new from her."""
    await staff.scope("Floor", "Lab")
    await staff.scope("Empty")
    await staff.role("Registrar", "Admin_Read", "Admin_Manage", "Catalog_Read")
    eve = await staff.administrator(
        "eve", ("Registrar", "All"), ("Help Desk Administrator", "Floor")
    )
    with pytest.raises(Forbidden):
        await change(staff, eve, "Floor", [LAB, HOSTS])
    await change(staff, eve, "Empty", [HOSTS])  # nobody has anything there
    await change(staff, staff.boss, "Floor", [LAB, HOSTS])


async def test_separate_duties_count_in_what_a_scope_grants(staff: Any) -> None:
    scope_id = await staff.scope("Floor")
    await staff.administrator("ada", ("Session Recording Auditor", "Floor"))
    boss = await staff.again(replace(staff.boss, separate_duties=True))
    assert Permission.VIEW_RECORDINGS not in boss.permissions
    with pytest.raises(Forbidden):
        await staff.read(lambda c: scopes.require_widening(c, boss, scope_id, LAB.kind, "lab-id"))
    both = replace(boss, grants=(*boss.grants, Grant(frozenset(Permission))))
    await staff.read(lambda c: scopes.require_widening(c, both, scope_id, LAB.kind, "lab-id"))
