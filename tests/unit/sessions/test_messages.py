from __future__ import annotations

from typing import Any

import pytest

from footlight.broker.decision import LaunchRequest
from footlight.errors import LimitReached
from footlight.sessions import messages, queries
from footlight.sessions.messages import NewMessage
from footlight.store import schema

NEW = NewMessage("Question", "T", "x", "FOOTLIGHT\\admin")


@pytest.fixture
async def session_id(rooms: Any) -> str:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    rooms.host.silent = True
    return str(made.session_id)


async def generation(rooms: Any, session_id: str) -> int:
    row = await rooms.store.read(lambda c: queries.row(c, session_id))
    return int(row.generation)


async def test_wanted_shown_and_withdrawn(rooms: Any, session_id: str) -> None:
    before = await generation(rooms, session_id)
    first = await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))
    second = await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))
    assert await generation(rooms, session_id) == before + 2
    await rooms.store.write(lambda tx: messages.take_shown(tx, session_id, [first, "other"]))
    await rooms.store.write(lambda tx: messages.withdraw(tx, session_id, first))
    assert await rooms.store.read(lambda c: messages.is_shown(c, first))
    assert await generation(rooms, session_id) == before + 2
    (waiting,) = await rooms.store.read(lambda c: messages.pending(c, [session_id]))
    assert waiting.id == second
    await rooms.store.write(lambda tx: messages.withdraw(tx, session_id, second))
    assert await rooms.store.read(lambda c: messages.pending(c, [session_id])) == []
    assert await generation(rooms, session_id) == before + 3


async def test_those_that_wait_are_bounded(
    rooms: Any, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PENDING_AT_MOST", 1)
    await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))
    with pytest.raises(LimitReached):
        await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))


async def test_old_ones_are_forgotten(rooms: Any, session_id: str) -> None:
    kept = await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))
    old = await rooms.store.write(lambda tx: messages.want(tx, session_id, NEW))
    t = schema.messages
    past = t.update().where(t.c.id == old).values(ordered_at_ms=1)
    await rooms.store.write(lambda tx: tx.connection.execute(past) and None)
    await rooms.store.write(messages.forget_old)
    rows = await rooms.store.read(lambda c: messages.pending(c, [session_id]))
    assert [row.id for row in rows] == [kept]
