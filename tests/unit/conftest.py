"""A server's rooms over a fresh database, and a host that does what it is told without an X server."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2 import PasswordHasher

from footlight.access import accounts, passwords, roles
from footlight.access.accounts import Account
from footlight.broker.actions import Actions
from footlight.broker.broker import Broker
from footlight.broker.launch import Launcher
from footlight.broker.overdue import Overdue
from footlight.broker.policy_keeper import PolicyKeeper
from footlight.broker.settler import Settler
from footlight.broker.timekeeper import Timekeeper
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.caller import FULL_GRANT, Caller, Grant
from footlight.clock import Clock, SystemClock
from footlight.errors import Unavailable
from footlight.sessions.watch import Watch
from footlight.site.founding import Site, found_site, read_site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.sqlite import SqliteStore
from footlight.store.store import Store
from footlight.wire.host import (
    HostFacts,
    HostReport,
    MessageOrder,
    Orders,
    OrdersTaken,
    RecordingFacts,
    ReportTaken,
    SessionFacts,
    SessionOrder,
    ViewerFacts,
    decode,
    encode,
)

LIGHT_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LIGHT_DECOY = LIGHT_HASHER.hash("nobody's")
MACHINE_ID = "11111111-1111-4111-8111-111111111111"


class ScriptedHost:
    """Obeys orders at once unless told to be silent; sessions are rows in a dictionary."""

    def __init__(self, bus: InProcessBus, clock: Clock) -> None:
        self.bus = bus
        self.clock = clock
        self.boot_id = "boot-1"
        self.sequence = 0
        self.silent = False
        self.fail_recordings: str | None = None
        self.programs_fail = False
        self.shows_messages = True
        self.shown: list[MessageOrder] = []
        self.orders: list[SessionOrder] = []
        self.sessions: dict[str, SessionFacts] = {}
        self.recordings: dict[str, RecordingFacts] = {}
        self._answers: dict[int, asyncio.Future[ReportTaken]] = {}

    async def start(self) -> None:
        await self.bus.serve(subjects.taken(MACHINE_ID), self._hear)
        await self.bus.serve(subjects.orders(MACHINE_ID), self._take)
        await self.report(full=True)

    async def report(self, *, full: bool = False) -> ReportTaken:
        self.sequence += 1
        facts = HostFacts(
            machine_id=MACHINE_ID,
            host_name="desk1",
            dns_name="desk1.example.test",
            ip_address="192.0.2.7",
            os_type="Debian 12",
            os_version="12",
            agent_version="0.1.0",
            as_root=True,
            agent_public_key="00" * 32,
        )
        report = HostReport(
            machine_id=MACHINE_ID,
            boot_id=self.boot_id,
            sequence=self.sequence,
            full=full,
            at_ms=self.clock.now_ms(),
            host=facts if full else None,
            sessions=list(self.sessions.values()),
            recordings=list(self.recordings.values()),
        )
        answered = self._answers[self.sequence] = asyncio.get_running_loop().create_future()
        await self.bus.post(subjects.of_host(MACHINE_ID, subjects.REPORTS), encode(report), 5)
        taken = await asyncio.wait_for(answered, 5)
        for session_id in taken.forget_sessions:
            self.sessions.pop(session_id, None)
        for recording_id in taken.forget_recordings:
            self.recordings.pop(recording_id, None)
        return taken

    async def _hear(self, payload: bytes) -> bytes:
        taken = decode(ReportTaken, payload)
        answered = self._answers.pop(taken.sequence, None)
        if answered is not None and not answered.done():
            answered.set_result(taken)
        return b""

    async def _answer(self) -> None:
        with contextlib.suppress(Unavailable, TimeoutError):  # the test has ended
            await self.report()

    async def change(self, session_id: str, **facts: object) -> None:
        """Something happens on the host, and it says so."""
        self.sessions[session_id] = msgspec.structs.replace(self.sessions[session_id], **facts)
        await self.report()

    async def _take(self, payload: bytes) -> bytes:
        orders = decode(Orders, payload).orders
        self.orders += orders
        if not self.silent:
            for order in orders:
                self._obey(order)
            self._answering = asyncio.ensure_future(self._answer())
        return encode(OrdersTaken(boot_id=self.boot_id))

    def _obey(self, order: SessionOrder) -> None:
        now = self.clock.now_ms()
        facts = self.sessions.get(order.session_id) or SessionFacts(
            session_id=order.session_id, generation=0, phase="starting"
        )
        ended = order.want == "end" or self.programs_fail
        viewers = [] if order.disconnects > facts.disconnects else facts.viewers
        self.sessions[order.session_id] = msgspec.structs.replace(
            facts,
            generation=order.generation,
            manager_restarts=order.manager_restarts,
            phase="ended" if ended else "running",
            display=None if self.programs_fail else ":7",
            linux_user="fl-ada",
            linux_uid=2001,
            started_at_ms=facts.started_at_ms or now,
            established_at_ms=facts.established_at_ms or now,
            disconnects=order.disconnects,
            viewers=viewers,
            viewers_changed_at_ms=now if viewers != facts.viewers else facts.viewers_changed_at_ms,
            ended_at_ms=now if ended else None,
            end_reason=(order.end_reason or "could not start") if ended else None,
            recording=self._record(order, facts, ended),
            messages_shown=[] if ended else self._show(order),
        )

    def _show(self, order: SessionOrder) -> list[str]:
        if not self.shows_messages:
            return []
        self.shown += [message for message in order.messages if message not in self.shown]
        return [message.message_id for message in order.messages]

    def _record(
        self, order: SessionOrder, facts: SessionFacts, ended: bool
    ) -> RecordingFacts | None:
        now = self.clock.now_ms()
        running = facts.recording
        if running is not None and running.status in ("completed", "failed"):
            running = None
        wanted = None if ended else order.recording
        if running is not None and (wanted is None or wanted.recording_id != running.recording_id):
            self.recordings[running.recording_id] = msgspec.structs.replace(
                running, status="completed", ended_at_ms=now, segment_count=1, sealed_count=1
            )
            running = None
        if wanted is None or running is not None:
            return running
        made = RecordingFacts(
            recording_id=wanted.recording_id,
            session_id=order.session_id,
            status="recording",
            started_at_ms=now,
        )
        if self.fail_recordings is not None:
            made = msgspec.structs.replace(made, status="failed", error=self.fail_recordings)
            self.recordings[made.recording_id] = made
            return None
        return made


def viewer(clock: Clock, **changes: object) -> ViewerFacts:
    facts = ViewerFacts(
        viewer_id="v1",
        user_name="FOOTLIGHT\\ada",
        own=True,
        mode="interactive",
        address="198.51.100.9",
        via_address=None,
        client_name="",
        platform="Linux",
        version="140.0",
        attached_at_ms=clock.now_ms(),
    )
    return msgspec.structs.replace(facts, **changes)


class BrokerLoops:
    """All that a server's broker does by itself."""

    def __init__(self, store: Store, bus: InProcessBus, clock: Clock, site_name: str) -> None:
        self.parts: list[Any] = [
            Broker(store, bus, clock, site_name),
            Overdue(store, clock),
            PolicyKeeper(store, clock),
            Settler(store, clock),
            Timekeeper(store, clock, site_name),
        ]

    async def start(self) -> None:
        for part in self.parts:
            await part.start()

    async def stop(self) -> None:
        for part in self.parts:
            await part.stop()


