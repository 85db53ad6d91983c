from __future__ import annotations

from typing import Any

import pytest

from footlight.site import entitlement, offers, resources
from footlight.site.entitlement import OPEN, Person, Rule
from footlight.site.offers import Closed, Group, open_groups
from footlight.store import schema

ADA = Person(frozenset({"ada", "staff"}))
ONLY_ZOE = Rule(included_only=True, included=("zoe",))
NOT_STAFF = Rule(use_excluded=True, excluded=("staff",))


def group(name: str, *, enabled: bool = True, kept: bool = False, rule: Rule = OPEN) -> Group:
    return Group(name, enabled, kept, rule)


@pytest.mark.parametrize(
    ("rule", "groups", "wanted"),
    [
        (OPEN, [], ()),
        (OPEN, [group("a"), group("b")], ("a", "b")),
        (ONLY_ZOE, [group("a")], Closed.NOT_ENTITLED),
        (OPEN, [group("a", rule=NOT_STAFF)], Closed.NOT_ENTITLED),
        (OPEN, [group("a", rule=ONLY_ZOE), group("b")], ("b",)),
        (OPEN, [group("a", enabled=False)], Closed.DISABLED),
        (OPEN, [group("a", enabled=False), group("b")], ("b",)),
        (OPEN, [group("a", kept=True)], Closed.IN_MAINTENANCE),
        (OPEN, [group("a", kept=True), group("b")], ("b",)),
        (OPEN, [group("a", enabled=False, kept=True)], Closed.DISABLED),
        # Why it is closed to others is not told.
        (OPEN, [group("a", enabled=False, rule=ONLY_ZOE)], Closed.NOT_ENTITLED),
    ],
)
def test_open_groups(rule: Rule, groups: list[Group], wanted: Any) -> None:
    assert open_groups(ADA, rule, groups) == wanted


async def test_the_list_shows_what_may_be_launched(rooms: Any) -> None:
    async def names() -> list[str]:
        found = await rooms.store.read(lambda c: offers.listed(c, ADA))
        return [one.name for one in found]

    everything = ["Desktop", "Terminal", "Text Editor", "Web Browser"]
    assert await names() == everything
    terminal = await rooms.store.read(lambda c: resources.find(c, "Terminal"))
    await rooms.store.write(lambda tx: entitlement.put(tx, terminal.id, ONLY_ZOE))
    assert await names() == ["Desktop", "Text Editor", "Web Browser"]
    g = schema.delivery_groups
    await rooms.store.write(
        lambda tx: tx.connection.execute(g.update().values(in_maintenance=True)) and None
    )
    assert await names() == ["Desktop", "Text Editor", "Web Browser"]
    await rooms.store.write(
        lambda tx: tx.connection.execute(g.update().values(enabled=False)) and None
    )
    assert await names() == []
    closed = await rooms.store.read(lambda c: offers.offered(c, ADA, [terminal]))
    assert closed == {terminal.id: Closed.NOT_ENTITLED}


async def test_by_group(rooms: Any) -> None:
    terminal = await rooms.store.read(lambda c: resources.find(c, "Terminal"))
    (group_id,) = terminal.delivery_group_ids

    async def why(rule: Rule) -> Closed | None:
        await rooms.store.write(lambda tx: entitlement.put(tx, group_id, rule))
        found = await rooms.store.read(lambda c: offers.by_group(c, ADA, terminal))
        return found[group_id]  # type: ignore[no-any-return]

    assert await why(OPEN) is None
    assert await why(ONLY_ZOE) is Closed.NOT_ENTITLED
