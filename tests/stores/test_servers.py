"""Two servers of one site: their parts in one process, over one PostgreSQL database and one bus."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from footlight.access import tickets
from footlight.access.tickets import Ticket
from footlight.archive.place import open_place
from footlight.assembly import Assembly, Ground, Role
from footlight.broker.decision import LaunchRequest
from footlight.bus.host_bus import GivenBus
from footlight.bus.inprocess import InProcessBus
from footlight.caller import Caller
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.embedded import forget_former
from footlight.errors import FootlightError, NotFound, Unauthenticated
from footlight.first_start import administrator, enter
from footlight.hooks import webhooks
from footlight.jobs.ledger import NewJob
from footlight.site import machines
from footlight.store import duties, leases, outbox, schema
from footlight.store.engines import open_store
from footlight.store.store import Store, Tx
from footlight.wire.own import NewWebhook
from postgres_server import PostgresServer
from unit.conftest import ScriptedHost

ROLE = Role(alone=False, own_bus=False)
SOON_S = 20.0


class Clock(SystemClock):
    """One that goes on while its server is frozen."""

    ahead_ns = 0

    def monotonic_ns(self) -> int:
        return super().monotonic_ns() + self.ahead_ns


@dataclass
class Two:
    """Both servers, and a host that either reaches."""

    first: Assembly
    second: Assembly
    clocks: tuple[Clock, Clock]
    host: ScriptedHost
    admin: Caller
    password: str

    @property
    def both(self) -> tuple[Assembly, Assembly]:
        return self.first, self.second

    @property
    def store(self) -> Store:
        return self.first.parts.store

    async def rows(self, table: Any) -> list[Any]:
        return await self.store.read(lambda c: list(c.execute(select(table))))

    async def launch(self) -> str:
        made = await self.first.parts.launcher.launch(self.admin, LaunchRequest("Desktop"))
        return made.session_id


async def made_ground(postgres: PostgresServer, name: str, folder: Path, bus: Any) -> Any:
    clock = Clock()
    config = SiteConfig(
        data_dir=folder, webhook_hosts="127.0.0.0/8", agent=False, tls="off",
        objects=str(folder.parent / "objects"),
    )  # fmt: skip
    data = DataDir(folder, folder.parent / "keys")
    store = await open_store(postgres.address(name), clock)
    site, secrets = await enter(store, config)
    place = open_place(config, site.token_key, clock, {})
    host_bus = GivenBus([], None)
    return Ground(config, data, store, bus, place, clock, site, ROLE, host_bus, ""), secrets


@pytest.fixture
async def two(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Two]:
    name, bus = await postgres.copy(), InProcessBus()
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
    made = [await made_ground(postgres, name, tmp_path / f, bus) for f in ("one", "two")]
    first, second = (Assembly(ground) for ground, _ in made)
    await first.start()
    await second.start()
    host = ScriptedHost(bus, SystemClock())
    await host.start()
    password = made[0][1].admin_password
    signed_in = await first.parts.access.sign_in("admin", password)
    admin = await first.parts.access.caller(signed_in.text, "203.0.113.5", "")
    clocks = (made[0][0].clock, made[1][0].clock)
    yield Two(first, second, clocks, host, admin, password)
    for assembly in (first, second):
        await assembly.quiet()
        await assembly.stop()
        await assembly.parts.store.close()
    await bus.close()
    await postgres.drop(name)


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(SOON_S):
        while not (found := await look()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


async def outcomes(*calls: Awaitable[Any]) -> list[Any]:
    """Their results or refusals; a fault is no outcome."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [
        one
        for one in found
        if isinstance(one, BaseException) and not isinstance(one, FootlightError)
    ] == []
    return found


# --- one effect of what is asked for on both ------------------------------------------------------


async def test_a_recording_started_on_both_is_one(two: Two) -> None:
    session_id = await two.launch()
    starts = [
        server.parts.actions.start_recording(two.admin, session_id, notify=False)
        for _ in range(10)
        for server in two.both
    ]
    await outcomes(*starts)
    recordings = await two.rows(schema.recordings)
    assert [one.status for one in recordings] == ["recording"]
    ordered = {one.recording.recording_id for one in two.host.orders if one.recording is not None}
    assert ordered == {recordings[0].id}


async def test_logoff_and_disconnect_at_once_end_the_session_once(two: Two) -> None:
    session_id = await two.launch()
    await outcomes(
        two.first.parts.actions.log_off(two.admin, session_id),
        two.second.parts.actions.disconnect(two.admin, session_id),
        two.second.parts.actions.log_off(two.admin, session_id),
    )
    (session,) = await two.rows(schema.sessions)
    assert (session.phase, session.wanted) == ("ended", "end")
    ends = {one.generation for one in two.host.orders if one.want == "end"}
    assert len(ends) <= 2  # each caller that found it running wanted it once


