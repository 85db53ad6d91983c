from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from footlight.recording.body import Body
from footlight.recording.format import NO_HEAD, Encoding, FormatError
from footlight.recording.frames import read_header
from footlight.recording.header import Header
from footlight.recording.recompression import compressed, recompress
from footlight.recording.writer import SegmentWriter

NOBODY = "00000000-0000-0000-0000-000000000000"
SIDE = 64


def closed_segment() -> tuple[bytes, int]:
    """A segment flushed after each update, and its body's bytes."""
    writer = SegmentWriter(
        Header(0, NOBODY, NOBODY, 1, 2, 0, NO_HEAD, bytes(32), bytes(8)), SIDE, SIDE
    )
    data = writer.begin()
    for number in range(40):
        picture = bytes([number, 1, 2, 0]) * SIDE * SIDE
        data += writer.update(number, [(0, 0, SIDE, SIDE, Encoding.RAW, picture)]) + writer.flush()
    tail, closed = writer.close()
    return data + tail, closed.body_bytes


def body_of(file: io.BytesIO, at: int) -> bytes:
    body = Body(file, at)
    found = b"".join(piece for _, piece in body.pieces())
    assert body.complete
    return found


def as_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return pieces


def twice(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A drawing that is worse."""
    for number, piece in enumerate(pieces):
        yield piece
        yield bytes((number * at * at) % 251 for at in range(len(piece)))


def test_the_body_is_the_same_and_smaller() -> None:
    opened, body_bytes = closed_segment()
    source, sink = io.BytesIO(opened), io.BytesIO(b"")
    assert recompress(source, sink, body_bytes, as_it_is, lambda: True)
    body_at = read_header(source)[1]
    assert body_of(sink, 0) == body_of(source, body_at)
    assert len(sink.getvalue()) < len(opened) - body_at


def test_drawn_anew_it_is_taken_only_where_that_is_smaller() -> None:
    opened, body_bytes = closed_segment()
    plain, sink = io.BytesIO(), io.BytesIO()
    assert recompress(io.BytesIO(opened), plain, body_bytes, as_it_is, lambda: True)
    assert recompress(io.BytesIO(opened), sink, body_bytes, twice, lambda: True)
    assert sink.getvalue() == plain.getvalue()
    drawn = [b"drawn anew"]
    assert recompress(
        io.BytesIO(opened), sink, 10, lambda pieces: drawn_of(pieces, drawn), lambda: True
    )
    assert body_of(sink, 0) == drawn[0]


def drawn_of(pieces: Iterator[bytes], drawn: list[bytes]) -> Iterator[bytes]:
    for _ in pieces:
        continue
    yield from drawn


def test_it_is_given_up_when_asked_and_where_it_gains_nothing() -> None:
    opened, body_bytes = closed_segment()
    asked: list[int] = []

    def go_on() -> bool:
        asked.append(1)
        return len(asked) < 2

    assert not recompress(io.BytesIO(opened), io.BytesIO(), body_bytes, as_it_is, go_on)
    assert len(asked) == 2
    source, sink = io.BytesIO(opened), io.BytesIO()
    recompress(source, sink, body_bytes, as_it_is, lambda: True)
    again = io.BytesIO(opened[: read_header(source)[1]] + sink.getvalue())
    assert not recompress(again, io.BytesIO(), body_bytes, as_it_is, lambda: True)


def test_what_is_cut_off_is_refused() -> None:
    opened, body_bytes = closed_segment()
    with pytest.raises(FormatError, match="cut off"):
        recompress(io.BytesIO(opened[:-40]), io.BytesIO(), body_bytes, as_it_is, lambda: True)


def test_pieces_become_one_frame() -> None:
    frame = b"".join(compressed([b"one", b"two", b""], 3))
    assert body_of(io.BytesIO(frame), 0) == b"onetwo"
