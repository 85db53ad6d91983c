from __future__ import annotations

import pytest

from footlight.wire.frames import DATA, END, HEADER, MAX_PAYLOAD_BYTES, Frames, frame


def frames(data: bytes, piece: int) -> Frames:
    left = bytearray(data)

    async def read(limit: int) -> bytes:
        given = bytes(left[: min(limit, piece)])
        del left[: len(given)]
        return given

    return Frames(read)


@pytest.mark.parametrize("piece", [1, 2, 5, 6, 7, 1000])
async def test_frames_come_whole_however_they_are_cut(piece: int) -> None:
    data = frame(HEADER, b"{}") + frame(DATA, b"abc") + frame(END)
    reader = frames(data, piece)
    assert [await reader.next() for _ in range(4)] == [
        (HEADER, b"{}"),
        (DATA, b"abc"),
        (END, b""),
        None,
    ]


@pytest.mark.parametrize("cut", range(1, 8))
async def test_a_stream_that_ends_within_a_frame_has_ended(cut: int) -> None:
    assert await frames(frame(DATA, b"abc")[:cut], 100).next() is None


@pytest.mark.parametrize("data", [b"X\0\0\0\0", b"D\xff\0\0\0", b"GET / HTTP/1.1\r\n"])
async def test_what_is_no_frame(data: bytes) -> None:
    with pytest.raises(ValueError, match="no frame"):
        await frames(data, 100).next()


def test_a_frame_has_a_bound() -> None:
    with pytest.raises(ValueError, match="frame of"):
        frame(DATA, bytes(MAX_PAYLOAD_BYTES + 1))
