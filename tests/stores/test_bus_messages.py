"""One suite for every transport of requests and posts (footlight.bus.bus)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bus_server import Certificate, running_bus
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.bus.inprocess import InProcessBus
from footlight.errors import NotFound, Unavailable

WAIT_S = 60.0
A = "aaaaaaaa-0000-4000-8000-000000000000"
B = "bbbbbbbb-0000-4000-8000-000000000000"


@pytest.fixture(params=["inprocess", "nats"])
async def bus(
    request: pytest.FixtureRequest, tmp_path: Path, bus_certificate: Certificate
) -> AsyncIterator[Bus]:
    if request.param == "nats":
        async with running_bus(tmp_path, bus_certificate) as stage:
            yield await stage.site()
        return
    made = InProcessBus()
    yield made
    await made.close()


async def shout(payload: bytes) -> bytes:
    return payload.upper()


# --- requests -------------------------------------------------------------------------------------


async def test_request_brings_the_answer(bus: Bus) -> None:
    await bus.serve("a", shout)
    assert await bus.request("a", b"hi", WAIT_S) == b"HI"
    assert await bus.request("a", b"", WAIT_S) == b""


async def test_subjects_are_apart(bus: Bus) -> None:
    async def other(payload: bytes) -> bytes:
        return b"other"

    await bus.serve("a.b", shout)
    await bus.serve("a", other)
    assert await bus.request("a.b", b"hi", WAIT_S) == b"HI"
    assert await bus.request("a", b"hi", WAIT_S) == b"other"


async def test_request_nobody_serves(bus: Bus) -> None:
    with pytest.raises(Unavailable):
        await bus.request("nobody", b"", 1.0)


async def test_request_after_registration_closed(bus: Bus) -> None:
    registration = await bus.serve("a", shout)
    await registration.close()
    await registration.close()
    with pytest.raises(Unavailable):
        await bus.request("a", b"", 1.0)


async def test_closing_an_old_registration_keeps_the_new_one(bus: Bus) -> None:
    async def newer(payload: bytes) -> bytes:
        return b"newer"

    old = await bus.serve("a", shout)
    await bus.serve("a", newer)
    await old.close()
    assert await bus.request("a", b"", WAIT_S) == b"newer"


async def test_silence_is_unavailable_and_the_handler_goes_on(bus: Bus) -> None:
    gate, finished = asyncio.Event(), asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        await gate.wait()
        finished.set()
        return b""

    await bus.serve("slow", slow)
    with pytest.raises(Unavailable, match="slow"):
        await bus.request("slow", b"", 0.05)
    gate.set()
    await asyncio.wait_for(finished.wait(), WAIT_S)


async def test_handler_survives_a_cancelled_caller(bus: Bus) -> None:
    started, gate, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        started.set()
        await gate.wait()
        finished.set()
        return b""

    await bus.serve("slow", slow)
    caller = asyncio.create_task(bus.request("slow", b"", WAIT_S))
    await asyncio.wait_for(started.wait(), WAIT_S)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    await asyncio.wait_for(finished.wait(), WAIT_S)


@pytest.mark.expects_errors
@pytest.mark.parametrize("error", [RuntimeError("broken"), TimeoutError(), NotFound("no such")])
async def test_failing_handler_is_unavailable_and_logged(
    bus: Bus, error: Exception, error_logs: list[dict[str, object]]
) -> None:
    async def broken(payload: bytes) -> bytes:
        raise error

    await bus.serve("broken", broken)
    with pytest.raises(Unavailable, match="broken failed"):
        await bus.request("broken", b"", WAIT_S)
    assert [entry["subject"] for entry in error_logs] == ["broken"]


async def test_unavailable_of_the_handler_passes_with_its_message(bus: Bus) -> None:
    async def refusing(payload: bytes) -> bytes:
        raise Unavailable("the recorder is not up")

    await bus.serve("a", refusing)
    with pytest.raises(Unavailable, match="the recorder is not up"):
        await bus.request("a", b"", WAIT_S)


async def test_requests_run_side_by_side(bus: Bus) -> None:
    both = asyncio.Barrier(2)

    async def meet(payload: bytes) -> bytes:
        await both.wait()
        return payload

    await bus.serve("meet", meet)
    answers = await asyncio.gather(
        bus.request("meet", b"1", WAIT_S), bus.request("meet", b"2", WAIT_S)
    )
    assert answers == [b"1", b"2"]


async def test_what_is_sent_is_heard_in_order_and_not_answered(bus: Bus) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear(payload: bytes) -> bytes:
        heard.put_nowait(payload)
        return b"nobody hears this"

    await bus.send("a", b"nobody is there")
    await bus.serve("a", hear)
    for number in range(20):
        await bus.send("a", bytes([number]))
    said = [await asyncio.wait_for(heard.get(), WAIT_S) for _ in range(20)]
    assert said == [bytes([number]) for number in range(20)]


# --- what hosts say -------------------------------------------------------------------------------


async def test_a_host_asks_and_the_bus_says_which_one(bus: Bus) -> None:
    async def answer(machine_id: str, payload: bytes) -> bytes:
        return machine_id.encode() + b":" + payload

    served = await bus.serve_hosts("uploads", answer)
    ask = subjects.of_host(A, "uploads")
    assert await bus.request(ask, b"hi", WAIT_S) == A.encode() + b":hi"
    assert await bus.request(subjects.of_host(B, "uploads"), b"", WAIT_S) == B.encode() + b":"
    with pytest.raises(Unavailable):
        await bus.request(subjects.of_host(A, "renewal"), b"", 1.0)
    await served.close()
    with pytest.raises(Unavailable):
        await bus.request(ask, b"hi", 1.0)


class Taking:
    """Takes reports of hosts; each may be held until the gate is open."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.began = asyncio.Event()
        self._changed = asyncio.Condition()

    async def take(self, machine_id: str, payload: bytes) -> None:
        self.began.set()
        await self.gate.wait()
        async with self._changed:
            self.taken.append((machine_id, payload))
            self._changed.notify_all()

    async def until(self, count: int) -> list[tuple[str, bytes]]:
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: len(self.taken) >= count)
        return self.taken

    def of(self, machine_id: str) -> list[bytes]:
        return [payload for who, payload in self.taken if who == machine_id]


