"""What a server makes of hosts that are hard to reach, or not who they should be."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import AsyncExitStack

import pytest

from footlight.bus import outward, subjects
from footlight.bus.bus import ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.bus.lines import Lines
from footlight.bus.outward import MOST_HELLO_BYTES, Outward
from footlight.bus.tunnel import TunnelDoor
from footlight.clock import FakeClock, SystemClock
from footlight.errors import Invalid, Unavailable
from footlight.wire.host import decode, encode
from footlight.wire.lines import Address, DialAnswer, DialOrder
from line_ground import MACHINE, OTHER_MACHINE, Ends, TestCa, ca, ends

WAIT_S = 60.0
SUBJECT = f"agent.{MACHINE}.echo"


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


async def talk(both: Ends) -> None:
    stream = await both.server.dial(SUBJECT, b"hi", WAIT_S)
    assert await asyncio.wait_for(stream.read(2), WAIT_S) == b"hi"
    await stream.close()


def orders_of(both: Ends) -> list[DialOrder]:
    """What the host is asked from now on."""
    seen: list[DialOrder] = []
    asked = both.control.request

    async def request(subject: str, payload: bytes, timeout_s: float) -> bytes:
        if subject.endswith(".dial"):
            seen.append(decode(DialOrder, payload))
        return await asked(subject, payload, timeout_s)

    both.control.request = request  # type: ignore[method-assign]
    return seen


async def test_what_can_be_reached_is_reached_directly() -> None:
    async with ends("both") as both:
        await both.host.listen(SUBJECT, echo)
        seen = orders_of(both)
        await talk(both)
        assert [order.way for order in seen] == ["direct"]
        assert len(both.tunnels) == 0


async def test_a_host_without_a_listener_brings_the_tunnel_at_once() -> None:
    async with ends("tunnel") as both:
        await both.host.listen(SUBJECT, echo)
        seen = orders_of(both)
        await talk(both)
        await talk(both)
        assert [order.way for order in seen] == ["direct", "direct"]


async def test_what_cannot_be_reached_comes_by_a_tunnel_and_is_remembered() -> None:
    clock = FakeClock()
    async with ends("both", clock, reachable=False) as both:
        await both.host.listen(SUBJECT, echo)
        seen = orders_of(both)
        await talk(both)
        await talk(both)
        assert [order.way for order in seen] == ["direct", "tunnel", "tunnel"]
        assert seen[1].instead_of, "the ticket of the way that failed is to be withdrawn"
        clock.advance(60_000)
        await talk(both)
        assert [order.way for order in seen[3:]] == ["direct", "tunnel"]


async def test_a_tunnel_that_does_not_work_any_more_costs_no_host_its_streams() -> None:
    async with ends("both", reachable=False) as both:
        await both.host.listen(SUBJECT, echo)
        await talk(both)
        assert both.listener is not None
        answerer = both.host._answerer
        assert answerer is not None
        object.__setattr__(answerer._inward, "addresses", ("127.0.0.1",))
        object.__setattr__(answerer._inward, "trust", TestCa("Another CA").trust())
        seen = orders_of(both)
        await talk(both)
        assert [order.way for order in seen] == ["tunnel", "direct"]
        await talk(both)
        assert [order.way for order in seen[2:]] == ["direct"]


async def test_a_listener_that_says_nothing_is_waited_for_shortly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outward, "DIRECT_S", 0.05)
    async with ends("both") as both:
        await both.host.listen(SUBJECT, echo)
        silent = socket.create_server(("127.0.0.1", 0))
        assert both.listener is not None
        monkeypatch.setattr(type(both.listener), "port", silent.getsockname()[1])
        seen = orders_of(both)
        await talk(both)
        assert [order.way for order in seen] == ["direct", "tunnel"]
        silent.close()


@pytest.mark.parametrize("fault", ["another CA", "another machine", "no name"])
async def test_who_is_not_the_host_gets_neither_ticket_nor_stream(fault: str) -> None:
    presents = {
        "another CA": lambda: TestCa("Another CA").presents(MACHINE),
        "another machine": lambda: ca().presents(OTHER_MACHINE),
        "no name": lambda: ca().presents("127.0.0.1"),
    }[fault]()
    async with ends("direct", presents=presents) as both:
        called = asyncio.Event()

        async def never(hello: bytes, stream: ByteStream) -> None:
            called.set()

        await both.host.listen(SUBJECT, never)
        with pytest.raises(Unavailable, match="certificate is not the host's"):
            await both.server.dial(SUBJECT, b"hi", WAIT_S)
        assert not called.is_set()
        assert both.listener is not None
        assert len(both.listener._book) == 1, "it was not shown to whoever listens there"


async def test_the_name_is_that_of_the_subject_not_of_the_answer() -> None:
    """A host that sends the server to another one's listener."""
    async with ends("direct", presents=ca().presents(OTHER_MACHINE)) as other:
        control = InProcessBus()

        async def elsewhere(payload: bytes) -> bytes:
            assert other.listener is not None
            there = Address(host="127.0.0.1", port=other.listener.port)
            return encode(DialAnswer(addresses=[there], ticket="t"))

        await control.serve(subjects.dials(SUBJECT), elsewhere)
        clock = SystemClock()
        outward = Outward(ca().trust(), TunnelDoor(clock), "")
        with pytest.raises(Unavailable, match="certificate"):
            await Lines(control, clock, outward=outward).dial(SUBJECT, b"", WAIT_S)
        await control.close()