async def test_a_launch_with_one_key_on_both_makes_one_session(two: Two) -> None:
    request = LaunchRequest("Desktop", new=True, key="the-same")
    launches = [server.parts.launcher.launch(two.admin, request) for server in two.both * 5]
    made = await asyncio.gather(*launches)
    assert len({one.session_id for one in made}) == 1
    assert len(await two.rows(schema.sessions)) == 1


async def test_a_ticket_of_one_is_taken_on_the_other_and_once(two: Two) -> None:
    ticket = Ticket(await two.launch(), two.admin.account_id, "view")
    text, _ = await two.first.parts.store.write(lambda tx: tickets.make(tx, ticket))
    redeem = [s.parts.store.write(lambda tx: tickets.redeem(tx, text)) for s in two.both * 4]
    taken = await asyncio.gather(*redeem)
    assert [one for one in taken if one is not None] == [ticket]


async def test_who_signs_in_on_one_is_known_on_the_other_until_signed_out(two: Two) -> None:
    first, second = (server.parts.access for server in two.both)
    text = (await first.sign_in("admin", two.password)).text
    caller = await second.caller(text, "", "")
    assert caller.name == "admin"
    await first.sign_out(caller)
    with pytest.raises(Unauthenticated):
        await second.caller(text, "", "")


async def test_each_server_has_its_local_token(two: Two) -> None:
    account = await administrator(two.store)
    mine = await two.first.parts.access.local_token(account)
    others = await two.second.parts.access.local_token(account)
    for token in (mine, others):
        assert (await two.second.parts.access.caller(token, "", "")).name == "admin"
    await two.first.parts.access.set_local_token(None)
    assert (await two.first.parts.access.caller(others, "", "")).name == "admin"
    with pytest.raises(Unauthenticated):
        await two.second.parts.access.caller(mine, "", "")


# --- jobs ------------------------------------------------------------------------------------------


async def test_a_job_of_one_is_followed_and_its_result_fetched_on_the_other(two: Two) -> None:
    half, go_on = asyncio.Event(), asyncio.Event()

    async def work(folder: Path, progress: Any) -> None:
        progress(0.5)
        half.set()
        await go_on.wait()
        (folder / "result.json").write_text("made")

    jobs, others = two.first.parts.jobs, two.second.parts.jobs
    job_id = await jobs.begin(NewJob("export", "me", "r"), work)
    await half.wait()

    async def seen() -> Any:
        row, part = await others.find("me", job_id)  # type: ignore[misc]
        return (row.state, part) == ("running", 0.5)

    await until(seen)
    go_on.set()

    async def done() -> Any:
        row, _ = await others.find("me", job_id)  # type: ignore[misc]
        return row if row.state == "done" else None

    row = await until(done)
    assert await others.result(job_id, "result.json") == b"made"
    await others.delete(row)
    with pytest.raises(NotFound):
        await jobs.result(job_id, "result.json")


async def test_a_job_of_one_is_cancelled_on_the_other(two: Two) -> None:
    async def work(folder: Path, progress: Any) -> None:
        await asyncio.sleep(60)

    job_id = await two.first.parts.jobs.begin(NewJob("export", "me", "r"), work)
    row, _ = await two.second.parts.jobs.find("me", job_id)  # type: ignore[misc]
    await two.second.parts.jobs.cancel(row)
    row, _ = await two.second.parts.jobs.find("me", job_id)  # type: ignore[misc]
    assert (row.state, row.error) == ("cancelled", "cancelled by its maker")


async def test_a_start_fails_its_own_lost_jobs_and_no_others(two: Two) -> None:
    async def work(folder: Path, progress: Any) -> None:
        await asyncio.sleep(60)

    job_id = await two.first.parts.jobs.begin(NewJob("export", "me", "r"), work)
    await two.second.parts.jobs.stop()
    await two.second.parts.jobs.start()
    row, _ = await two.second.parts.jobs.find("me", job_id)  # type: ignore[misc]
    assert row.state == "running"


# --- duties ------------------------------------------------------------------------------------------


async def test_each_duty_is_one_servers_and_passes_on_at_a_clean_end(two: Two) -> None:
    names = {"hosts", "index", "jobs", "limits", "recordings", "retention", "silence", "webhooks"}
    assert (two.first.duties.held, two.second.duties.held) == (names, frozenset())
    await two.first.duties.stop()

    async def passed_on() -> bool:
        return two.second.duties.held == names

    await until(passed_on)
    session_id = await two.launch()  # ordered and reported through the second
    await two.first.parts.actions.log_off(two.admin, session_id)


