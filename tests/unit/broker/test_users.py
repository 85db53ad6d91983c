from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts
from footlight.broker.users import User, user_of
from footlight.site.entitlement import VISITOR


async def test_a_name_means_the_account_of_its_domain(rooms: Any) -> None:
    def write(tx: Any) -> tuple[str, str]:
        ours = accounts.create(tx, "ada", source="oidc", external_id="https://x u-1")
        accounts.set_groups(tx, ours.id, "oidc", ["Staff"])
        theirs = accounts.create(tx, "ada", source="os", external_id="1000", domain="DESK1")
        return ours.id, theirs.id

    ours, theirs = await rooms.store.write(write)

    async def user(name: str | None) -> User:
        found: User = await rooms.store.read(lambda c: user_of(c, rooms.admin, "FOOTLIGHT", name))
        return found

    for name in ("ada", "ADA", ".\\ada", "footlight\\ada"):
        assert await user(name) == User(ours, "ada", "oidc", (("oidc", "staff"),))
    assert await user("desk1\\ada") == User(theirs, "DESK1\\ada", "os")
    assert (await user(None)).account_id == rooms.admin.account_id
    for name in ("nobody", "OTHER\\nobody"):
        unknown = await user(name)
        assert (unknown.account_id, unknown.name, unknown.key) == ("", "nobody", "nobody")
    assert (await user("ada")).key == ours


@pytest.mark.parametrize("name", ["DESK1\\no.such.account"])
def test_one_of_a_host_is_not_who_has_that_name_in_the_site(name: str) -> None:
    names = User("a", name, "os", (("os", "staff"),)).person().names
    assert {"desk1\\no.such.account", "staff", "desk1\\staff", "everyone"} <= names
    assert "no.such.account" not in names


def test_a_visitor_is_nobody() -> None:
    assert User("a", "Anon001", "visitor").person() is VISITOR
