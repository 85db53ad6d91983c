from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from footlight.recording import frames
from footlight.recording.body import Body
from footlight.recording.format import SKIPPABLE_INDEX, FormatError, skippable_frame
from footlight.recording.frames import read_header, read_index, read_seal


def test_plain_zstd_reads_the_whole_file(make_three: Callable[[], Any]) -> None:
    data = (make_three().folder / "000000.flseg").read_bytes()
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        plain = reader.read()
    _, body_at = read_header(io.BytesIO(data))
    body = Body(io.BytesIO(data), body_at)
    assert b"".join(piece for _, piece in body.pieces()) == plain
    assert body.complete


def test_the_seal_is_found_at_the_end_only(make_three: Callable[[], Any]) -> None:
    data = (make_three().folder / "000002.flseg").read_bytes()
    found = read_seal(io.BytesIO(data))
    assert found is not None
    seal, offset = found
    assert offset == len(data) - 240
    assert seal.last
    assert read_seal(io.BytesIO(data + b"\0")) is None
    assert read_seal(io.BytesIO(data[:100])) is None


def test_the_index_is_the_same_from_the_end_and_behind_the_body(
    make_three: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (make_three().folder / "000000.flseg").read_bytes()
    from_the_end = read_index(io.BytesIO(data))
    assert b'"startNs":0' in from_the_end
    monkeypatch.setattr(frames, "_TAIL_BYTES", 10)
    assert read_index(io.BytesIO(data)) == from_the_end


def test_an_index_over_the_limit_is_refused(make_three: Callable[[], Any]) -> None:
    data = (make_three().folder / "000000.flseg").read_bytes()
    bomb = zstandard.ZstdCompressor().compress(bytes(17 * 1024 * 1024))
    head = data[: read_header(io.BytesIO(data))[1]]
    with pytest.raises(FormatError, match="over the limit"):
        read_index(io.BytesIO(head + skippable_frame(SKIPPABLE_INDEX, bomb) + data[-240:]))
    with pytest.raises(FormatError):
        read_index(io.BytesIO(head + skippable_frame(SKIPPABLE_INDEX, b"junk") + data[-240:]))
    with pytest.raises(FormatError, match="not sealed"):
        read_index(io.BytesIO(data[:-1]))