async def test_a_frozen_server_loses_its_duties_and_writes_nothing_late(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen: its loop does not run. It is stopped here in the middle of a write that it had begun."""
    duty = two.first.duties.duty("limits")
    frozen = duty.tenure
    assert frozen.sure()
    monkeypatch.setattr(two.first.duties, "_round", asyncio.Event().wait)  # renews no more
    monkeypatch.setattr(two.first.duties, "_end_unsure", lambda: None)

    async def taken_over() -> bool:
        return "limits" in two.second.duties.held

    await until(taken_over)
    assert not frozen.sure()
    with pytest.raises(leases.Lost):
        await duty.store.write(lambda tx: tx.emit("machine", "late"))
    kinds = [row.object_id for row in await two.rows(schema.outbox)]
    assert "late" not in kinds
    monkeypatch.undo()

    async def knows() -> bool:
        return duty.tenure.epoch is None

    two.first.duties._loop.cancel()  # type: ignore[union-attr]
    two.first.duties._loop = duties.spawn("duties", two.first.duties._run())
    await until(knows)


async def test_a_long_line_of_writers_costs_no_duty(two: Two) -> None:
    held = two.first.duties.held
    sleep = text(f"SELECT pg_sleep({leases.LIFE_MS / 1000 + 1})")
    await two.first.parts.store.write(lambda tx: tx.connection.execute(sleep) and None)
    assert two.first.duties.held == held
    assert {lease.epoch for lease in await two.rows(schema.leases)} == {1}


async def test_a_webhook_is_told_once_by_whichever_server(two: Two) -> None:
    told: list[Any] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        told.append(json.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    new = NewWebhook(url=f"http://127.0.0.1:{port}/", events=["job"])
    await two.store.write(lambda tx: webhooks.create(tx, two.admin, new, two_destinations(two)))
    mine = two.admin.account_id

    async def change(number: int) -> None:
        await two.both[number % 2].parts.store.write(lambda tx: tx.emit("job", str(number), mine))

    for number in range(10):
        await change(number)

    async def some() -> bool:
        return len(told) >= 3

    await until(some)
    await two.first.duties.stop()
    for number in range(10, 20):
        await change(number)

    async def rest() -> bool:
        return len(told) >= 20

    await until(rest)
    await asyncio.sleep(0.3)
    assert [one["objectId"] for one in told] == [str(number) for number in range(20)]
    server.close()
    await server.wait_closed()


def two_destinations(two: Two) -> Any:
    return two.first._post._destinations


async def test_what_happens_on_both_is_told_in_one_order_on_both(two: Two) -> None:
    def change(tx: Tx, number: int) -> None:
        tx.emit("zone", str(number))

    heard: dict[int, list[int]] = {0: [], 1: []}

    async def follow(which: int) -> None:
        after = 0
        while len(heard[which]) < 40:
            found = await two.both[which].parts.store.read(
                partial(outbox.following, after=after, at_most=100)
            )
            for row in found.rows:
                after = row.seq
                if row.kind == "zone":
                    heard[which].append(row.seq)
            await asyncio.sleep(0)

    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as group:
        for which in (0, 1):
            group.create_task(follow(which))
        for number in range(40):
            write = two.both[number % 2].parts.store.write
            group.create_task(write(lambda tx, n=number: change(tx, n)))
    assert heard[0] == heard[1] == sorted(heard[0])


async def test_a_launch_that_waits_on_one_sees_the_room_made_on_the_other(two: Two) -> None:
    (machine,) = await two.store.read(machines.every)
    off = schema.machines.update().where(schema.machines.c.id == machine.id)

    def register(tx: Tx, registered: bool) -> None:
        tx.connection.execute(off.values(registered=registered))
        tx.emit("machine", machine.id)

    await two.store.write(lambda tx: register(tx, False))
    waiting = asyncio.ensure_future(
        two.first.parts.launcher.launch(two.admin, LaunchRequest("Desktop", wait_s=20))
    )

    async def waits() -> bool:
        return two.first.parts.launcher.waiting == 1

    await until(waits)
    await two.second.parts.store.write(lambda tx: register(tx, True))
    async with asyncio.timeout(60):
        assert (await waiting).created


async def test_the_start_of_an_embedded_site_forgets_no_host_of_others(two: Two) -> None:
    ground = two.second._ground
    embedded = dataclasses.replace(ground, bus=InProcessBus(), role=Role(alone=False, own_bus=True))
    await forget_former(embedded)
    (machine,) = await two.store.read(machines.every)
    assert machine.registered