async def post(bus: Bus, machine_id: str, *payloads: bytes) -> None:
    for payload in payloads:
        await bus.post(subjects.of_host(machine_id, subjects.REPORTS), payload, WAIT_S)


NUMBERS = [bytes([number]) for number in range(30)]


async def test_posts_of_a_host_are_taken_in_order(bus: Bus) -> None:
    taking = Taking()
    await bus.consume_hosts(subjects.REPORTS, taking.take)
    await asyncio.gather(post(bus, A, *NUMBERS), post(bus, B, *NUMBERS))
    await taking.until(60)
    assert taking.of(A) == taking.of(B) == NUMBERS


async def test_posts_wait_for_who_takes_them(bus: Bus) -> None:
    await post(bus, A, *NUMBERS)
    taking = Taking()
    await bus.consume_hosts(subjects.REPORTS, taking.take)
    await taking.until(30)
    assert taking.of(A) == NUMBERS


async def test_a_host_whose_post_is_being_taken_holds_up_no_other(bus: Bus) -> None:
    both, met = asyncio.Barrier(2), asyncio.Event()

    async def meet(machine_id: str, payload: bytes) -> None:
        await both.wait()
        met.set()

    await bus.consume_hosts(subjects.REPORTS, meet)
    await post(bus, A, b"1")
    await post(bus, B, b"1")
    async with asyncio.timeout(WAIT_S):
        await met.wait()


async def test_what_was_not_done_with_is_taken_by_the_next(bus: Bus) -> None:
    first, second = Taking(), Taking()
    first.gate.clear()
    registration = await bus.consume_hosts(subjects.REPORTS, first.take)
    await post(bus, A, *NUMBERS)
    await asyncio.wait_for(first.began.wait(), WAIT_S)
    await registration.close()
    await registration.close()
    await bus.consume_hosts(subjects.REPORTS, second.take)
    await second.until(30)
    assert (first.taken, second.of(A)) == ([], NUMBERS)


async def test_a_later_consumer_takes_the_earlier_ones_place(bus: Bus) -> None:
    first, second = Taking(), Taking()
    old = await bus.consume_hosts(subjects.REPORTS, first.take)
    await post(bus, A, b"1")
    await first.until(1)
    await bus.consume_hosts(subjects.REPORTS, second.take)
    await post(bus, A, b"2", b"3")
    await second.until(2)
    await old.close()
    await post(bus, A, b"4")
    await second.until(3)
    assert (first.of(A), second.of(A)) == ([b"1"], [b"2", b"3", b"4"])


async def test_unavailable_of_who_takes_is_followed_by_the_same_again(bus: Bus) -> None:
    taking, tries = Taking(), 0

    async def refuse_once(machine_id: str, payload: bytes) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("the database does not answer")
        await taking.take(machine_id, payload)

    await bus.consume_hosts(subjects.REPORTS, refuse_once)
    await post(bus, A, b"1", b"2")
    await taking.until(2)
    assert (tries, taking.of(A)) == (3, [b"1", b"2"])


@pytest.mark.expects_errors
async def test_a_post_that_cannot_be_taken_does_not_hold_up_those_behind_it(
    bus: Bus, error_logs: list[dict[str, object]]
) -> None:
    taking, again = Taking(), Taking()

    async def choke(machine_id: str, payload: bytes) -> None:
        if payload == b"1":
            raise ValueError("broken")
        await taking.take(machine_id, payload)

    registration = await bus.consume_hosts(subjects.REPORTS, choke)
    await post(bus, A, b"1", b"2")
    await taking.until(1)
    assert (taking.of(A), len(error_logs)) == ([b"2"], 1)
    await registration.close()
    await bus.consume_hosts(subjects.REPORTS, again.take)
    await post(bus, A, b"3")
    # At least once: acknowledged a moment before the consumer went, one may come to the next, too.
    while b"3" not in again.of(A):
        await again.until(len(again.of(A)) + 1)


async def test_close_ends_requests_and_registrations(bus: Bus) -> None:
    started = asyncio.Event()

    async def never(payload: bytes) -> bytes:
        started.set()
        await asyncio.Event().wait()
        return b""

    await bus.serve("never", never)
    waiting = asyncio.create_task(bus.request("never", b"", WAIT_S))
    await asyncio.wait_for(started.wait(), WAIT_S)
    await bus.close()
    with pytest.raises(Unavailable):
        await asyncio.wait_for(waiting, WAIT_S)
    with pytest.raises(Unavailable):
        await bus.request("never", b"", 1.0)
