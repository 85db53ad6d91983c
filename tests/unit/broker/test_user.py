from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts
from footlight.broker.user import User, user_of
from footlight.site.entitlement import VISITOR


async def test_who_is_meant(rooms: Any) -> None:
    ada = await rooms.account("ada")
    of_host = await rooms.store.write(
        lambda tx: accounts.create(tx, "ada", source="os", external_id="m/1", domain="DESK1")
    )
    await rooms.store.write(lambda tx: accounts.set_groups(tx, of_host.id, "os", ["Staff"]))

    async def meant(name: str | None) -> User:
        return await rooms.store.read(lambda c: user_of(c, rooms.caller(ada), name, "FOOTLIGHT"))  # type: ignore[no-any-return]

    assert (await meant(None)).account_id == ada.id
    for name in ("ADA", "footlight\\ada"):
        assert await meant(name) == User(ada.id, "ada")
    assert await meant("desk1\\ada") == User(of_host.id, "DESK1\\ada", "os", (("os", "staff"),))
    assert await meant("nobody.yet") == User("", "nobody.yet")


@pytest.mark.parametrize("name", ["DESK1\\no.such.account"])
def test_one_of_a_host_is_not_who_has_that_name_in_the_site(name: str) -> None:
    names = User("a", name, "os", (("os", "staff"),)).person().names
    assert {"desk1\\no.such.account", "staff", "desk1\\staff", "everyone"} <= names
    assert "no.such.account" not in names


def test_a_visitor_is_nobody() -> None:
    assert User("a", "Anon001", "visitor").person() is VISITOR
