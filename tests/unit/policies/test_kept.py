from __future__ import annotations

from typing import Any

import pytest

from footlight.caller import FULL_GRANT, Grant
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.policies import explained, kept
from footlight.policies.times import DAYS
from footlight.store import schema
from footlight.wire.policies import NewPolicy, PolicyOutcome, PolicyTimes


async def names(ground: Any) -> list[str]:
    rows = await ground.store.read(kept.every)
    assert [row.position for row in rows] == [*range(1, len(rows) + 1)]
    return [row.name for row in rows]


async def test_places_are_without_gaps_whatever_is_moved_and_deleted(ground: Any) -> None:
    for name in "abcd":
        await ground.policy(name)
    await ground.policy("first", position=1)
    assert await names(ground) == ["first", "a", "b", "c", "d"]
    await ground.change("c", position=1)
    assert await names(ground) == ["c", "first", "a", "b", "d"]
    await ground.store.write(lambda tx: kept.delete(tx, ground.admin, "first"))
    assert await names(ground) == ["c", "a", "b", "d"]
    ids = {row.name: row.id for row in await ground.store.read(kept.every)}
    wanted = [ids[name] for name in "dcba"]
    await ground.store.write(lambda tx: kept.order(tx, ground.admin, wanted))
    assert await names(ground) == ["d", "c", "b", "a"]
    with pytest.raises(Invalid):
        await ground.store.write(lambda tx: kept.order(tx, ground.admin, wanted[1:]))


async def test_a_policy_is_read_as_it_is_decided_by(ground: Any) -> None:
    await ground.policy(
        "Whole",
        users=["Everyone", "OIDC\\Ops"],
        resources=["desktop"],
        client_addresses=["192.0.2.77/24"],
        times=[PolicyTimes(days=["Sunday"], start="22:00", end="06:00", time_zone="Asia/Tokyo"),
               PolicyTimes()],
    )  # fmt: skip
    [policy] = await ground.store.read(kept.in_order)
    found = policy.conditions
    assert found.users == {"everyone", "oidc\\ops"}
    assert len(found.resources) == 1
    assert [str(one) for one in found.client_addresses] == ["192.0.2.0/24"]
    night, always = found.times
    assert (night.days, night.start, night.end, str(night.zone)) == ({6}, 1320, 360, "Asia/Tokyo")
    assert (len(always.days), always.start, always.end) == (len(DAYS), 0, 1440)


async def test_who_holds_the_permission_in_a_scope_alone_changes_nothing(ground: Any) -> None:
    row = await ground.policy("kept")
    permissions = FULL_GRANT.permissions
    ada = ground.rooms.caller(
        await ground.rooms.account("ada"), grants=(Grant(permissions, frozenset({"ward"})),)
    )
    new = NewPolicy(name="new", then=PolicyOutcome(record="no"))
    with pytest.raises(Forbidden):
        await ground.store.write(lambda tx: kept.create(tx, ada, new, "FOOTLIGHT"))
    with pytest.raises(Forbidden):
        await ground.store.write(lambda tx: kept.delete(tx, ada, row.id))
    with pytest.raises(Forbidden):
        await ground.store.write(lambda tx: kept.order(tx, ada, [row.id]))
    assert await names(ground) == ["kept"]


async def test_names_are_unique_and_rows_are_bounded(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ground.policy("One")
    with pytest.raises(Conflict):
        await ground.policy("one")
    monkeypatch.setattr(kept, "MOST_POLICIES", 1)
    with pytest.raises(Conflict, match="at most 1"):
        await ground.policy("Two")
    with pytest.raises(NotFound):
        await ground.change("Two", enabled=False)


async def test_an_object_that_is_gone_stays_by_its_id(ground: Any) -> None:
    tag_id = new_guid()
    tags = schema.tags
    await ground.store.write(
        lambda tx: tx.connection.execute(tags.insert().values(id=tag_id, name="prod"))
    )
    before = await ground.policy("Tagged", tags=["PROD"])
    await ground.store.write(
        lambda tx: tx.connection.execute(tags.delete().where(tags.c.id == tag_id))
    )
    [shown] = await ground.store.read(lambda c: explained.views(c, [before]))
    assert shown.conditions.tags == [tag_id]
    after = await ground.change("Tagged", conditions=shown.conditions)
    assert after.conditions == before.conditions
    with pytest.raises(Invalid):
        await ground.policy("Another", tags=[tag_id])
