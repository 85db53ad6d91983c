from __future__ import annotations

from typing import Any

import pytest

from footlight.errors import Conflict, Invalid, NotFound
from footlight.site import desktops, entitlement, groups
from footlight.site.entitlement import Rule
from footlight.wire.rest.delivery_group import DesktopRequest


async def put(rooms: Any, *wanted: DesktopRequest) -> list[Any]:
    def write(tx: Any) -> list[Any]:
        row = groups.get(tx.connection, rooms.admin, "Everyone")
        desktops.put(tx, row, wanted, "FOOTLIGHT")
        return list(desktops.of_group(tx.connection, row.id))

    found: list[Any] = await rooms.store.write(write)
    return found


async def test_desktops_are_matched_by_id_or_name(rooms: Any) -> None:
    (sample,) = await put(rooms, DesktopRequest(name="desktop", description="the first"))
    assert (sample.name, sample.published_name) == ("desktop", "Desktop")
    same, other = await put(
        rooms,
        DesktopRequest(id=sample.id, max_desktops=2),
        DesktopRequest(published_name="Desktop", included_users=["FOOTLIGHT\\ada"]),
    )
    assert (same.id, same.description, desktops.kept(same).max_desktops) == (
        sample.id, "the first", 2,
    )  # fmt: skip
    assert other.name == "Desktop 2"
    rules = await rooms.store.read(lambda c: entitlement.rules(c, [other.id]))
    assert rules[other.id] == Rule(included_only=True, included=("ada",))
    assert await put(rooms) == []
    assert await rooms.store.read(lambda c: entitlement.rules(c, [other.id])) == {}


async def test_what_cannot_be_published(rooms: Any) -> None:
    await put(rooms, DesktopRequest(name="One"), DesktopRequest(name="Two"))
    one, _ = await put(rooms, DesktopRequest(name="One"), DesktopRequest(name="Two"))
    for wrong, refusal in (
        (DesktopRequest(id="x"), NotFound),
        (DesktopRequest(id=one.id, name="two"), Conflict),
        (DesktopRequest(name="One", icon="999"), NotFound),
        (DesktopRequest(name="One", restrict_to_tag="none"), NotFound),
        (DesktopRequest(name="One", max_desktops=-1), Invalid),
        (DesktopRequest(name="One", published_name="x" * 65), Invalid),
    ):
        with pytest.raises(refusal):
            await put(rooms, wrong, DesktopRequest(name="Two"))
    with pytest.raises(Invalid):
        await put(rooms, *[DesktopRequest(name=f"d{number}") for number in range(101)])


async def test_a_list_switches_itself_on(rooms: Any) -> None:
    async def merged(rule: Rule, **members: Any) -> Rule:
        request = DesktopRequest(**members)
        found: Rule = await rooms.store.read(
            lambda c: desktops.merged_rule(c, rule, request, "FOOTLIGHT")
        )
        return found

    assert await merged(Rule()) == Rule()
    assert await merged(Rule(), included_users=["ada"]) == Rule(True, included=("ada",))
    off = await merged(Rule(), included_users=["ada"], included_user_filter_enabled=False)
    assert off == Rule(included=("ada",))
    assert await merged(Rule(True, included=("ada",)), included_users=[]) == Rule()
