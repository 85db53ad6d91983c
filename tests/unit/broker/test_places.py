from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, func, select
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.broker import places
from footlight.broker.choose import Wish
from footlight.broker.decision import LaunchRequest
from footlight.broker.load import FULL, Scale
from footlight.broker.refusal import Reason
from footlight.caller import Permission
from footlight.site import placement_rules, resources
from footlight.store import schema
from footlight.wire.own import PlacementRules

_m = schema.machines
_g = schema.delivery_groups


@pytest.fixture
async def group(rooms: Any) -> Any:
    query = select(_g).where(_g.c.is_sample)
    return await rooms.store.read(lambda c: c.execute(query).one())


async def found(rooms: Any, group_id: str, **options: Any) -> dict[str, Any]:
    tag = options.pop("tag", None)
    wish = Wish({group_id}, tag=tag)
    rows = await rooms.store.read(
        lambda c: places.places(c, wish, options.get("scale", Scale()), options.get("launcher"))
    )
    return {one.machine.id: one for one in rows}


async def live(rooms: Any) -> dict[str, tuple[int, int]]:
    """By machine: what its row says, and what there is."""
    s = schema.sessions
    count = select(func.count()).where(s.c.machine_id == _m.c.id, s.c.ended_at_ms.is_(None))
    query = select(_m.c.id, _m.c.live_sessions, count.scalar_subquery())
    return {row[0]: (row[1], row[2]) for row in await rooms.store.read(lambda c: c.execute(query))}


async def test_the_row_counts_its_live_sessions(rooms: Any) -> None:
    other = await add_machine(rooms, "other")
    made = [
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
        for _ in range(3)
    ]
    assert (await live(rooms))[MACHINE_ID] == (3, 3)
    await rooms.actions.log_off(rooms.admin, made[0].session_id)
    await rooms.host.report()
    assert (await live(rooms))[MACHINE_ID] == (2, 2)
    s = schema.sessions

    async def write(statement: Any) -> None:
        await rooms.store.write(lambda tx: tx.connection.execute(statement) and None)

    moved = s.c.id == made[1].session_id
    await write(s.update().where(moved).values(machine_id=other))
    assert await live(rooms) == {MACHINE_ID: (1, 1), other: (1, 1)}
    await write(s.update().where(moved).values(machine_id=other, ended_at_ms=5))
    await write(s.update().where(moved).values(ended_at_ms=6))
    await write(s.delete())
    assert await live(rooms) == {MACHINE_ID: (0, 0), other: (0, 0)}


async def test_the_index_is_of_the_report_and_of_the_sessions_that_there_are(
    rooms: Any, group: Any
) -> None:
    busy = _m.update().values(load_cpu=4000, load_memory=2000)
    await rooms.store.write(lambda tx: tx.connection.execute(busy) and None)
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    scale = Scale(weights=(1, 1, 2), full_sessions=4)
    place = (await found(rooms, group.id, scale=scale))[MACHINE_ID]
    assert place.index == (4000 + 2000 + 2 * 2500) // 4
    assert (await found(rooms, group.id, scale=Scale(full_sessions=1)))[MACHINE_ID].index == FULL


async def test_the_room_of_the_group(rooms: Any, group: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await add_machine(rooms, "second", delivery_group_id=group.id)
    wanted = PlacementRules(max_sessions=9, max_sessions_per_user=2, zone="Primary", zone_only=True)
    z = schema.zones
    zone = await rooms.store.read(lambda c: c.execute(select(z)).one())
    wanted = PlacementRules(max_sessions=9, max_sessions_per_user=2, zone=zone.name, zone_only=True)
    await rooms.store.write(lambda tx: placement_rules.put(tx, rooms.admin, group, wanted))
    rows = await found(rooms, group.id)
    assert len(rows) == 2
    (room,) = {one.room for one in rows.values()}
    assert (room.sessions, room.max_sessions, room.max_user_sessions) == (1, 9, 2)
    assert (room.name, room.zone_id, room.zone_only) == (group.name, zone.id, True)


async def test_tags_and_rights_of_who_launches(rooms: Any, group: Any) -> None:
    other = await add_machine(rooms, "tagged", delivery_group_id=group.id)

    def write(tx: Any) -> None:
        tx.connection.execute(schema.tags.insert().values(id="t", name="quick"))
        link = {"tag_id": "t", "object_kind": "Machine", "object_id": other}
        tx.connection.execute(schema.tag_objects.insert().values(**link))

    await rooms.store.write(write)
    rows = await found(rooms, group.id, tag="t")
    assert {one: set(place.tags) for one, place in rows.items()} == {
        MACHINE_ID: set(),
        other: {"t"},
    }
    scope = await add_scope(rooms, "empty")
    eve = await limited(rooms, "eve", scope, Permission.LAUNCH_AS)
    assert not any(one.allowed for one in (await found(rooms, group.id, launcher=eve)).values())
    assert all(one.allowed for one in (await found(rooms, group.id)).values())


async def test_what_the_user_has_by_group(rooms: Any, group: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="bob"))
    account_id = rooms.admin.account_id
    own = await rooms.store.read(lambda c: places.own_sessions(c, account_id))
    assert own == {group.id: 1}
    out = _m.update().values(delivery_group_id=None)
    await rooms.store.write(lambda tx: tx.connection.execute(out) and None)
    assert await rooms.store.read(lambda c: places.own_sessions(c, account_id)) == {"": 1}


async def test_limits_of_the_user_and_the_resource(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Terminal"))
    r = schema.resources

    async def reached(account_id: str, most_of_user: int = 0, **limits: int) -> Reason | None:
        values = {"max_total_instances": 0, "max_per_user_instances": 0, **limits}
        await rooms.store.write(
            lambda tx: tx.connection.execute(r.update().values(values)) and None
        )

        def read(connection: Any) -> Reason | None:
            resource = resources.find(connection, "Terminal")
            assert resource is not None
            own = places.own_sessions(connection, account_id)
            return places.limit_reached(connection, resource, account_id, own, most_of_user)

        answer: Reason | None = await rooms.store.read(read)
        return answer

    admin, other = rooms.admin.account_id, "somebody"
    assert await reached(admin) is None
    assert await reached(admin, 1) is Reason.USER_LIMIT
    assert await reached(other, 1) is None
    assert await reached(admin, 2) is None
    assert await reached(other, max_total_instances=1) is Reason.INSTANCES
    assert await reached(admin, max_per_user_instances=1) is Reason.USER_INSTANCES
    assert await reached(other, max_per_user_instances=1) is None


async def test_no_query_reads_the_sessions_of_others(rooms: Any, group: Any) -> None:
    """All that is asked of `sessions` is asked through an index, by account or resource."""
    asked: list[str] = []
    account_id = rooms.admin.account_id

    def work(connection: Any) -> None:
        def heard(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        event.listen(connection, "before_cursor_execute", heard)
        try:
            places.places(connection, Wish({group.id}), Scale())
            places.own_sessions(connection, account_id)
        finally:
            event.remove(connection, "before_cursor_execute", heard)

    await rooms.store.read(work)
    of_sessions = [text for text in asked if "sessions." in text and "live_sessions" not in text]
    assert len(of_sessions) == 1
    assert "sessions.account_id =" in of_sessions[0]
    assert len(asked) == 5