@pytest.mark.parametrize(
    "address",
    [
        Address(host="localhost", port=1),
        Address(host="0.0.0.0", port=1),
        Address(host="224.0.0.1", port=1),
        Address(host="127.0.0.1", port=0),
        Address(host="127.0.0.1", port=70000),
        Address(host="", port=1),
    ],
)
async def test_addresses_that_are_none_of_a_machine_are_not_tried(address: Address) -> None:
    control = InProcessBus()

    async def answer(payload: bytes) -> bytes:
        return encode(DialAnswer(addresses=[address], ticket="t"))

    await control.serve(subjects.dials(SUBJECT), answer)
    clock = SystemClock()
    outward = Outward(ca().trust(), TunnelDoor(clock), "")
    with pytest.raises(Unavailable, match="no address that could be tried"):
        await Lines(control, clock, outward=outward).dial(SUBJECT, b"", WAIT_S)
    await control.close()


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"addresses": 1}'])
async def test_an_answer_that_is_none(answer: bytes) -> None:
    control = InProcessBus()

    async def nonsense(payload: bytes) -> bytes:
        return answer

    await control.serve(subjects.dials(SUBJECT), nonsense)
    clock = SystemClock()
    outward = Outward(ca().trust(), TunnelDoor(clock), "")
    with pytest.raises(Unavailable, match="something else"):
        await Lines(control, clock, outward=outward).dial(SUBJECT, b"", WAIT_S)
    await control.close()


@pytest.mark.parametrize("way", ["direct", "tunnel"])
async def test_a_dial_that_is_cancelled_leaves_nothing(way: str) -> None:
    async with ends(way) as both:
        before = asyncio.all_tasks()
        ended = asyncio.Queue[None]()

        async def until_end(hello: bytes, stream: ByteStream) -> None:
            while await stream.read(100):
                pass
            ended.put_nowait(None)

        await both.host.listen(SUBJECT, until_end)
        for steps in (0, 1, 2, 4, 8, 16, 32):
            dialling_ = asyncio.create_task(both.server.dial(SUBJECT, b"", WAIT_S))
            for _ in range(steps):
                await asyncio.sleep(0.0005)
            dialling_.cancel()
            found = await asyncio.gather(dialling_, return_exceptions=True)
            if not isinstance(found[0], BaseException):
                await found[0].close()
        assert len(both.tunnels) == 0
        async with asyncio.timeout(WAIT_S):
            while asyncio.all_tasks() - before:  # noqa: ASYNC110  what was on its way ends by itself
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("way", ["direct", "tunnel"])
async def test_many_streams_are_opened_at_once(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "DIRECT_S", WAIT_S)  # all of them are this one process's work
    async with ends(way) as both:
        await both.host.listen(SUBJECT, echo)

        async def one(number: int) -> None:
            said = b"%06d" % number
            stream = await both.server.dial(SUBJECT, said, 30.0)
            await stream.write(said)
            got = b""
            while len(got) < 12:
                got += await asyncio.wait_for(stream.read(12), WAIT_S)
            assert got == said + said
            await stream.close()

        await asyncio.gather(*(one(number) for number in range(60)))
        assert len(both.tunnels) == 0


async def test_a_dial_ends_when_its_time_is_over() -> None:
    control = InProcessBus()
    gate = asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        await gate.wait()
        return b""

    await control.serve(subjects.dials(SUBJECT), slow)
    clock = SystemClock()
    outward = Outward(ca().trust(), TunnelDoor(clock), "https://127.0.0.1:1")
    with pytest.raises(Unavailable, match=r"within 0\.05 s"):
        await Lines(control, clock, outward=outward).dial(SUBJECT, b"", 0.05)
    assert len(outward.tunnels) == 0
    gate.set()
    await control.close()


async def test_a_first_message_has_a_bound() -> None:
    async with AsyncExitStack() as stack:
        both = await stack.enter_async_context(ends("direct"))
        await both.host.listen(SUBJECT, echo)
        with pytest.raises(Unavailable, match="too long"):
            await both.server.dial(SUBJECT, bytes(MOST_HELLO_BYTES + 1), WAIT_S)


def test_certificates_of_hosts_are_checked_or_nothing_is_dialled() -> None:
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lax.check_hostname = False
    with pytest.raises(Invalid):
        Outward(lax, TunnelDoor(FakeClock()), "")


def test_whose_a_subject_is() -> None:
    assert subjects.machine_of(subjects.displays(MACHINE)) == MACHINE
    for wrong in ("reports", "agent.x", f"host.{MACHINE}.reports"):
        with pytest.raises(ValueError, match="no subject of an agent"):
            subjects.machine_of(wrong)
