from __future__ import annotations

import asyncio

import pytest

from footlight.bus import subjects
from footlight.bus.bus import ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.bus.joined import JoinedBus
from footlight.errors import Unavailable

HERE = "aaaaaaaa-0000-4000-8000-000000000000"
FAR = "bbbbbbbb-0000-4000-8000-000000000000"


def says(word: bytes):  # type: ignore[no-untyped-def]
    async def answer(payload: bytes) -> bytes:
        return word

    return answer


@pytest.fixture
def local() -> InProcessBus:
    return InProcessBus()


@pytest.fixture
def remote() -> InProcessBus:
    return InProcessBus()


async def test_what_is_served_here_is_asked_here(local: InProcessBus, remote: InProcessBus) -> None:
    bus = JoinedBus(local, remote)
    await bus.serve(subjects.orders(HERE), says(b"here"))
    await remote.serve(subjects.orders(HERE), says(b"nobody asks this one"))
    await remote.serve(subjects.orders(FAR), says(b"far"))
    assert await bus.request(subjects.orders(HERE), b"", 5) == b"here"
    assert await bus.request(subjects.orders(FAR), b"", 5) == b"far"


async def test_without_a_remote_side_nobody_is_there(local: InProcessBus) -> None:
    with pytest.raises(Unavailable, match="nobody serves"):
        await JoinedBus(local).request(subjects.orders(FAR), b"", 5)
    with pytest.raises(Unavailable, match="nobody listens"):
        await JoinedBus(local).dial(subjects.displays(FAR), b"", 5)


async def test_messages_and_streams_go_where_they_are_heard(
    local: InProcessBus, remote: InProcessBus
) -> None:
    bus = JoinedBus(local, remote)
    heard: list[str] = []
    both = asyncio.Barrier(3)

    def note(word: str):  # type: ignore[no-untyped-def]
        async def take(payload: bytes) -> bytes:
            heard.append(word)
            await both.wait()
            return b""

        return take

    await bus.serve(subjects.taken(HERE), note("here"))
    await remote.serve(subjects.taken(FAR), note("far"))
    await bus.send(subjects.taken(HERE), b"")
    await bus.send(subjects.taken(FAR), b"")
    await asyncio.wait_for(both.wait(), 5)
    assert sorted(heard) == ["far", "here"]

    async def speak(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"far" + hello)

    await remote.listen(subjects.displays(FAR), speak)
    stream = await bus.dial(subjects.displays(FAR), b"!", 5)
    assert await asyncio.wait_for(stream.read(10), 5) == b"far!"


async def test_hosts_are_heard_on_both_sides_also_on_one_that_comes_later(
    local: InProcessBus, remote: InProcessBus
) -> None:
    bus = JoinedBus(local)
    taken: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async def take(machine_id: str, payload: bytes) -> None:
        taken.put_nowait((machine_id, payload))

    async def answer(machine_id: str, payload: bytes) -> bytes:
        return machine_id.encode()

    consuming = await bus.consume_hosts(subjects.REPORTS, take)
    serving = await bus.serve_hosts(subjects.BEATS, answer)
    await bus.attach(remote)
    await bus.post(subjects.of_host(HERE, subjects.REPORTS), b"1", 5)
    assert await asyncio.wait_for(taken.get(), 5) == (HERE, b"1")
    await remote.post(subjects.of_host(FAR, subjects.REPORTS), b"2", 5)
    assert await asyncio.wait_for(taken.get(), 5) == (FAR, b"2")
    beat = subjects.of_host(FAR, subjects.BEATS)
    assert await remote.request(beat, b"", 5) == FAR.encode()
    assert await bus.request(subjects.of_host(HERE, subjects.BEATS), b"", 5) == HERE.encode()
    await serving.close()
    await consuming.close()
    with pytest.raises(Unavailable):
        await remote.request(beat, b"", 5)
    await remote.post(subjects.of_host(FAR, subjects.REPORTS), b"3", 5)
    await asyncio.sleep(0)
    assert taken.empty()


async def test_both_are_closed(local: InProcessBus, remote: InProcessBus) -> None:
    await remote.serve("a", says(b""))
    await local.serve("b", says(b""))
    await JoinedBus(local, remote).close()
    for bus, subject in ((remote, "a"), (local, "b")):
        with pytest.raises(Unavailable):
            await bus.request(subject, b"", 5)
