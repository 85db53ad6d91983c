from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts, administrators, directory, groups, roles
from footlight.access.administrators import Wanted
from footlight.errors import Forbidden, NotFound
from footlight.ids import ZERO_GUID

HELPERS = [Wanted(roles.HELP_DESK.name, "All")]


async def appoint(staff: Any, name: str, wanted: Any = HELPERS) -> str:
    return str(
        await staff.write(
            lambda tx: administrators.create(tx, staff.boss, "FOOTLIGHT", name, wanted, True)
        )
    )


async def member(staff: Any, name: str, *named: str) -> Any:
    """An account of the provider that is in these groups."""

    def write(tx: Any) -> Any:
        made = accounts.create(tx, name, source="oidc", external_id=f"https://x {name}")
        accounts.set_groups(tx, made.id, "oidc", named)
        return made

    account = await staff.write(write)
    return await staff.again(staff.rooms.caller(account))


async def test_a_persons_rights_are_his_own_and_those_of_his_groups(staff: Any) -> None:
    await appoint(staff, "OIDC\\Helpers")
    scope = await staff.scope("Lab", "lab-id")
    await appoint(staff, "oidc\\Watchers", [Wanted(roles.READ_ONLY.name, "Lab")])
    ada = await member(staff, "ada", "HELPERS", "watchers", "others")
    both = roles.HELP_DESK.permissions | roles.READ_ONLY.permissions
    assert ada.permissions == both
    rights = await staff.read(lambda c: administrators.own_rights(c, ada.account_id))
    assert {(one.role_id, one.scope_id) for one in rights} == {
        (roles.HELP_DESK.id, ZERO_GUID),
        (roles.READ_ONLY.id, scope),
    }
    own = await staff.read(
        lambda c: administrators.own_rights(c, ada.account_id, with_groups=False)
    )
    assert own == ()
    await appoint(staff, "ada", [Wanted(roles.AUDITOR.name, "All")])
    assert (await staff.again(ada)).permissions == both | roles.AUDITOR.permissions
    assert (await member(staff, "zoe", "others")).permissions == frozenset()


async def test_a_group_is_an_administrator_like_others(staff: Any) -> None:
    id = await appoint(staff, "OIDC\\/realm/helpers")
    known = await staff.known("oidc\\/REALM/helpers")
    assert (known.account.id, known.account.is_group) == (id, True)
    assert (await staff.known(id)).account.name == "/realm/helpers"
    ada = await member(staff, "ada", "/realm/helpers")
    for enabled, rights in ((False, frozenset()), (True, roles.HELP_DESK.permissions)):
        change = {"wanted": None, "enabled": enabled}
        group = await staff.known(id)
        await staff.write(
            lambda tx, g=group, c=change: administrators.change(tx, staff.boss, g, **c)
        )
        assert (await staff.again(ada)).permissions == rights
    await staff.write(lambda tx: administrators.delete(tx, staff.boss, known))
    assert (await staff.again(ada)).permissions == frozenset()
    with pytest.raises(NotFound):
        await staff.known("OIDC\\/realm/helpers")
    await appoint(staff, "OIDC\\/realm/helpers")  # the same row again
    assert (await staff.known("OIDC\\/realm/helpers")).account.id == id
    assert "Create administrator '/realm/helpers'" in await staff.entries()


async def test_nobody_signs_in_as_a_group_or_is_taken_for_one(staff: Any) -> None:
    await appoint(staff, "OIDC\\helpers")
    account = await staff.rooms.account("helpers")
    assert await staff.read(lambda c: accounts.by_name(c, "helpers")) == account
    assert await staff.read(lambda c: accounts.by_name(c, "helpers", "OIDC")) is None
    assert not any(one.is_group for one in await staff.read(accounts.every))
    found = await staff.read(lambda c: accounts.by_external(c, "oidc", "group:helpers"))
    assert found is None
    # An account that is named like a group of it has nothing of it.
    assert (await staff.again(staff.rooms.caller(account))).permissions == frozenset()


async def test_a_group_of_another_source_is_another(staff: Any) -> None:
    await appoint(staff, "OIDC\\wheel")

    def write(tx: Any) -> Any:
        made = accounts.create(tx, "ada", source="os", external_id="1000", domain="desk1")
        accounts.set_groups(tx, made.id, "os", ["wheel"])
        return made

    account = await staff.write(write)
    assert (account.domain, accounts.user_name("SITE", account)) == ("DESK1", "DESK1\\ada")
    assert (await staff.again(staff.rooms.caller(account))).permissions == frozenset()

    def keep(tx: Any) -> None:
        wheel = groups.fresh("os", "DESK1", "wheel")
        groups.keep(tx, wheel)
        roles.make_full(tx, wheel.id)

    await staff.write(keep)
    assert "Session_Read" in (await staff.again(staff.rooms.caller(account))).permissions
    assert (await staff.known("desk1\\wheel")).account.source == "os"


async def test_who_has_rights_by_a_group_is_covered_by_them(staff: Any) -> None:
    """Nobody sets the password, or makes a service account, of who has more than himself."""
    await appoint(staff, "OIDC\\chiefs", [Wanted(roles.FULL.name, "All")])
    chief = await member(staff, "chief", "chiefs")
    helper = await staff.administrator("helper", (roles.HELP_DESK.name, "All"))
    with pytest.raises(Forbidden):
        await staff.read(lambda c: administrators.require_covered(c, helper, chief.account_id))
    await staff.read(lambda c: administrators.require_covered(c, staff.boss, chief.account_id))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 123, "a\\b"])
async def test_what_is_no_groups_name(staff: Any, name: str) -> None:
    assert not accounts.is_group_name(name)
    assert await staff.read(lambda c: groups.named(c, f"OIDC\\{name}")) is None
    ada = await member(staff, "ada", name, "good")
    assert await staff.read(lambda c: accounts.groups_of(c, ada.account_id)) == [("oidc", "good")]


async def test_only_so_many_are_remembered(staff: Any) -> None:
    ada = await member(staff, "ada", *(f"g{number}" for number in range(accounts.MAX_GROUPS + 9)))
    told = await staff.read(lambda c: accounts.groups_of(c, ada.account_id))
    assert len(told) == accounts.MAX_GROUPS


async def test_the_directory_shows_them(staff: Any) -> None:
    await appoint(staff, "OIDC\\Helpers")
    await member(staff, "ada", "helpers", "staff")
    wanted = directory.Wanted(kinds=frozenset(("Group",)), domain="oidc")
    found = await directory.look(staff.rooms.store, "FOOTLIGHT", "HOST", wanted)
    assert [(one.domain, one.name, one.kind) for one in found] == [
        ("OIDC", "Helpers", "Group"),
        ("OIDC", "staff", "Group"),
    ]
    users = directory.Wanted(names=("FOOTLIGHT\\ada", "OIDC\\helpers"))
    named = await directory.look(staff.rooms.store, "FOOTLIGHT", "HOST", users)
    assert [(one.name, one.kind) for one in named] == [("ada", "User"), ("Helpers", "Group")]
