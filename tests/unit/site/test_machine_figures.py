from __future__ import annotations

from typing import Any

from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.caller import Permission
from footlight.site import machine_figures
from footlight.site.machine_figures import FULL_LOAD, Standing


async def fleet(rooms: Any) -> dict[str, str]:
    """Ids of machines by name; the site's own machine beside them."""
    return {
        "full": await add_machine(
            rooms, "FULL", registered=True, load_index=FULL_LOAD, live_sessions=9
        ),
        "busy": await add_machine(rooms, "BUSY", registered=True, load_index=500, live_sessions=3),
        "silent": await add_machine(rooms, "SILENT", registered=False, in_maintenance=True),
        "closed": await add_machine(
            rooms, "CLOSED", registered=True, in_maintenance=True, load_index=FULL_LOAD
        ),
    }


async def test_each_machine_is_counted_once(rooms: Any) -> None:
    before = await rooms.store.read(lambda c: machine_figures.standing(c, rooms.admin))
    await fleet(rooms)
    found = await rooms.store.read(lambda c: machine_figures.standing(c, rooms.admin))
    assert found == Standing(before.total + 4, before.silent + 1, before.maintenance + 1, 1)


async def test_the_fullest_come_first_and_silent_ones_not_at_all(rooms: Any) -> None:
    await fleet(rooms)
    found = await rooms.store.read(lambda c: machine_figures.fullest(c, rooms.admin, 2))
    assert [row.name.rpartition("\\")[2] for row in found] == ["FULL", "CLOSED"]
    every = await rooms.store.read(lambda c: machine_figures.fullest(c, rooms.admin, 99))
    assert "SILENT" not in [row.name.rpartition("\\")[2] for row in every]


async def test_a_limited_caller_counts_what_it_sees(rooms: Any) -> None:
    await fleet(rooms)
    scope = await add_scope(rooms, "Nothing")
    caller = await limited(rooms, "ada", scope, Permission.MACHINE_READ)
    found = await rooms.store.read(lambda c: machine_figures.standing(c, caller))
    assert found == Standing(0, 0, 0, 0)
    assert await rooms.store.read(lambda c: machine_figures.fullest(c, caller, 9)) == []
