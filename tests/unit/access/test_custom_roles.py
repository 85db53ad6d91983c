from __future__ import annotations

from typing import Any

import pytest

from footlight.access import custom_roles, roles
from footlight.errors import Conflict, Forbidden, Invalid, NotFound


async def test_a_role_is_found_by_each_of_its_names_and_changed_for_all_who_have_it(
    staff: Any,
) -> None:
    role_id = await staff.role("Watchers", "session_read")
    ada = await staff.administrator("ada", ("watchers", "All"))
    row = await staff.read(lambda c: custom_roles.get(c, "WATCHERS"))
    assert row.id == role_id
    assert (await staff.read(lambda c: custom_roles.get(c, str(row.uid)))).id == role_id
    assert {str(p) for p in ada.permissions} == {"Session_Read"}
    await staff.write(
        lambda tx: custom_roles.change(
            tx,
            staff.boss,
            row,
            name="Viewers",
            description="see",
            permissions=["Session_Read", "Machine_Read"],
        )
    )
    now = await staff.again(ada)
    assert {str(p) for p in now.permissions} == {"Session_Read", "Machine_Read"}
    changed = await staff.read(lambda c: custom_roles.get(c, role_id))
    assert (changed.name, changed.description) == ("Viewers", "see")
    assert (await staff.entries())[-1] == "Edit role 'Watchers'"


async def test_a_role_that_somebody_has_stays(staff: Any) -> None:
    await staff.role("Watchers", "Session_Read")
    await staff.administrator("ada", ("Watchers", "All"))
    row = await staff.read(lambda c: custom_roles.get(c, "Watchers"))
    with pytest.raises(Conflict):
        await staff.write(lambda tx: custom_roles.delete(tx, staff.boss, row))
    await staff.role("Others", "Session_Read")
    other = await staff.read(lambda c: custom_roles.get(c, "Others"))
    await staff.write(lambda tx: custom_roles.delete(tx, staff.boss, other))
    with pytest.raises(NotFound):
        await staff.read(lambda c: custom_roles.get(c, "Others"))


@pytest.mark.parametrize(
    ("name", "permissions", "error"),
    [
        ("help desk ADMINISTRATOR", ["Session_Read"], Conflict),
        ("Mine", [], Invalid),
        ("Mine", ["Session_Rule"], Invalid),
        ("", ["Session_Read"], Invalid),
    ],
)
async def test_what_no_role_can_be(
    staff: Any, name: str, permissions: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await staff.role(name, *permissions)


async def test_built_in_roles_are_the_same_everywhere(staff: Any) -> None:
    row = await staff.read(lambda c: custom_roles.get(c, roles.HELP_DESK.id))
    for act in (
        lambda tx: custom_roles.delete(tx, staff.boss, row),
        lambda tx: custom_roles.change(
            tx, staff.boss, row, name="X", description=None, permissions=None
        ),
    ):
        with pytest.raises(Conflict):
            await staff.write(act)


async def test_nobody_makes_or_changes_a_role_of_more_than_he_has(staff: Any) -> None:
    await staff.role("Registrar", "Admin_Read", "Admin_Manage", "Session_Read")
    await staff.role("Stronger", "Session_Read", "Recording_View")
    eve = await staff.administrator("eve", ("Registrar", "All"))
    stronger = await staff.read(lambda c: custom_roles.get(c, "Stronger"))
    registrar = await staff.read(lambda c: custom_roles.get(c, "Registrar"))
    await staff.write(lambda tx: custom_roles.create(tx, eve, "Weak", None, ["Session_Read"]))

    def widen(tx: Any, role: Any, *permissions: str) -> None:
        custom_roles.change(
            tx, eve, role, name=None, description=None, permissions=list(permissions)
        )

    for act in (
        lambda tx: custom_roles.create(tx, eve, "Strong", None, ["Recording_View"]),
        lambda tx: widen(tx, registrar, "Admin_Manage", "Recording_View"),
        lambda tx: widen(tx, stronger, "Session_Read"),
        lambda tx: custom_roles.delete(tx, eve, stronger),
    ):
        with pytest.raises(Forbidden):
            await staff.write(act)


async def test_roles_are_the_whole_sites(staff: Any) -> None:
    await staff.scope("Lab scope", "Lab")
    eve = await staff.administrator("eve", ("Full Administrator", "Lab scope"))
    with pytest.raises(Forbidden):
        await staff.write(lambda tx: custom_roles.create(tx, eve, "W", None, ["Session_Read"]))
