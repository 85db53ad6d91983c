from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from footlight.site import spools
from footlight.store import schema
from footlight.wire.host import SpoolFacts

MACHINE_ID = "11111111-1111-4111-8111-111111111111"
MIB = 1024 * 1024
GOOD = SpoolFacts(size_bytes=5 * MIB, limit_bytes=1000 * MIB, oldest_at_ms=1)
BAD = SpoolFacts(
    size_bytes=500 * MIB,
    limit_bytes=1000 * MIB,
    failing_since_ms=1_700_000_000_000,
    failure="the object store does not answer",
)


async def column(rooms: Any) -> str | None:
    m = schema.machines
    query = select(m.c.spool).where(m.c.id == MACHINE_ID)
    return await rooms.store.read(lambda c: c.execute(query).scalar())  # type: ignore[no-any-return]


async def take(rooms: Any, facts: SpoolFacts) -> list[str]:
    """The kinds of events that it makes."""
    events: list[str] = []
    before = await column(rooms)

    def write(tx: Any) -> None:
        emit = tx.emit
        tx.emit = lambda kind, *rest: (events.append(kind), emit(kind, *rest))
        spools.take(tx, MACHINE_ID, facts, before)

    await rooms.store.write(write)
    return events


async def seen(rooms: Any) -> list[spools.Spool]:
    return await rooms.store.read(lambda c: spools.seen(c, rooms.admin))  # type: ignore[no-any-return]


async def test_only_what_matters_is_written_and_only_states_are_events(rooms: Any) -> None:
    assert await seen(rooms) == []
    assert await take(rooms, GOOD) == []
    (one,) = await seen(rooms)
    assert (one.machine_id, one.facts) == (MACHINE_ID, GOOD)
    slightly = SpoolFacts(size_bytes=6 * MIB, limit_bytes=1000 * MIB)
    assert await take(rooms, slightly) == []
    assert (await seen(rooms))[0].facts == GOOD
    more = SpoolFacts(size_bytes=100 * MIB, limit_bytes=1000 * MIB)
    assert await take(rooms, more) == []
    assert (await seen(rooms))[0].facts == more
    assert await take(rooms, BAD) == ["machine"]
    assert await take(rooms, BAD) == []
    assert (await seen(rooms))[0].facts == BAD
    assert await take(rooms, SpoolFacts(size_bytes=0, limit_bytes=1000 * MIB)) == ["machine"]


async def test_words_of_hosts_are_bounded(rooms: Any) -> None:
    loud = SpoolFacts(
        size_bytes=1, limit_bytes=1, failing_since_ms=1, failure="x" * 9999, full="y" * 9999
    )
    await take(rooms, loud)
    (one,) = await seen(rooms)
    assert (len(one.facts.failure or ""), len(one.facts.full or "")) == (300, 300)


@pytest.mark.parametrize("text", ["{}", "nonsense"])
async def test_what_is_not_understood_is_not_shown(rooms: Any, text: str) -> None:
    changed = update(schema.machines).values(spool=text)
    await rooms.store.write(lambda tx: tx.connection.execute(changed))
    assert await seen(rooms) == []
    await take(rooms, GOOD)
    assert len(await seen(rooms)) == 1


def test_words() -> None:
    assert spools.words_of(GOOD) == "Uploads work; 5 MiB in the spool of at most 1000 MiB."
    assert spools.words_of(BAD) == (
        "Uploads fail since 2023-11-14T22:13:20Z: the object store does not answer;"
        " 500 MiB in the spool of at most 1000 MiB."
    )
    full = SpoolFacts(size_bytes=0, limit_bytes=0, full="the disk is full")
    assert spools.words_of(full).endswith(" Recordings pause: the disk is full.")
