from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from footlight.recording import reader as reading
from footlight.recording.format import (
    SKIPPABLE_HEADER,
    FormatError,
    RecordKind,
    pack_gap,
    pack_record,
    pack_rectangle,
    pack_screen,
    pack_update_count,
    skippable_frame,
)
from footlight.recording.frames import CutOff
from footlight.recording.reader import (
    MAX_RECORDING_NS,
    Record,
    SegmentReader,
    check_record,
    read_event,
    read_gap,
    rectangles,
)

MS = 1_000_000


def segment(studio: Any, *records: bytes, start_ms: int = 0, end: bool = False) -> bytes:
    """An open segment's bytes around any records."""
    header = studio.begin(start_ms, 0).writer.header
    body = zstandard.ZstdCompressor().compressobj()
    mode = zstandard.COMPRESSOBJ_FLUSH_FINISH if end else zstandard.COMPRESSOBJ_FLUSH_BLOCK
    data = b"".join(body.compress(record) for record in records) + body.flush(mode)
    return skippable_frame(SKIPPABLE_HEADER, header.pack()) + data


def read(data: bytes) -> tuple[list[Record], SegmentReader]:
    reader = SegmentReader(io.BytesIO(data))
    return list(reader.records()), reader


def test_a_sealed_segment_gives_its_records_in_recording_time(
    make_three: Callable[[], Any],
) -> None:
    data = (make_three().folder / "000001.flseg").read_bytes()
    records, reader = read(data)
    assert [(r.kind, r.at_ns // MS) for r in records] == [(1, 5000), (2, 5000), (2, 6000)]
    assert reader.complete
    assert reader.fault is None
    assert reader.check_tail() is None
    assert reader.body_bytes == sum(len(r.payload) + 16 for r in records)


def test_cut_at_every_byte_it_gives_a_prefix_quietly(
    studio: Any, make_three: Callable[[], Any]
) -> None:
    studio.recompress = False
    data = (make_three().folder / "000000.flseg").read_bytes()
    whole, _ = read(data)
    counts = set()
    for cut in range(len(data)):
        try:
            records, reader = read(data[:cut])
        except CutOff:
            assert cut < 194
            continue
        assert reader.fault is None
        assert [r[:3] for r in records] == [r[:3] for r in whole[: len(records)]]
        counts.add(len(records))
        tail = reader.check_tail()
        assert tail is not None
    assert counts == {0, 2, 4, 5}, "what each flush made readable"


def test_zeros_after_the_last_block_are_a_quiet_end(studio: Any) -> None:
    data = studio.begin(0, 5).leave_open().read_bytes()
    records, reader = read(data + bytes(5_000_000))
    assert len(records) == 2
    assert reader.fault is None


def test_unknown_kinds_are_passed_on_and_hold(studio: Any) -> None:
    records, reader = read(segment(studio, pack_record(77, 5, b"?"), end=True))
    assert [(r.kind, r.at_ns) for r in records] == [(77, 5)]
    check_record(records[0])
    assert reader.fault is None


@pytest.mark.parametrize(
    ("records", "end", "reason"),
    [
        ([pack_record(3, 9, b"{}"), pack_record(3, 8, b"{}")], False, "time falls"),
        ([pack_record(3, MAX_RECORDING_NS + 1, b"{}")], False, "over a year"),
        ([pack_record(2, 1, b"")[:4] + b"\xff\xff\xff\x7f" + bytes(8)], False, "over the limit"),
        ([pack_record(2, 1, b"abc")[:-1]], True, "last record is cut off"),
    ],
)
def test_faults(studio: Any, records: list[bytes], end: bool, reason: str) -> None:
    _, reader = read(segment(studio, *records, end=end))
    assert reader.fault is not None
    assert reason in reader.fault.reason
    assert reader.fault.offset >= 160


def test_a_damaged_block_ends_reading_with_its_offset(studio: Any) -> None:
    noise = bytes(range(256)) * 40
    data = bytearray(segment(studio, pack_record(9, 1, b"a" * 999), pack_record(9, 2, noise)))
    data[200:203] = b"\xff\xff\xff"  # the first block's header, after 6 bytes of the frame's
    records, reader = read(bytes(data))
    assert records == []
    assert reader.fault is not None


def test_a_bomb_of_tiny_records_ends(studio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.MAX_RECORDS == 1_000_000, "format.md section 10"
    monkeypatch.setattr(reading, "MAX_RECORDS", most := 50_000)  # the whole number takes seconds
    body = zstandard.ZstdCompressor(level=1).compress(bytes(most * 16 + 160))
    header = studio.begin(0, 0).writer.header
    data = skippable_frame(SKIPPABLE_HEADER, header.pack()) + body
    assert len(data) < 10_000
    reader = SegmentReader(io.BytesIO(data))
    assert sum(1 for _ in reader.records()) == most
    assert reader.fault is not None
    assert "records" in reader.fault.reason


def test_a_window_over_8_mib_is_refused(studio: Any) -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=24)
    body = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    header = studio.begin(0, 0).writer.header
    data = skippable_frame(SKIPPABLE_HEADER, header.pack())
    data += body.compress(bytes(64)) + body.flush()
    _, reader = read(data)
    assert reader.fault is not None
    assert "window" in reader.fault.reason


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 200,
        skippable_frame(SKIPPABLE_HEADER, b"x" * 152),
        skippable_frame(SKIPPABLE_HEADER, b"x" * 5000),
        skippable_frame(SKIPPABLE_HEADER + 1, b"x" * 152),
    ],
)
def test_bad_headers_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        SegmentReader(io.BytesIO(data))


def test_rectangles_must_fill_their_record() -> None:
    one = pack_rectangle(1, 2, 3, 4, 16, b"abc")
    (rectangle,) = rectangles(pack_update_count(1) + one)
    assert rectangle[:5] == (1, 2, 3, 4, 16)
    assert bytes(rectangle.body) == b"abc"
    for payload in (pack_update_count(1) + one + b"!", pack_update_count(2) + one, b"\1"):
        with pytest.raises(FormatError):
            list(rectangles(payload))


def test_events_and_gaps() -> None:
    assert read_event(b'{"type": "x", "a": 1}') == {"type": "x", "a": 1}
    for bad in (b"[]", b"{}", b'{"type": 5}', b"\xff", b"[" * 60_000, b" " * 70_000):
        with pytest.raises(FormatError):
            read_event(bad)
    assert read_gap(pack_gap(5, 9, b'{"cause": "disk"}')) == (5, 9, "disk")
    for bad in (pack_gap(9, 5, b"{}"), pack_gap(5, MAX_RECORDING_NS + 1, b"{}"), b"12"):
        with pytest.raises(FormatError):
            read_gap(bad)


def test_check_record_knows_each_kind() -> None:
    bad = [(RecordKind.SCREEN, b""), (RecordKind.UPDATE, b"\1\0"), (RecordKind.EVENT, b"1")]
    for kind, payload in [*bad, (RecordKind.GAP, b"")]:
        with pytest.raises(FormatError):
            check_record(Record(kind, 0, payload, 0))
    check_record(Record(RecordKind.SCREEN, 0, pack_screen(5, 5), 0))
