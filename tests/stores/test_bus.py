"""One suite for every transport of the bus (footlight.bus.bus)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.bus import subjects
from footlight.bus.bus import Bus, ByteStream
from footlight.bus.inprocess import STREAM_WINDOW_BYTES, InProcessBus
from footlight.errors import NotFound, Unavailable

WAIT_S = 10.0
A = "aaaaaaaa-0000-4000-8000-000000000000"
B = "bbbbbbbb-0000-4000-8000-000000000000"


@pytest.fixture(params=["inprocess"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made = {"inprocess": InProcessBus}[request.param]()
    yield made
    await made.close()


async def shout(payload: bytes) -> bytes:
    return payload.upper()


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


async def read_exactly(stream: ByteStream, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await asyncio.wait_for(stream.read(count - len(data)), WAIT_S)
        assert piece, f"ended after {len(data)} of {count} bytes"
        data += piece
    return data


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
    assert [payload for _, payload in await again.until(1)] == [b"3"]


# --- streams --------------------------------------------------------------------------------------


async def test_stream_carries_hello_and_bytes_both_ways(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"hello", WAIT_S)
    assert await read_exactly(stream, 5) == b"hello"
    await stream.write(b"one")
    await stream.write(b"two")
    assert await read_exactly(stream, 6) == b"onetwo"
    await stream.close()
    await stream.close()


async def test_read_gives_no_more_than_asked(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"abcdef", WAIT_S)
    assert len(await asyncio.wait_for(stream.read(2), WAIT_S)) <= 2


async def test_dial_nobody_listens(bus: Bus) -> None:
    with pytest.raises(Unavailable):
        await bus.dial("nobody", b"", 1.0)
    registration = await bus.listen("echo", echo)
    await registration.close()
    with pytest.raises(Unavailable):
        await bus.dial("echo", b"", 1.0)


async def test_streams_of_one_subject_are_apart(bus: Bus) -> None:
    await bus.listen("echo", echo)
    first = await bus.dial("echo", b"1", WAIT_S)
    second = await bus.dial("echo", b"2", WAIT_S)
    await first.close()
    assert await read_exactly(second, 1) == b"2"
    await second.write(b"still")
    assert await read_exactly(second, 5) == b"still"


async def test_closing_a_registration_leaves_its_streams(bus: Bus) -> None:
    registration = await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    await registration.close()
    await stream.write(b"on")
    assert await read_exactly(stream, 2) == b"on"


async def test_writer_waits_for_a_reader_who_does_not_read(bus: Bus) -> None:
    """No more than a window per direction waits, whether in many writes or in one."""
    accepted = 0
    release = asyncio.Event()
    total = 4 * STREAM_WINDOW_BYTES

    async def produce(hello: bytes, stream: ByteStream) -> None:
        nonlocal accepted
        for _ in range(total // 65536):
            await stream.write(bytes(65536))
            accepted += 65536
        await stream.write(bytes(total))
        release.set()

    await bus.listen("produce", produce)
    stream = await bus.dial("produce", b"", WAIT_S)
    await asyncio.sleep(0.2)
    assert 0 < accepted <= 2 * STREAM_WINDOW_BYTES
    held = accepted
    await asyncio.sleep(0.1)
    assert accepted == held
    await read_exactly(stream, total + total // 2)
    assert not release.is_set(), "one large write was accepted before it was read"
    await read_exactly(stream, total // 2)
    await asyncio.wait_for(release.wait(), WAIT_S)


async def test_writes_of_several_tasks_do_not_mix(bus: Bus) -> None:
    size = STREAM_WINDOW_BYTES + 1000

    async def two_writers(hello: bytes, stream: ByteStream) -> None:
        await asyncio.gather(stream.write(b"a" * size), stream.write(b"b" * size))

    await bus.listen("two", two_writers)
    stream = await bus.dial("two", b"", WAIT_S)
    data = await read_exactly(stream, 2 * size)
    assert data in (b"a" * size + b"b" * size, b"b" * size + b"a" * size)


async def test_closing_side_ends_the_other(bus: Bus) -> None:
    ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def until_end(hello: bytes, stream: ByteStream) -> None:
        ended.set_result(await stream.read(10))
        with pytest.raises(ConnectionError):
            await stream.write(b"late")

    await bus.listen("a", until_end)
    stream = await bus.dial("a", b"", WAIT_S)
    await stream.close()
    assert await asyncio.wait_for(ended, WAIT_S) == b""
    with pytest.raises(ConnectionError):
        await stream.write(b"late")
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


async def test_what_was_written_before_the_end_is_read(bus: Bus) -> None:
    async def speak(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"last words")

    await bus.listen("a", speak)
    stream = await bus.dial("a", b"", WAIT_S)
    await asyncio.sleep(0.05)
    assert await read_exactly(stream, 10) == b"last words"
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


async def test_close_wakes_a_waiting_writer(bus: Bus) -> None:
    async def idle(hello: bytes, stream: ByteStream) -> None:
        await asyncio.sleep(0.05)  # and never reads

    await bus.listen("a", idle)
    stream = await bus.dial("a", b"", WAIT_S)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(stream.write(bytes(3 * STREAM_WINDOW_BYTES)), WAIT_S)


async def test_handler_that_writes_to_one_who_left_is_no_error(
    bus: Bus, error_logs: list[dict[str, object]]
) -> None:
    left = asyncio.Event()

    async def talk(hello: bytes, stream: ByteStream) -> None:
        await left.wait()
        await stream.write(b"are you there?")

    await bus.listen("a", talk)
    stream = await bus.dial("a", b"", WAIT_S)
    await stream.close()
    left.set()
    await asyncio.sleep(0.05)
    assert error_logs == []


@pytest.mark.expects_errors
async def test_failing_stream_handler_ends_the_stream(
    bus: Bus, error_logs: list[dict[str, object]]
) -> None:
    async def broken(hello: bytes, stream: ByteStream) -> None:
        raise RuntimeError("broken")

    await bus.listen("a", broken)
    stream = await bus.dial("a", b"", WAIT_S)
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert len(error_logs) == 1


# --- the end of the bus ---------------------------------------------------------------------------


async def test_close_ends_streams_requests_and_registrations(bus: Bus) -> None:
    started = asyncio.Event()

    async def never(payload: bytes) -> bytes:
        started.set()
        await asyncio.Event().wait()
        return b""

    await bus.serve("never", never)
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    waiting = asyncio.create_task(bus.request("never", b"", WAIT_S))
    await asyncio.wait_for(started.wait(), WAIT_S)
    await bus.close()
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    with pytest.raises(Unavailable):
        await asyncio.wait_for(waiting, WAIT_S)
    with pytest.raises(Unavailable):
        await bus.request("never", b"", 1.0)
    with pytest.raises(Unavailable):
        await bus.dial("echo", b"", 1.0)


async def test_stream_dialled_right_before_close_ends(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    await bus.close()  # the listener's task has not had its first step
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
