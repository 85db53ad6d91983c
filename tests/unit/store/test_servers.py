from __future__ import annotations

from sqlalchemy import select, update

from footlight.store import schema, servers
from footlight.store.servers import FORGOTTEN_AFTER_MS, GONE_AFTER_MS, Server
from footlight.store.store import Store, Tx

ONE, TWO = (Server(digit * 36, "host", "1.0") for digit in "12")


def age(tx: Tx, ms: int) -> None:
    seen = schema.servers.c.seen_at_ms
    chosen = update(schema.servers).where(schema.servers.c.id == ONE.id)
    tx.connection.execute(chosen.values(seen_at_ms=seen - ms))


async def test_who_is_silent_is_gone_and_comes_back(store: Store) -> None:
    for server in (ONE, TWO):
        await store.write(lambda tx, server=server: servers.arrive(tx, server))
    await store.write(lambda tx: age(tx, GONE_AFTER_MS + 5_000))
    alive = await store.write(lambda tx: servers.alive(tx.connection, tx.now_ms))
    assert alive == {TWO.id}
    await store.write(lambda tx: servers.say(tx, ONE))
    assert len(await store.write(lambda tx: servers.alive(tx.connection, tx.now_ms))) == 2


async def test_rows_go_at_the_end_or_a_day_later(store: Store) -> None:
    for server in (ONE, TWO):
        await store.write(lambda tx, server=server: servers.arrive(tx, server))
    await store.write(lambda tx: servers.leave(tx, TWO.id))
    await store.write(lambda tx: age(tx, FORGOTTEN_AFTER_MS + 5_000))
    assert await store.write(lambda tx: servers.any_gone(tx.connection, tx.now_ms))
    await store.write(servers.forget_gone)
    assert await store.read(lambda c: c.execute(select(schema.servers)).all()) == []
    await store.write(lambda tx: servers.say(tx, ONE))  # it was only frozen
    await store.write(lambda tx: servers.arrive(tx, TWO, alone=True))
    ids = await store.read(lambda c: list(c.execute(select(schema.servers.c.id)).scalars()))
    assert ids == [TWO.id]
