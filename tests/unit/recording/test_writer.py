import io
import json
import struct

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain, writer
from footlight.recording.chain import Gap
from footlight.recording.format import (
    MAX_EVENT_BYTES,
    NO_HEAD,
    SEGMENT_MAX_NS,
    Encoding,
    RecordKind,
    pack_rectangle,
    pack_screen,
    unpack_record_prefix,
)
from footlight.recording.header import Header
from footlight.recording.writer import SegmentWriter, StoredRectangle

BODY_AT = 8 + 186
KEY = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
RECORDING = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
START_NS = 2_500_000_000
PICTURE: StoredRectangle = (0, 0, 64, 32, Encoding.ZRLE, b"\x01abc")
SPOT: StoredRectangle = (8, 4, 2, 2, Encoding.RAW, bytes(16))
POINTER: StoredRectangle = (0, 0, 1, 1, Encoding.CURSOR, bytes(5))


def new_writer() -> SegmentWriter:
    header = Header(
        number=0,
        recording_id=RECORDING,
        session_id=RECORDING,
        anchor_monotonic_ns=1,
        anchor_wall_ns=2,
        start_ns=START_NS,
        previous_head=NO_HEAD,
        signer=chain.public_bytes(KEY),
        boot_id=bytes(8),
    )
    return SegmentWriter(header, 64, 32)


def records(data: bytes) -> list[tuple[int, int, bytes]]:
    """(kind, time since the segment's first instant, payload) of what is readable in a segment."""
    body = zstandard.ZstdDecompressor().decompressobj().decompress(data[BODY_AT:])
    found, at = [], 0
    while at + 16 <= len(body):
        kind, length, at_ns = unpack_record_prefix(body, at)
        if at + 16 + length > len(body):
            break
        found.append((kind, at_ns, body[at + 16 : at + 16 + length]))
        at += 16 + length
    return found


def test_a_whole_segment_reads_as_specified() -> None:
    segment = new_writer()
    data = segment.begin()
    gap = Gap(from_ns=1_000_000_000, to_ns=START_NS, cause="recorder-lost")
    data += segment.gap(START_NS, gap, "why")
    data += segment.update(START_NS, [PICTURE, POINTER])
    data += segment.event(START_NS + 5, "notice-shown", {"text": "é"})
    data += segment.update(START_NS + 1_000_000_000, [SPOT])
    tail, closed = segment.close()
    data += tail

    assert records(data) == [
        (RecordKind.SCREEN, 0, pack_screen(64, 32)),
        (
            RecordKind.GAP,
            0,
            struct.pack("<QQ", 1_000_000_000, START_NS)
            + b'{"cause":"recorder-lost","detail":"why"}',
        ),
        (RecordKind.UPDATE, 0, b"\x02\x00" + pack_rectangle(*PICTURE) + pack_rectangle(*POINTER)),
        (RecordKind.EVENT, 5, '{"text":"é","type":"notice-shown"}'.encode()),
        (RecordKind.UPDATE, 1_000_000_000, b"\x01\x00" + pack_rectangle(*SPOT)),
    ]
    assert json.loads(closed.index) == {
        "startNs": START_NS,
        "endNs": START_NS + 1_000_000_000,
        "width": 64,
        "height": 32,
        "updates": 2,
        "bytes": sum(16 + len(payload) for _, _, payload in records(data)),
        "events": [{"type": "notice-shown", "text": "é", "atNs": START_NS + 5}],
        "gaps": [{"fromNs": 1_000_000_000, "toNs": START_NS, "cause": "recorder-lost"}],
        "damage": [[2, 64 * 32, 0, 0, 64, 32], [3, 4, 8, 4, 10, 6]],
    }
    assert (closed.header, closed.width, closed.height) == (segment.header, 64, 32)
    assert closed.end_ns == START_NS + 1_000_000_000
    assert closed.body_bytes == segment.body_bytes
    assert (closed.event_count, closed.gaps) == (1, [gap])


def test_any_zstd_reader_reads_a_segment_and_a_browser_can() -> None:
    segment = new_writer()
    data = segment.begin() + segment.update(START_NS, [PICTURE]) + segment.close()[0]
    plain = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True)
    assert len(plain.read()) == segment.body_bytes
    frame = zstandard.get_frame_parameters(data[BODY_AT:])
    assert frame.window_size <= 8 * 1024 * 1024
    assert not frame.has_checksum


def test_after_a_flush_all_before_it_can_be_read() -> None:
    segment = new_writer()
    data = segment.begin() + segment.update(START_NS, [PICTURE])
    data += segment.flush()
    whole = records(data)
    assert [kind for kind, _, _ in whole] == [RecordKind.SCREEN, RecordKind.UPDATE]
    data += segment.update(START_NS + 1, [SPOT])
    assert records(data) == whole
    data += segment.flush()
    assert len(records(data)) == 3


def test_times_never_fall() -> None:
    segment = new_writer()
    data = segment.begin() + segment.update(START_NS - 7, [PICTURE])
    data += segment.update(START_NS + 9, [SPOT]) + segment.event(START_NS + 3, "x", {})
    data += segment.flush()
    assert [at_ns for _, at_ns, _ in records(data)] == [0, 0, 9, 9]


def test_the_bounds_say_when_a_segment_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    segment = new_writer()
    segment.begin()
    segment.update(START_NS + SEGMENT_MAX_NS - 1, [PICTURE])
    assert not segment.full
    segment.update(START_NS + SEGMENT_MAX_NS, [SPOT])
    assert segment.full
    for bound in ("SEGMENT_MAX_STORED_BYTES", "SEGMENT_MAX_BODY_BYTES", "SEGMENT_MAX_RECTANGLES"):
        other = new_writer()
        other.begin()
        other.update(START_NS, [SPOT])
        other.update(START_NS, [PICTURE] * 10)
        assert not other.full
        monkeypatch.setattr(writer, bound, 1)
        assert other.full
        monkeypatch.undo()


def test_an_update_over_the_record_limit_becomes_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_RECORD_BYTES", 70)
    segment = new_writer()
    data = segment.begin() + segment.update(START_NS, [SPOT, SPOT, SPOT]) + segment.flush()
    counts = [payload[0] for kind, _, payload in records(data) if kind == RecordKind.UPDATE]
    assert counts == [2, 1]


def test_an_event_over_the_limit_keeps_its_type() -> None:
    segment = new_writer()
    data = segment.begin() + segment.event(START_NS, "big", {"text": "x" * MAX_EVENT_BYTES})
    data += segment.flush()
    assert records(data)[-1][2] == b'{"cut":true,"type":"big"}'
