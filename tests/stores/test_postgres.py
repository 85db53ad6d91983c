"""What the store over PostgreSQL promises beyond the suite of both engines (tests/unit with
`--database postgresql`): several servers on one database, and a database that goes away."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from footlight.clock import SystemClock
from footlight.errors import Invalid, Unavailable
from footlight.store import notices, postgres, schema
from footlight.store.address import PostgresAddress
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store, Tx
from postgres_server import PostgresServer

_z = schema.zones


@pytest.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[PostgresAddress]:
    name = await postgres.copy()
    yield postgres.address(name)
    await postgres.drop(name)


@pytest.fixture
async def pair(database: PostgresAddress) -> AsyncIterator[tuple[Store, Store]]:
    """Two servers' stores over one database."""
    first, second = [await open_store(database, SystemClock()) for _ in range(2)]
    yield first, second
    await first.close()
    await second.close()


def add_zone(tx: Tx, name: str) -> None:
    tx.connection.execute(_z.insert().values(id=name, name=name, is_primary=False))


async def names(store: Store) -> list[str]:
    return await store.read(
        lambda c: list(c.execute(select(_z.c.name).order_by(_z.c.name)).scalars())
    )


async def soon(look: Callable[[], bool]) -> None:
    for _ in range(500):
        if look():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it has not come about")


async def test_read_then_write_of_two_servers_loses_no_update(pair: tuple[Store, Store]) -> None:
    def count_up(tx: Tx) -> None:
        value = int(tx.connection.execute(select(_z.c.name)).scalar_one())
        tx.connection.execute(update(_z).values(name=str(value + 1)))

    await pair[0].write(lambda tx: add_zone(tx, "0"))
    await asyncio.gather(*(store.write(count_up) for store in pair for _ in range(40)))
    assert await names(pair[0]) == ["80"]


async def test_two_servers_that_start_at_once_migrate_one_after_the_other(
    postgres: PostgresServer,
) -> None:
    name = await postgres.copy("template1")
    address = postgres.address(name)
    await asyncio.gather(*(asyncio.to_thread(migrate, address) for _ in range(2)))
    assert await postgres.query(name, "SELECT * FROM outbox") == []
    await postgres.drop(name)


async def test_one_of_two_servers_makes_what_may_be_once(pair: tuple[Store, Store]) -> None:
    def make(tx: Tx) -> bool:
        if tx.connection.execute(select(_z.c.id)).first() is not None:
            return False
        add_zone(tx, "only")
        return True

    made = await asyncio.gather(*(store.write(make) for store in pair for _ in range(10)))
    assert sum(made) == 1


async def test_no_event_comes_up_below_one_that_was_seen(pair: tuple[Store, Store]) -> None:
    """A reader that goes on after the highest number meets every event."""
    _o = schema.outbox
    total = 2 * 30 * 3
    met: list[int] = []

    def beyond(connection: Any) -> list[int]:
        after = met[-1] if met else 0
        query = select(_o.c.seq).where(_o.c.seq > after).order_by(_o.c.seq)
        return list(connection.execute(query).scalars())

    async def follow() -> None:
        while len(met) < total:
            met.extend(await pair[0].read(beyond))
            await asyncio.sleep(0)

    def emit(tx: Tx) -> None:
        for number in range(3):
            tx.emit("session", str(number))

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(follow())
        for store in pair:
            for _ in range(30):
                group.create_task(store.write(emit))
    count = await pair[0].read(lambda c: c.execute(select(func.count()).select_from(_o)).scalar())
    assert count == total
    assert met == sorted(set(met))


async def test_another_server_hears_of_a_commit_and_the_own_one_once(
    pair: tuple[Store, Store],
) -> None:
    heard: tuple[list[Any], list[Any]] = ([], [])
    for store, into in zip(pair, heard, strict=True):
        store.on_commit(into.append)
    await pair[0].write(lambda tx: tx.emit("machine", "m"))
    await pair[0].write(lambda tx: None)
    await soon(lambda: bool(heard[1]))
    await pair[1].write(lambda tx: tx.emit("session", "s"))
    await soon(lambda: len(heard[0]) == 2)
    assert heard == ([frozenset({"machine"}), frozenset({"session"})],) * 2


async def test_a_read_is_one_snapshot_and_writes_nothing(pair: tuple[Store, Store]) -> None:
    """The second look sees what the first one saw, whatever is committed between them."""
    loop = asyncio.get_running_loop()
    between = asyncio.Event()

    def look_twice(connection: Any) -> tuple[int, int]:
        count = select(func.count()).select_from(_z)
        before = connection.execute(count).scalar_one()
        loop.call_soon(between.set)
        connection.execute(text("SELECT pg_sleep(0.3)"))
        return before, connection.execute(count).scalar_one()

    reading = asyncio.ensure_future(pair[0].read(look_twice))
    await between.wait()
    await pair[1].write(lambda tx: add_zone(tx, "late"))
    assert not reading.done()
    assert await reading == (0, 0)
    assert await names(pair[0]) == ["late"]


async def test_a_cancelled_read_leaves_the_pool_whole(pair: tuple[Store, Store]) -> None:
    sleep = text("SELECT pg_sleep(0.2)")
    reads = [
        asyncio.ensure_future(pair[0].read(lambda c: c.execute(sleep) and None)) for _ in range(20)
    ]
    await asyncio.sleep(0.05)
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    assert all(read.cancelled() for read in reads)
    assert await names(pair[0]) == []


