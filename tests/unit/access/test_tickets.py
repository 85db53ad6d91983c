from __future__ import annotations

from sqlalchemy import select

from footlight.access import tickets
from footlight.access.tickets import Ticket
from footlight.clock import FakeClock
from footlight.store import schema
from footlight.store.store import Store, Tx

TICKET = Ticket("s", "a", "view")


def tx_of(connection, clock: FakeClock) -> Tx:  # type: ignore[no-untyped-def]
    return Tx(connection, clock.now_ms())


async def test_a_ticket_opens_once_and_for_a_minute(store: Store) -> None:
    clock = FakeClock()
    make = lambda tx: tickets.make(tx_of(tx.connection, clock), TICKET)  # noqa: E731
    text, expires_at_ms = await store.write(make)
    late, _ = await store.write(make)
    assert expires_at_ms - clock.now_ms() == 60_000

    async def redeem(given: str) -> Ticket | None:
        return await store.write(lambda tx: tickets.redeem(tx_of(tx.connection, clock), given))

    assert await redeem(text) == TICKET
    assert await redeem(text) is None
    clock.advance(60_001)
    assert await redeem(late) is None
    assert await redeem("unknown") is None


async def test_only_a_hash_is_kept_and_old_ones_go(store: Store) -> None:
    clock = FakeClock()
    for _ in range(3):
        text, _ = await store.write(lambda tx: tickets.make(tx_of(tx.connection, clock), TICKET))
        clock.advance(60_001)
    rows = await store.read(lambda c: list(c.execute(select(schema.tickets))))
    assert len(rows) == 1
    assert text not in str(rows)
