"""A closed segment's body written anew, smaller: its records drawn anew and compressed harder (format.md section 2)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import zstandard

from footlight.recording.body import Body
from footlight.recording.format import ZSTD_WINDOW_LOG, FormatError
from footlight.recording.frames import read_header

SEALED_ZSTD_LEVEL = 12

# A body's records, in pieces of any size, drawn anew: the same pictures at the same times. Raises FormatError.
Redraw = Callable[[Iterator[bytes]], Iterator[bytes]]


def recompress(
    source: BinaryIO, sink: BinaryIO, body_bytes: int, redraw: Redraw, go_on: Callable[[], bool]
) -> bool:
    """Write into `sink` (empty, seekable) the body of the closed segment in `source`, of `body_bytes` when
    decompressed: drawn anew where that makes it smaller, else as it is. `go_on` is asked again and again. Whether
    `sink` holds a whole body that is smaller than it was. Memory is bounded by the compressor's window and what
    `redraw` needs. Blocks. Raises OSError, and FormatError when `source` is not what was closed."""
    _, body_at = read_header(source)
    stored_bytes = source.seek(0, io.SEEK_END) - body_at
    for drawn in (redraw, _as_it_is):
        sink.seek(0)
        sink.truncate()
        body = Body(source, body_at)
        pieces = drawn(piece for _, piece in body.pieces())
        for data in compressed(pieces, SEALED_ZSTD_LEVEL, body_bytes):
            if not go_on():
                return False
            sink.write(data)
        if not body.complete:
            raise FormatError("the closed segment is cut off")
        if sink.tell() < stored_bytes:
            sink.flush()
            return True
    return False


def compressed(pieces: Iterable[bytes], level: int, body_bytes: int = 0) -> Iterable[bytes]:
    """The pieces as one zstd frame, piece by piece. body_bytes: how many they are together, 0 when that is
    not known; the compressor's tables are no larger than that needs."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        level, source_size=body_bytes, window_log=ZSTD_WINDOW_LOG
    )
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    for piece in pieces:
        yield frame.compress(piece)
    yield frame.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


def _as_it_is(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return pieces
