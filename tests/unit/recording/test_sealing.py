from __future__ import annotations

import dataclasses
import hashlib
import io
import json

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain
from footlight.recording.cipher import DataKey, KeyNeeded
from footlight.recording.format import NO_HEAD, Encoding, FormatError
from footlight.recording.frames import read_header, read_index, read_seal
from footlight.recording.header import NO_SALT, Header
from footlight.recording.reader import SegmentReader
from footlight.recording.recompression import recompress
from footlight.recording.sealing import Hand, Place, SealedSegment, seal_segment
from footlight.recording.writer import ClosedSegment, SegmentWriter

AGENT = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
KEY = DataKey(b"k" * 32, "wrapped-for-the-site")
RECORDING = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
HEADER = Header(
    number=3,
    recording_id=RECORDING,
    session_id=RECORDING,
    anchor_monotonic_ns=1,
    anchor_wall_ns=2,
    start_ns=1_000,
    previous_head=NO_HEAD,
    signer=b"s" * 32,
    boot_id=b"bootboot",
)
PLACE = Place(3, b"p" * 32, last=True)


def closed_segment(updates: int = 50) -> tuple[bytes, ClosedSegment]:
    writer = SegmentWriter(HEADER, 64, 64)
    data = writer.begin()
    for number in range(updates):
        noise = hashlib.shake_128(number.to_bytes(2)).digest(16 * 16 * 4)
        data += (
            writer.update(1_000 + number, [(0, 0, 16, 16, Encoding.RAW, noise)]) + writer.flush()
        )
    data += writer.event(2_000, "notice-shown", {"text": "x"})
    tail, closed = writer.close()
    return data + tail, closed


def seal(hand: Hand, anew: bool = True, updates: int = 50) -> tuple[bytes, bytes, SealedSegment]:
    opened, closed = closed_segment(updates)
    source, sink, body = io.BytesIO(opened), io.BytesIO(), io.BytesIO()
    if anew:
        recompress(source, body, closed.body_bytes, lambda pieces: pieces, lambda: True)
    sealed = seal_segment(source, sink, closed, PLACE, hand, body if anew else None)
    return opened, sink.getvalue(), sealed


def body(data: bytes, key: DataKey | None = None) -> list[tuple[int, int, bytes]]:
    reader = SegmentReader(io.BytesIO(data), key)
    records = [tuple(record[:3]) for record in reader.records()]
    assert reader.fault is None
    return records


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("anew", [True, False])
def test_a_sealed_segment_has_the_records_of_the_closed_one(
    key: DataKey | None, anew: bool
) -> None:
    opened, data, sealed = seal(Hand(AGENT, key), anew)
    assert body(data, key) == body(opened)
    header, _ = read_header(io.BytesIO(data))
    assert (header.number, header.previous_head) == (3, PLACE.previous_head)
    assert header.signer == chain.public_bytes(AGENT)
    assert header.encrypted == (key is not None)
    assert (header.salt == NO_SALT, header.wrapped_key) == (
        (True, "") if key is None else (False, KEY.wrapped)
    )
    found = read_seal(io.BytesIO(data))
    assert found is not None
    mark, seal_at = found
    assert chain.seal_holds(mark, RECORDING)
    assert mark.last
    assert mark.content_hash == hashlib.sha256(data[:seal_at]).digest()
    assert sealed.entry.sha256 == hashlib.sha256(data).hexdigest()
    assert (sealed.entry.head, sealed.entry.size_bytes) == (mark.head.hex(), len(data))
    assert (sealed.entry.name, sealed.event_count) == ("000003.flseg", 1)
    index = json.loads(read_index(io.BytesIO(data), key))
    assert (index["updates"], index["events"][0]["type"]) == (50, "notice-shown")
    reader = SegmentReader(io.BytesIO(data), key)
    list(reader.records())
    assert reader.check_tail() is None


def test_nothing_of_the_screen_is_in_the_clear() -> None:
    opened, data, _ = seal(Hand(AGENT, KEY), False, updates=200)
    plain = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    assert plain == b"", "a zstd reader finds frames to skip only"
    stored = opened[read_header(io.BytesIO(opened))[1] :]
    assert all(stored[at : at + 16] not in data for at in range(0, len(stored) - 16, 1000))
    assert b"notice-shown" not in data
    with pytest.raises(KeyNeeded):
        SegmentReader(io.BytesIO(data))
    with pytest.raises(KeyNeeded):
        read_index(io.BytesIO(data))
    other = SegmentReader(io.BytesIO(data), DataKey(b"x" * 32))
    assert list(other.records()) == []
    assert other.fault is not None
    with pytest.raises(FormatError, match="decryption fails"):
        read_index(io.BytesIO(data), DataKey(b"x" * 32))


def test_sealed_twice_no_byte_of_the_body_is_the_same() -> None:
    one, other = (seal(Hand(AGENT, KEY))[1] for _ in range(2))
    at = read_header(io.BytesIO(one))[1] + 8
    assert one[at : at + 32] != other[at : at + 32]


def test_what_is_not_written_anew_is_taken_over_as_it_was_compressed() -> None:
    opened, data, _ = seal(Hand(AGENT), anew=False)
    stored = opened[read_header(io.BytesIO(opened))[1] :]
    assert stored in data
    assert stored not in seal(Hand(AGENT))[1]


def test_a_hand_does_not_show_its_keys() -> None:
    assert "kkkk" not in repr(Hand(AGENT, KEY))
    assert dataclasses.asdict(PLACE) == {"number": 3, "previous_head": b"p" * 32, "last": True}
