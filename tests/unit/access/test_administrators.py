from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from footlight.access import accounts, administrators
from footlight.access.administrators import Loss, Wanted
from footlight.broker.decision import LaunchRequest
from footlight.caller import FULL_GRANT
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.store import schema

HELP, FULL = "Help Desk Administrator", "Full Administrator"


async def change(staff: Any, caller: Any, name: str, *rights: Wanted, **more: Any) -> None:
    known = await staff.known(name, caller)
    values = {"wanted": list(rights) or None, "enabled": None, **more}
    await staff.write(lambda tx: administrators.change(tx, caller, known, **values))


async def test_an_account_becomes_an_administrator_once(staff: Any) -> None:
    await staff.scope("Floor", "Lab")
    ada = await staff.administrator("ada", (HELP, "floor"), (HELP, "Floor"))
    (grant,) = ada.grants
    assert grant.scope_ids is not None
    for name in ("ADA", "footlight\\ada", ".\\ada", "ada@FOOTLIGHT", ada.account_id):
        known = await staff.known(name)
        assert (known.account.name, known.enabled, len(known.rights)) == ("ada", True, 1)
    for name in ("eve", "OTHER\\ada", "ada@OTHER", "S-1-22-1-2001"):
        with pytest.raises(NotFound):
            await staff.known(name)

    def again(tx: Any) -> Any:
        return administrators.create(tx, staff.boss, "FOOTLIGHT", "ada", [], True)

    with pytest.raises(Conflict):
        await staff.write(again)
    assert (await staff.entries())[-1] == "Create administrator 'ada'"


async def test_a_sid_is_that_of_the_account_whose_sessions_show_it(staff: Any) -> None:
    await staff.rooms.launcher.launch(staff.boss, LaunchRequest("Desktop"))
    known = await staff.known("s-1-22-1-2001")
    assert known.account.id == staff.boss.account_id


@pytest.mark.parametrize(
    ("user", "right", "error"),
    [
        (None, Wanted(HELP, "All"), Invalid),
        ("nobody", Wanted(HELP, "All"), NotFound),
        ("ada", Wanted("Janitor", "All"), NotFound),
        ("ada", Wanted(HELP, "Nowhere"), NotFound),
    ],
)
async def test_what_is_not_there_is_named(
    staff: Any, user: str | None, right: Wanted, error: type[Exception]
) -> None:
    await staff.rooms.account("ada")
    with pytest.raises(error):
        await staff.write(
            lambda tx: administrators.create(tx, staff.boss, "FOOTLIGHT", user, [right], True)
        )


async def test_rights_are_replaced_and_taken_at_once(staff: Any) -> None:
    ada = await staff.administrator("ada", (HELP, "All"))
    await change(staff, staff.boss, "ada", Wanted("Read Only Administrator", "All"))
    assert all(p.endswith("_Read") for p in (await staff.again(ada)).permissions)
    await change(staff, staff.boss, "ada", enabled=False)
    assert (await staff.again(ada)).grants == ()
    assert await staff.read(lambda c: administrators.own_rights(c, ada.account_id)) == ()
    await change(staff, staff.boss, "ada", enabled=True)
    known = await staff.known("ada")
    await staff.write(lambda tx: administrators.delete(tx, staff.boss, known))
    assert (await staff.again(ada)).grants == ()
    with pytest.raises(NotFound):
        await staff.known("ada")


async def test_the_last_full_administrator_who_can_sign_in_stays(staff: Any) -> None:
    # zoe is one, but has no password yet.
    zoe = await staff.administrator("zoe", (FULL, "All"))
    boss = await staff.known("admin")
    for act in (
        lambda tx: administrators.delete(tx, staff.boss, boss),
        lambda tx: administrators.change(tx, staff.boss, boss, wanted=None, enabled=False),
        lambda tx: administrators.change(
            tx, staff.boss, boss, wanted=[Wanted(HELP, "All")], enabled=None
        ),
    ):
        with pytest.raises(Conflict) as refused:
            await staff.write(act)
        assert refused.value.code == "LastFullAdmin"
    assert await staff.read(lambda c: administrators.loss(c, boss)) is Loss.LAST
    await staff.write(lambda tx: accounts.set_password(tx, zoe.account_id, "hash"))
    assert await staff.read(lambda c: administrators.loss(c, boss)) is Loss.EVERYTHING
    await staff.write(lambda tx: administrators.delete(tx, staff.boss, boss))
    off = update(schema.administrators).values(enabled=False)
    await staff.write(lambda tx: tx.connection.execute(off) and None)
    known = await staff.known("zoe", replace(zoe, grants=(FULL_GRANT,)))
    assert await staff.read(lambda c: administrators.loss(c, known)) is Loss.NOTHING


