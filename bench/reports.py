"""reports: session changes that hosts report, into the store, per second of the server's CPU."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import uvloop
from bench.databases import Kind, fresh_database
from bench.figure import Figure
from bench.report_hosts import Said, Transport, bus_and_hosts
from sqlalchemy import Connection, func, select

from footlight.access import accounts
from footlight.broker.broker import Broker
from footlight.clock import SystemClock
from footlight.garbage import collect_seldom
from footlight.ids import new_guid
from footlight.sessions import actions
from footlight.sessions.actions import NewSession
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Tx
from footlight.wire.host import (
    Account,
    HostFacts,
    HostReport,
    Launch,
    SessionFacts,
    ViewerFacts,
    encode,
)

BAR = 20_000.0
SITE = "BENCH"
HOSTS = 50
PER_HOST = 100


@dataclass
class BenchHost:
    """A host's side: what it says is encoded before the clock runs."""

    facts: HostFacts
    sessions: list[SessionFacts]
    sequence: int = 0
    waiting: list[bytes] = field(default_factory=list)

    def say(self, *, full: bool = False) -> None:
        """One report of all sessions more."""
        self.sequence += 1
        report = HostReport(
            machine_id=self.facts.machine_id,
            boot_id="boot",
            sequence=self.sequence,
            full=full,
            at_ms=SystemClock().now_ms(),
            host=self.facts if full else None,
            sessions=self.sessions,
        )
        self.waiting.append(encode(report))

    def change(self, at_ms: int) -> None:
        """In every session: who is on it leaves, or its user comes back from another client."""
        self.sessions = [_changed(facts, i, at_ms) for i, facts in enumerate(self.sessions)]
        self.say()


def measure(quick: bool, database: Kind = "sqlite", bus: Transport = "inprocess") -> Figure:
    """Changes of state, times and client in each of 5,000 live sessions, 100 in a report; the CPU is that of the
    server's process: bus, decoding, broker with its loops, store and its threads; in one process the hosts' side of the
    bus, too. What a NATS server and a process of hosts take is told beside it. The rounds' median counts: what else
    runs on the machine makes the same work take more or less."""
    rounds = 7 if quick else 25
    loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)  # as the server's
    with fresh_database(database) as place, loop as runner, tempfile.TemporaryDirectory() as folder:
        took, beside = runner.run(_measure(place, rounds, bus, Path(folder)))
    size = HOSTS * PER_HOST
    value = size / statistics.median(took)
    details = {
        "database": database,
        "bus": bus,
        **{f"{who}_ms_per_round": round(s / rounds * 1000, 1) for who, s in beside.items()},
        "server_ms_per_round": round(statistics.median(took) * 1000, 1),
        "hosts": HOSTS,
        "sessions": size,
        "changes_per_report": PER_HOST,
        "rounds": rounds,
        "best": round(size / min(took)),
        "worst": round(size / max(took)),
    }
    return Figure("reports", round(value), "changes/s/core", BAR, value >= BAR, details)


async def _measure(
    database: Database, rounds: int, transport: Transport, folder: Path
) -> tuple[list[float], dict[str, float]]:
    """CPU seconds of each round, in which every session changes once; and those of all rounds beside the server."""
    store = await open_store(database, SystemClock())
    await store.write(lambda tx: found_site(tx, SITE, samples=True) and None)
    async with bus_and_hosts(transport, folder) as (bus, far):
        broker = Broker(store, bus, SystemClock(), SITE)
        await broker.start()
        try:
            hosts = [_host(number) for number in range(HOSTS)]
            for host in hosts:
                host.say(full=True)
            await far.load(_said(hosts))
            await far.say()
            await store.write(lambda tx: _launch(tx, hosts))
            for host in hosts:
                host.say()
            await far.load(_said(hosts))
            await far.say()
            collect_seldom()
            took, at_first = [], far.cpu_s()
            for number in range(rounds):
                for host in hosts:
                    host.change(1_800_000_000_000 + number)
                await far.load(_said(hosts))
                before, cpu_s = await store.read(_changes_seen), time.process_time()
                await far.say()
                took.append(time.process_time() - cpu_s)
                changes = await store.read(_changes_seen) - before
                assert changes == HOSTS * PER_HOST, changes
            beside = {who: spent - at_first[who] for who, spent in far.cpu_s().items()}
            return took, beside
        finally:
            await broker.stop()
            await store.close()


def _said(hosts: list[BenchHost]) -> Said:
    """What waits on every host."""
    said = {host.facts.machine_id: list(host.waiting) for host in hosts}
    for host in hosts:
        host.waiting.clear()
    return said


def _changes_seen(connection: Connection) -> int:
    """Changes of sessions in the outbox: what the store says was written."""
    outbox = schema.outbox
    counted = select(func.count()).select_from(outbox).where(outbox.c.kind == "session")
    return int(connection.execute(counted).scalar_one())


def _host(number: int) -> BenchHost:
    facts = HostFacts(
        machine_id=new_guid(),
        host_name=f"HOST{number:03}",
        dns_name=f"host{number:03}.bench.test",
        ip_address=f"192.0.2.{number}",
        os_type="Debian 12",
        os_version="12",
        agent_version="bench",
        as_root=True,
        agent_public_key="00" * 32,
    )
    return BenchHost(facts, [])


def _launch(tx: Tx, hosts: list[BenchHost]) -> None:
    """Sessions that were launched and have come up."""
    account = accounts.create(tx, "bench")
    for host in hosts:
        for number in range(PER_HOST):
            session_id = new_guid()
            launch = Launch(
                resource_id=new_guid(),
                resource_name="Desktop",
                session_type="Desktop" if number % 3 else "Application",
                account=Account(kind="managed", account_id=account.id, name=account.name),
                user_name=f"{SITE}\\bench",
                machine_name=f"{SITE}\\{host.facts.host_name}",
                command=[],
            )
            actions.create(
                tx,
                NewSession(
                    id=session_id,
                    account_id=account.id,
                    user_display_name="Bench",
                    machine_id=host.facts.machine_id,
                    launch=launch,
                    brokered_by=f"{SITE}\\bench",
                    brokering_ms=1,
                    client_address="198.51.100.1",
                    launched_via_ip=None,
                    launched_via_host=None,
                ),
            )
            host.sessions.append(
                SessionFacts(
                    session_id=session_id,
                    generation=1,
                    phase="running",
                    display=f":{number + 1}",
                    linux_user="fl-bench",
                    linux_uid=2001,
                    started_at_ms=tx.now_ms,
                    established_at_ms=tx.now_ms,
                )
            )


def _changed(facts: SessionFacts, number: int, at_ms: int) -> SessionFacts:
    viewer = ViewerFacts(
        viewer_id=f"viewer-{at_ms}-{number}",
        user_name=f"{SITE}\\bench",
        own=True,
        mode="interactive",
        address=f"198.51.100.{at_ms % 250}",
        via_address=None,
        client_name=f"PC{at_ms % 1000}",
        platform="Windows",
        version=str(at_ms % 100),
        attached_at_ms=at_ms,
    )
    viewers = [] if facts.viewers else [viewer]
    return msgspec.structs.replace(facts, viewers=viewers, viewers_changed_at_ms=at_ms)
