"""From a closed segment to a sealed one: encrypted, hashed, signed (format.md sections 2, 6, 8).

The sealed bytes are written whole into a new file; the open one is left alone. Memory is bounded by one chunk.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording.chain import Gap, SegmentEntry, make_seal, public_bytes
from footlight.recording.cipher import CHUNK_BYTES, SALT_BYTES, DataKey, Part, SegmentCipher
from footlight.recording.format import (
    SKIPPABLE_CHUNK,
    SKIPPABLE_HEADER,
    SKIPPABLE_INDEX,
    SKIPPABLE_LAST_CHUNK,
    SKIPPABLE_SEAL,
    VERSION,
    segment_name,
    skippable_frame,
)
from footlight.recording.frames import read_header
from footlight.recording.header import NO_SALT, Header
from footlight.recording.writer import ClosedSegment

_INDEX_ZSTD_LEVEL = 12
_COPY_BYTES = 256 * 1024


@dataclass(frozen=True)
class Place:
    """Where in the recording a segment is sealed."""

    number: int
    previous_head: bytes
    last: bool = False


@dataclass(frozen=True)
class Hand:
    """Who seals, and with which data key; `data_key` None: in the clear."""

    key: Ed25519PrivateKey = field(repr=False)
    data_key: DataKey | None = None


@dataclass(frozen=True)
class SealedSegment:
    """What manifest and journal keep of a sealed segment."""

    entry: SegmentEntry
    event_count: int
    gaps: list[Gap]


def seal_segment(
    source: BinaryIO,
    sink: BinaryIO,
    closed: ClosedSegment,
    place: Place,
    hand: Hand,
    anew: BinaryIO | None = None,
) -> SealedSegment:
    """Write into `sink` (empty, seekable) the sealed form of the closed segment in `source`. `anew` holds its body
    as `recompress` wrote it; None: the body is taken over as it was compressed. Blocks.
    Raises OSError, and FormatError when `source` is not what was closed."""
    _, body_at = read_header(source)
    writer = SealedWriter(sink, closed.header, place, hand)
    if anew is None:
        _copied(writer, source, body_at)
    else:
        _copied(writer, anew, 0)
    return writer.finish(closed)


class _Sink(Protocol):
    """Where a zstd frame's bytes go."""

    def write(self, data: bytes) -> None: ...

    def finish(self) -> None: ...


class SealedWriter:
    """A sealed segment's file, part by part: the header now, the body by `write`, the rest by `finish`."""

    def __init__(self, sink: BinaryIO, opened: Header, place: Place, hand: Hand) -> None:
        data_key = hand.data_key
        header = dataclasses.replace(
            opened,
            number=place.number,
            previous_head=place.previous_head,
            signer=public_bytes(hand.key),
            version=VERSION,
            encrypted=data_key is not None,
            salt=NO_SALT if data_key is None else secrets.token_bytes(SALT_BYTES),
            wrapped_key="" if data_key is None else data_key.wrapped,
        )
        self.header = header
        self._sink = sink
        self._place = place
        self._key = hand.key
        self._hash = hashlib.sha256()
        self._size = 0
        payload = header.pack()
        self._cipher = None if data_key is None else SegmentCipher(data_key, header.salt, payload)
        self._store(skippable_frame(SKIPPABLE_HEADER, payload))
        self._body: _Sink = (
            _ClearBody(self._store)
            if self._cipher is None
            else _EncryptedBody(self._store, self._cipher)
        )

    def write(self, data: bytes) -> None:
        """More bytes of the body's zstd frame."""
        self._body.write(data)

    def finish(self, closed: ClosedSegment) -> SealedSegment:
        """End the body; index and seal."""
        self._body.finish()
        index = zstandard.ZstdCompressor(level=_INDEX_ZSTD_LEVEL).compress(closed.index)
        if self._cipher is not None:
            index = self._cipher.encrypt(Part.INDEX, 0, index, last=True)
        self._store(skippable_frame(SKIPPABLE_INDEX, index))
        seal = make_seal(
            self._key,
            self.header.recording_id,
            number=self._place.number,
            previous=self._place.previous_head,
            content_hash=self._hash.digest(),
            start_ns=self.header.start_ns,
            end_ns=closed.end_ns,
            last=self._place.last,
        )
        self._store(skippable_frame(SKIPPABLE_SEAL, seal.pack()))
        entry = SegmentEntry(
            number=self._place.number,
            name=segment_name(self._place.number),
            size_bytes=self._size,
            sha256=self._hash.hexdigest(),
            head=seal.head.hex(),
            start_ns=self.header.start_ns,
            end_ns=closed.end_ns,
            width=closed.width,
            height=closed.height,
        )
        return SealedSegment(entry, closed.event_count, closed.gaps)

    def _store(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)
        self._sink.write(data)


class _ClearBody:
    def __init__(self, store: Callable[[bytes], None]) -> None:
        self.write = store

    def finish(self) -> None:
        pass


class _EncryptedBody:
    """Chunks of CHUNK_BYTES; the last one, which is never empty, says that it is."""

    def __init__(self, store: Callable[[bytes], None], cipher: SegmentCipher) -> None:
        self._store = store
        self._cipher = cipher
        self._counter = 0
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK_BYTES:
            self._chunk(bytes(self._held[:CHUNK_BYTES]), last=False)
            del self._held[:CHUNK_BYTES]

    def finish(self) -> None:
        self._chunk(bytes(self._held), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        stored = self._cipher.encrypt(Part.BODY, self._counter, plain, last=last)
        self._counter += 1
        self._store(skippable_frame(SKIPPABLE_LAST_CHUNK if last else SKIPPABLE_CHUNK, stored))


def _copied(writer: SealedWriter, source: BinaryIO, body_at: int) -> None:
    source.seek(body_at)
    while data := source.read(_COPY_BYTES):
        writer.write(data)