async def test_who_manages_one_scope_gives_and_takes_rights_in_it(staff: Any) -> None:
    await staff.scope("Floor", "Lab")
    await staff.scope("Cellar", "Linux hosts")
    eve = await staff.administrator("eve", (FULL, "Floor"))
    await staff.administrator("cy", (HELP, "Cellar"))
    await staff.administrator("both", (HELP, "Cellar"), (HELP, "Floor"))
    for name in ("ada", "bob"):
        await staff.rooms.account(name)

    def give(user: str, *rights: Wanted) -> Any:
        return lambda tx: administrators.create(tx, eve, "FOOTLIGHT", user, list(rights), True)

    await staff.write(give("ada", Wanted(HELP, "Floor")))
    with pytest.raises(NotFound):
        await staff.write(give("bob", Wanted(HELP, "Cellar")))
    for right in (Wanted(HELP, "All"), Wanted(FULL, "All")):
        with pytest.raises(Forbidden):
            await staff.write(give("bob", right))
    with pytest.raises(Forbidden):
        await staff.write(give("bob"))
    # What she does not see she does not know; of what she sees in part she changes nothing.
    with pytest.raises(NotFound):
        await staff.known("cy", eve)
    assert len((await staff.known("both", eve)).rights) == 1
    with pytest.raises(Forbidden):
        await change(staff, eve, "both", Wanted(HELP, "Floor"))
    with pytest.raises(Forbidden):
        await change(staff, eve, "both", enabled=False)
    await change(staff, eve, "ada", Wanted("Read Only Administrator", "Floor"))
    known = await staff.known("ada", eve)
    await staff.write(lambda tx: administrators.delete(tx, eve, known))
    assert len((await staff.known("both")).rights) == 2


async def test_nobody_changes_who_has_more(staff: Any) -> None:
    await staff.role("Registrar", "Admin_Read", "Admin_Manage", "Site_Configure")
    eve = await staff.administrator("eve", ("Registrar", "All"))
    bob = await staff.rooms.account("bob")
    for act in (
        lambda known: lambda tx: administrators.delete(tx, eve, known),
        lambda known: lambda tx: administrators.change(tx, eve, known, wanted=None, enabled=False),
    ):
        known = await staff.known("admin", eve)
        with pytest.raises(Forbidden):
            await staff.write(act(known))
    with pytest.raises(Forbidden):
        await staff.read(lambda c: administrators.require_covered(c, eve, staff.boss.account_id))
    await staff.read(lambda c: administrators.require_covered(c, eve, bob.id))
    with pytest.raises(Forbidden):
        await change(staff, eve, "eve", Wanted(FULL, "All"))


async def test_with_separate_duties_a_full_administrator_appoints_no_auditor(staff: Any) -> None:
    boss = await staff.again(replace(staff.boss, separate_duties=True))
    await staff.rooms.account("ada")
    wanted = [Wanted("Session Recording Auditor", "All")]
    with pytest.raises(Forbidden):
        await staff.write(
            lambda tx: administrators.create(tx, boss, "FOOTLIGHT", "ada", wanted, True)
        )
    full = [Wanted(FULL, "All")]
    await staff.write(lambda tx: administrators.create(tx, boss, "FOOTLIGHT", "ada", full, True))


async def test_objections_name_what_stands_against_a_name(staff: Any) -> None:
    await staff.rooms.account("ada")

    async def objection(name: str) -> Any:
        return await staff.read(
            lambda c: administrators.objection(c, staff.boss, "FOOTLIGHT", name)
        )

    assert await objection("ada") is None
    assert "no such user" in await objection("eve")
    assert "already" in await objection("admin")
