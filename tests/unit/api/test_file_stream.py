from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, get_args

import pytest

from footlight.api.errors import problem_of
from footlight.api.file_stream import FileStream, refusal
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.wire.files import FileEnd, FileEntry, FileHead, FileOrder, FileSpan, Refusal
from footlight.wire.frames import DATA, END, FROM, HEADER, Frames, frame
from footlight.wire.host import encode

ORDER = FileOrder(
    session_id="s", do="get", allowed="both", user_name="D\\ada", address="::1", name="f",
    limit_bytes=10,
)  # fmt: skip
FILE = FileEntry(name="f", size_bytes=6, modified_at_ms=0)
Play = Callable[[Any, Frames], Any]


@pytest.fixture
async def opened() -> AsyncIterator[Callable[..., Any]]:
    """opened(play): a stream to a host that plays this after its head."""
    bus = InProcessBus()

    async def open(play: Play, head: FileHead | None = None) -> FileStream:
        async def serve(hello: bytes, stream: Any) -> None:
            await stream.write(frame(HEADER, encode(head or FileHead(file=FILE))))
            await play(stream, Frames(stream.read))
            await stream.close()

        await bus.listen(subjects.files("m"), serve)
        return await FileStream.open(bus, "m", ORDER)

    yield open
    await bus.close()


async def nothing(stream: Any, frames: Frames) -> None:
    return


def gives(*frames: bytes) -> Play:
    async def play(stream: Any, asked: Frames) -> None:
        assert (await asked.next() or b"")[0] == FROM
        for one in frames:
            await stream.write(one)

    return play


WHOLE = frame(END, encode(FileEnd(size_bytes=6, sha256="ab")))
SPAN = FileSpan(first=0, length=6)


async def test_a_file_is_read_whole(opened: Any) -> None:
    stream = await opened(gives(frame(DATA, b"abc"), frame(DATA, b"def"), WHOLE))
    assert stream.head.file == FILE
    assert [piece async for piece in stream.read(SPAN)] == [b"abc", b"def"]
    assert stream.end.sha256 == "ab"


@pytest.mark.parametrize(
    "frames",
    [
        (frame(DATA, b"abc"),),
        (frame(DATA, b"abc"), WHOLE),
        (frame(DATA, b"abcdef"), frame(END, encode(FileEnd(refused="failed")))),
        (frame(HEADER, b"{}"),),
        (b"rubbish that is no frame",),
    ],
)
async def test_one_that_is_not_whole_is_no_success(opened: Any, frames: tuple[bytes, ...]) -> None:
    stream = await opened(gives(*frames))
    with pytest.raises(Unavailable):
        assert [piece async for piece in stream.read(SPAN)]


async def test_a_file_is_written_in_frames_and_named_at_the_end(opened: Any) -> None:
    got: list[tuple[bytes, int]] = []

    async def play(stream: Any, frames: Frames) -> None:
        while (found := await frames.next()) is not None:
            got.append((found[0], len(found[1])))
            if found[0] == END:
                await stream.write(WHOLE)
                return

    stream = await opened(play, FileHead())
    await stream.write(bytes(200_000))
    assert (await stream.finish()).size_bytes == 6
    assert got == [(DATA, 131072), (DATA, 200_000 - 131072), (END, 0)]


async def test_a_host_that_has_enough_says_why(opened: Any) -> None:
    async def play(stream: Any, frames: Frames) -> None:
        await frames.next()
        await stream.write(frame(END, encode(FileEnd(refused="no-space"))))

    stream = await opened(play, FileHead())
    with pytest.raises(Conflict, match="space"):
        await stream.write(bytes(10_000_000))


async def test_a_refusal_at_the_head_and_a_host_that_is_not_there(opened: Any) -> None:
    with pytest.raises(NotFound):
        await opened(nothing, FileHead(refused="missing"))
    with pytest.raises(Unavailable):
        await FileStream.open(InProcessBus(), "m", ORDER)


def test_every_refusal_has_its_status() -> None:
    found = {reason: problem_of(refusal(reason, ORDER)).status for reason in get_args(Refusal)}
    assert found == {
        "policy": 403, "not-running": 409, "missing": 404, "exists": 409, "not-a-file": 409,
        "denied": 409, "too-large": 413, "no-space": 409, "no-folder": 409, "busy": 429,
        "stalled": 503, "failed": 503,
    }  # fmt: skip