@dataclass
class Rooms:
    """What a test needs of a server."""

    store: Store
    clock: Clock
    bus: InProcessBus
    site: Site
    watch: Watch
    broker: BrokerLoops
    actions: Actions
    launcher: Launcher
    host: ScriptedHost
    admin: Caller
    admin_account: Account

    def caller(self, account: Account, *, grants: tuple[Grant, ...] = ()) -> Caller:
        return make_caller(self.site, account, grants)

    async def account(self, name: str) -> Account:
        return await self.store.write(lambda tx: accounts.create(tx, name))


def make_caller(site: Site, account: Account, grants: tuple[Grant, ...]) -> Caller:
    return Caller(
        account_id=account.id,
        name=account.name,
        user_name=f"{site.name}\\{account.name}",
        display_name=account.display_name,
        grants=grants,
        token_id="t",
        expires_at_ms=2**50,
        refresh_until_ms=2**50,
        address="203.0.113.5",
    )


@pytest.fixture(autouse=True)
def _light_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords that take no time; their real cost is looked at in access/test_passwords.py."""
    if not request.node.get_closest_marker("real_hashes"):
        monkeypatch.setattr(passwords, "_hasher", LIGHT_HASHER)
        monkeypatch.setattr(passwords, "_decoy", lambda: LIGHT_DECOY)


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What databases are copied from, since migrating takes longer than most tests: a file at the newest
    schema, or with `--database postgresql` a server that has such a template."""
    if request.config.getoption("--database") == "postgresql":
        return request.getfixturevalue("postgres")
    file = tmp_path_factory.mktemp("database") / "site.db"
    migrate(file)
    return file


