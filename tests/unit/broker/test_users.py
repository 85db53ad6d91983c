from __future__ import annotations

from typing import Any

from footlight.access import accounts
from footlight.broker.users import User, user_of


async def test_a_name_means_the_account_of_its_domain(rooms: Any) -> None:
    def write(tx: Any) -> tuple[str, str]:
        ours = accounts.create(tx, "ada", source="oidc", external_id="https://x u-1")
        accounts.set_groups(tx, ours.id, "oidc", ["Staff"])
        theirs = accounts.create(tx, "ada", source="os", external_id="1000", domain="desk1")
        return ours.id, theirs.id

    ours, theirs = await rooms.store.write(write)

    async def user(name: str | None) -> User:
        found: User = await rooms.store.read(lambda c: user_of(c, rooms.admin, "FOOTLIGHT", name))
        return found

    for name in ("ada", "ADA", ".\\ada", "footlight\\ada"):
        assert await user(name) == User(ours, "ada", "oidc", (("oidc", "staff"),))
    assert (await user("DESK1\\ada")).account_id == theirs
    assert (await user(None)).account_id == rooms.admin.account_id
    for name in ("nobody", "OTHER\\nobody"):
        unknown = await user(name)
        assert (unknown.account_id, unknown.name, unknown.key) == ("", "nobody", "nobody")
    assert (await user("ada")).key == ours
