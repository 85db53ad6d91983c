from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from footlight.broker.decision import LaunchRequest
from footlight.broker.launched import Launched
from footlight.sessions import queries

UP, SHOWN = {"established_at_ms": 5}, {"first_picture_ms": 7}


async def phases_of(rooms: Any, launched: Launched) -> list[str]:
    return [phase.name for phase in await rooms.store.read(launched.phases)]


async def test_phases_of_what_is_up_and_of_what_is_shown(rooms: Any) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.host.report()
    uid = (await rooms.store.read(lambda c: queries.row(c, made.session_id))).uid
    before = SimpleNamespace(uid=uid, established_at_ms=None, first_picture_ms=None)

    launched = Launched()
    assert await phases_of(rooms, launched) == []
    launched.note(before, {"display": 1})
    assert await phases_of(rooms, launched) == []
    launched.note(before, UP)
    launched.note(before, UP)
    found = await phases_of(rooms, launched)
    assert found.count("total") == found.count("brokering") == 1
    assert "first_picture" not in found


async def test_what_was_so_before_is_not_counted_again(rooms: Any) -> None:
    before = SimpleNamespace(uid=1, established_at_ms=5, first_picture_ms=7)
    launched = Launched()
    launched.note(before, UP | SHOWN)
    assert await phases_of(rooms, launched) == []