@pytest.mark.parametrize("name", ["x" * 65, "a\0b", "\ud800"])
async def test_a_value_that_does_not_fit_is_a_refusal(pair: tuple[Store, Store], name: str) -> None:
    with pytest.raises(Invalid, match="A value is too long"):
        await pair[0].write(lambda tx: add_zone(tx, name))
    await pair[0].write(lambda tx: add_zone(tx, "fits"))
    assert await names(pair[0]) == ["fits"]


@pytest.mark.expects_errors
async def test_the_line_for_the_writer_is_bounded(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair[0]._writer.pool, "_timeout", 0.1)  # type: ignore[attr-defined]
    sleep = text("SELECT pg_sleep(0.4)")
    first = asyncio.ensure_future(pair[0].write(lambda tx: tx.connection.execute(sleep) and None))
    await asyncio.sleep(0.05)
    with pytest.raises(Unavailable, match="busy"):
        await pair[0].write(lambda tx: add_zone(tx, "a"))
    await first
    await pair[0].write(lambda tx: add_zone(tx, "b"))
    assert await names(pair[0]) == ["b"]


# --- a database that goes away --------------------------------------------------------------------


@pytest.fixture(scope="module")
def frail(new_postgres: Callable[[], PostgresServer]) -> PostgresServer:
    """A server that tests may break."""
    return new_postgres()


def ask(connection: Any) -> int:
    return int(connection.execute(text("SELECT 1")).scalar_one())


def ask_in_turn(tx: Tx) -> int:
    return ask(tx.connection)


@pytest.mark.expects_errors
async def test_a_restart_costs_nothing_once_it_is_over(frail: PostgresServer) -> None:
    store = await open_store(frail.address("postgres"), SystemClock())
    await asyncio.gather(*(store.read(ask) for _ in range(8)), store.write(ask_in_turn))
    await asyncio.to_thread(frail.stop, signal.SIGQUIT)
    await asyncio.to_thread(frail.start)
    assert await store.read(ask) == 1
    assert await store.write(ask_in_turn) == 1
    await store.close()


@pytest.mark.expects_errors
async def test_while_it_is_gone_the_store_is_unavailable_and_says_so_once(
    frail: PostgresServer, error_logs: list[dict[str, Any]]
) -> None:
    store = await open_store(frail.address("postgres"), SystemClock())
    await store.read(ask)
    await asyncio.to_thread(frail.stop)
    try:
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"^The database does not answer\.$"):
                await store.read(ask)
            with pytest.raises(Unavailable):
                await store.write(ask_in_turn)
    finally:
        await asyncio.to_thread(frail.start)
    assert await store.write(ask_in_turn) == 1
    assert [log["event"] for log in error_logs] == ["database is lost"]
    await store.close()


@pytest.mark.expects_errors
async def test_a_store_is_not_opened_over_nothing(frail: PostgresServer) -> None:
    with pytest.raises(Unavailable):
        await open_store(frail.address("nowhere"), SystemClock())


@pytest.mark.expects_errors
async def test_notices_are_heard_again_and_what_was_missed_is_told(
    frail: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "CONNECT_AGAIN_S", 0.05)
    store = await open_store(frail.address("postgres"), SystemClock())
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    now_ms = SystemClock().now_ms()
    await frail.query(
        "postgres",
        "CREATE TABLE outbox (kind text, at_ms bigint)",
        f"INSERT INTO outbox VALUES ('missed', {now_ms}), ('old', {now_ms - 600_000})",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LISTEN%'"
        " AND pid <> pg_backend_pid()",
    )
    await soon(lambda: bool(heard))
    assert heard == [frozenset({"missed"})]
    await frail.query("postgres", "SELECT pg_notify('footlight', 'another session job')")
    await soon(lambda: len(heard) == 2)
    assert heard[1] == {"session", "job"}
    await store.close()


@pytest.mark.expects_errors
async def test_a_frozen_database_is_given_up(
    frail: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "COMMAND_TIMEOUT_S", 0.3)
    store = await open_store(frail.address("postgres"), SystemClock())
    await store.read(ask)
    assert frail.process is not None
    pids = [
        frail.process.pid,
        *(row["pid"] for row in await frail.query("postgres", "SELECT pid FROM pg_stat_activity")),
    ]
    for pid in pids:
        if os.path.exists(f"/proc/{pid}"):
            os.kill(pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(20):
            with pytest.raises(Unavailable):
                await store.read(ask)
    finally:
        for pid in pids:
            if os.path.exists(f"/proc/{pid}"):
                os.kill(pid, signal.SIGCONT)
    assert await store.read(ask) == 1
    await store.close()


async def test_a_server_that_stops_in_its_turn_does_not_hold_up_the_others(
    pair: tuple[Store, Store],
) -> None:
    settings = await pair[0].read(
        lambda c: {
            row.name: row.setting
            for row in c.execute(text("SELECT name, setting FROM pg_settings"))
        }
    )
    assert settings["idle_in_transaction_session_timeout"] == "5000"
    assert settings["statement_timeout"] == "20000"
    assert settings["lock_timeout"] == "10000"
    assert settings["default_transaction_read_only"] == "off"