@pytest.fixture(scope="session")
def founded(template: Any) -> Path | str:
    """The same with the site of `rooms` and its administrator, which takes as long as a test: a file, or the name of
    a database."""
    if isinstance(template, Path):
        file = template.with_name("founded.db")
        shutil.copy(template, file)
        asyncio.run(_found(file))
        return file
    name = asyncio.run(template.copy())
    asyncio.run(_found(template.address(name)))
    return str(name)


async def _found(database: Database) -> None:
    store = await open_store(database, SystemClock())
    await store.write(lambda tx: found_site(tx, "FOOTLIGHT", samples=True))
    account = await store.write(lambda tx: accounts.create(tx, "admin"))
    await store.write(lambda tx: roles.make_full(tx, account.id))
    await store.close()


@pytest.fixture
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, template: Any, founded: Path | str
) -> AsyncIterator[Database]:
    """A database of the test's own at the newest schema, without rows but for those that `rooms` begins with."""
    whole = founded if "rooms" in request.fixturenames else None
    if isinstance(template, Path):
        shutil.copy(whole or template, tmp_path / "site.db")
        yield tmp_path / "site.db"
        return
    name = await (template.copy(whole) if whole else template.copy())
    yield template.address(name)
    await template.drop(name)


@pytest.fixture
async def blank(tmp_path: Path, template: Any) -> AsyncIterator[Database]:
    """A database without tables."""
    if isinstance(template, Path):
        yield tmp_path / "blank.db"
        return
    name = await template.copy("template1")
    yield template.address(name)
    await template.drop(name)


_compiled: list[Any] = []


def _compile_once(store: Store) -> None:
    """Statements as SQL, kept for all stores: compiling them anew for each test takes a third of its time."""
    if isinstance(store, SqliteStore):
        engines = (store._reader_engine, store._writer_engine)
    else:
        engines = tuple(one.sync_engine for one in (store._reader, store._writer, store._aside))
    for engine in engines:
        _compiled[:] = _compiled or [engine.dialect, engine._compiled_cache]
        engine.dialect, engine._compiled_cache = _compiled


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await open_store(database, SystemClock())
    _compile_once(opened)
    yield opened
    await opened.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--database postgresql` only those of these tests run that use a database: the others know of none."""
    if config.getoption("--database") == "postgresql":
        folder = Path(__file__).parent
        left_out = [
            item
            for item in items
            if item.path.is_relative_to(folder)
            and not {"database", "blank"} & set(getattr(item, "fixturenames", ()))
        ]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Rooms]:
    clock = SystemClock()
    bus = InProcessBus()
    site = await store.read(read_site)
    account = await store.read(lambda c: accounts.by_name(c, "admin"))
    assert site is not None
    assert account is not None
    watch = Watch(store)
    broker = BrokerLoops(store, bus, clock, site.name)
    await broker.start()
    host = ScriptedHost(bus, clock)
    await host.start()
    yield Rooms(
        store=store,
        clock=clock,
        bus=bus,
        site=site,
        watch=watch,
        broker=broker,
        actions=Actions(store, watch, strict_recording_state=False),
        launcher=Launcher(store, clock, site.name),
        host=host,
        admin=make_caller(site, account, (FULL_GRANT,)),
        admin_account=account,
    )
    await broker.stop()
    await bus.close()
