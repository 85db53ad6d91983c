from __future__ import annotations

from typing import Any

from footlight.policies import reviews


async def pending(ground: Any, session_id: str) -> list[str]:
    found: list[str] = await ground.store.read(lambda c: reviews.pending(c, [session_id]))
    return found


async def test_an_address_is_looked_at_where_a_policy_does(ground: Any) -> None:
    await ground.rooms.broker.stop()  # nobody decides meanwhile
    await ground.policy("Others", users=["eve"])
    session_id = "s" * 36
    await ground.store.write(lambda tx: reviews.ask_moved(tx, [session_id]))
    assert await pending(ground, session_id) == []
    await ground.policy("Outside", client_addresses=["192.0.2.0/24"])
    for _ in range(2):
        await ground.store.write(lambda tx: reviews.ask_moved(tx, [session_id, session_id]))
    assert await pending(ground, session_id) == [session_id]
    assert await ground.store.read(lambda c: reviews.oldest(c, 5)) == [session_id]
    await ground.store.write(lambda tx: reviews.done(tx, [session_id]))
    assert await pending(ground, session_id) == []
