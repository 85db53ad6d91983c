from __future__ import annotations

import pytest

from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.bus.joined import JoinedBus
from footlight.bus.link import Way
from footlight.bus.measured import TOPICS, MeasuredBus, is_connected, topic_of
from footlight.bus.nats import NatsBus
from footlight.errors import Unavailable
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import OFF

MACHINE = "6f1c0000-0000-4000-8000-000000000001"


def test_topics_are_few_whatever_the_subject() -> None:
    of_agent = (
        *(subjects.orders, subjects.segments, subjects.outputs, subjects.files),
        *(subjects.viewer_lines, subjects.logons, subjects.displays, subjects.taken),
    )
    assert {topic_of(subject(MACHINE)) for subject in of_agent} <= TOPICS
    assert topic_of(subjects.of_host(MACHINE, subjects.REPORTS)) == "reports"
    assert topic_of(f"agent.{MACHINE}.whatever") == "other"


async def test_requests_are_counted_by_their_outcome() -> None:
    meters = Meters()
    bus = MeasuredBus(InProcessBus(), meters, OFF)

    async def answer(payload: bytes) -> bytes:
        return payload * 2

    served = await bus.serve(subjects.orders(MACHINE), answer)
    assert await bus.request(subjects.orders(MACHINE), b"x", 5) == b"xx"
    await served.close()
    with pytest.raises(Unavailable):
        await bus.request(subjects.orders(MACHINE), b"x", 5)
    assert meters.bus_requests.value("orders", "answered") == 1
    assert meters.bus_requests.value("orders", "unavailable") == 1
    assert meters.bus_taken.value("orders", "done") == 1
    assert sum(meters.bus_seconds.of("orders").counts) == 2
    assert meters.bus_open.value() == 0
    await bus.close()


async def test_posts_and_what_hosts_say_reach_the_other_side() -> None:
    meters = Meters()
    bus = MeasuredBus(InProcessBus(), meters, OFF)
    taken: list[tuple[str, bytes]] = []

    async def take(machine_id: str, payload: bytes) -> None:
        taken.append((machine_id, payload))

    async def answer(machine_id: str, payload: bytes) -> bytes:
        return machine_id.encode() + payload

    await bus.consume_hosts(subjects.REPORTS, take)
    await bus.serve_hosts("uploads", answer)
    await bus.post(subjects.of_host(MACHINE, subjects.REPORTS), b"r", 5)
    assert (
        await bus.request(subjects.of_host(MACHINE, "uploads"), b"u", 5) == f"{MACHINE}u".encode()
    )
    await bus.send(subjects.taken(MACHINE), b"nobody listens")
    await bus.close()
    assert taken == [(MACHINE, b"r")]
    assert meters.bus_taken.value("reports", "done") == 1
    assert meters.bus_posts_pending.value() == 0


def test_whether_it_reaches_other_machines() -> None:
    nats = NatsBus(Way((), "", "", "", "_INBOX", "server"))
    assert is_connected(MeasuredBus(InProcessBus(), Meters(), OFF)) is None
    assert is_connected(JoinedBus(InProcessBus())) is None
    for bus in (nats, MeasuredBus(JoinedBus(InProcessBus(), nats), Meters(), OFF)):
        assert is_connected(bus) is False
