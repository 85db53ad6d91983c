import io

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain
from footlight.recording.chain import Gap
from footlight.recording.format import NO_HEAD, Encoding, RecordKind
from footlight.recording.header import Header
from footlight.recording.reader import Record, SegmentReader
from footlight.recording.salvage import salvage
from footlight.recording.sealing import Hand, Place
from footlight.recording.writer import SegmentWriter

OLD = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
NEW = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
RECORDING = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
HEADER = Header(
    number=4,
    recording_id=RECORDING,
    session_id=RECORDING,
    anchor_monotonic_ns=1,
    anchor_wall_ns=2,
    start_ns=1_000,
    previous_head=NO_HEAD,
    signer=chain.public_bytes(OLD),
    boot_id=b"oldboot!",
)
PLACE = Place(4, b"p" * 32)


def torn_segment() -> tuple[bytes, list[int]]:
    """An open segment with a flush after each record, and how long the file was after each."""
    segment = SegmentWriter(HEADER, 8, 8)
    data = segment.begin() + segment.flush()
    ends = [len(data)]
    for piece in (
        lambda: segment.gap(1_000, Gap(from_ns=1, to_ns=2, cause="disconnected"), "detail"),
        lambda: segment.update(1_000, [(0, 0, 8, 8, Encoding.ZRLE, b"\x01abc")]),
        lambda: segment.event(1_005, "notice-shown", {"text": "x"}),
        lambda: segment.update(1_009, [(1, 1, 2, 1, Encoding.RAW, b"12345678")]),
        lambda: segment.update(1_010, [(1, 1, 2, 1, Encoding.COPY_RECT, b"0123")]),
    ):
        data += piece() + segment.flush()
        ends.append(len(data))
    return data, ends


def records(data: bytes) -> list[tuple[int, int, bytes]]:
    reader = SegmentReader(io.BytesIO(data))
    found: list[Record] = list(reader.records())
    assert reader.fault is None
    return [(r.kind, r.at_ns, r.payload) for r in found]


def test_no_flushed_record_is_lost_wherever_the_file_is_torn() -> None:
    data, ends = torn_segment()
    all_records = records(data)
    for cut in range(len(data) + 1):
        whole = io.BytesIO()
        sealed = salvage(io.BytesIO(data[:cut]), whole, PLACE, Hand(NEW), b"newboot!")
        flushed = sum(end <= cut for end in ends)
        if flushed < 3:  # screen, gap, first update
            assert sealed is None
            continue
        assert sealed is not None
        assert records(whole.getvalue()) == all_records[:flushed]


def test_the_new_writer_seals_in_the_old_ones_place() -> None:
    data, _ = torn_segment()
    whole = io.BytesIO()
    sealed = salvage(io.BytesIO(data), whole, PLACE, Hand(NEW), b"newboot!")
    assert sealed is not None
    reader = SegmentReader(whole)
    assert reader.header.signer == chain.public_bytes(NEW)
    assert reader.header.boot_id == b"newboot!"
    assert reader.header.previous_head == PLACE.previous_head
    assert reader.header.start_ns == HEADER.start_ns
    assert [r.kind for r in reader.records()].count(RecordKind.SCREEN) == 1
    assert reader.check_tail() is None
    assert (sealed.entry.number, sealed.entry.end_ns) == (4, 1_010)
    assert sealed.entry.size_bytes == len(whole.getvalue())
    assert sealed.event_count == 1
    assert sealed.gaps == [Gap(from_ns=1, to_ns=2, cause="disconnected")]


def test_records_before_a_damaged_block_are_kept() -> None:
    data, ends = torn_segment()
    broken = data[: ends[3]] + b"\xff" * 40
    whole = io.BytesIO()
    assert salvage(io.BytesIO(broken), whole, PLACE, Hand(NEW), bytes(8)) is not None
    assert len(records(whole.getvalue())) == 4


def test_what_is_no_segment_is_not_kept() -> None:
    for data in (b"", b"\0" * 500, HEADER.pack(), zstandard.compress(b"x")):
        assert salvage(io.BytesIO(data), io.BytesIO(), PLACE, Hand(NEW), bytes(8)) is None
