"""The recording file's constants and fixed layouts: record, rectangle, seal. Source: docs/format.md.

Packing and unpacking only; no files and no keys. Bytes that do not fit raise FormatError, which
readers turn into findings.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 1  # what is written
KNOWN_VERSIONS = (0, 1)  # what is read
MAGIC = b"\x89FLR\r\n\x1a\n"

SKIPPABLE_HEADER = 0x184D2A50
SKIPPABLE_INDEX = 0x184D2A51
SKIPPABLE_SEAL = 0x184D2A52
SKIPPABLE_CHUNK = 0x184D2A53  # of an encrypted body
SKIPPABLE_LAST_CHUNK = 0x184D2A54

ZSTD_WINDOW_LOG = 23  # browsers decode no larger window
SKIPPABLE_PREFIX_BYTES = 8
SEAL_BYTES = 232
SEAL_SIGNED_BYTES = 120  # all seal fields before the signer's key
SEAL_FLAG_LAST = 1
HASH_BYTES = 32
KEY_BYTES = 32
SIGNATURE_BYTES = 64
NO_HEAD = bytes(HASH_BYTES)  # previous head of segment 0

MANIFEST_NAME = "manifest.json"

# What a reader enforces (format.md section 10).
MAX_HEADER_BYTES = 4 * 1024
MAX_RECORD_BYTES = 64 * 1024 * 1024
MAX_SCREEN_SIDE = 16_384
MAX_SCREEN_PIXELS = 67_108_864
MAX_BODY_BYTES = 4 * 1024 * 1024 * 1024
MAX_EVENT_BYTES = 64 * 1024
MAX_INDEX_BYTES = 16 * 1024 * 1024
MAX_MANIFEST_BYTES = 64 * 1024 * 1024

# What a writer keeps (format.md section 11).
SEGMENT_MAX_NS = 30_000_000_000
SEGMENT_MAX_STORED_BYTES = 16 * 1024 * 1024
# What a picture at the segment's end costs: about 5 ms a MiB and 0.06 ms a rectangle to decode (Python).
SEGMENT_MAX_BODY_BYTES = 32 * 1024 * 1024
SEGMENT_KEY_FRAMES = (
    3  # on large screens so many key frames' bytes, else there would be little else
)
SEGMENT_MAX_RECTANGLES = 2000
SEGMENT_QUIET_NS = 20_000_000_000

BYTES_PER_PIXEL = 4
PIXEL_FORMAT = struct.pack(">BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)

_RECORD = struct.Struct("<BBHIQ")
_SCREEN = struct.Struct("<HH16s")
_COUNT = struct.Struct("<H")
_GAP = struct.Struct("<QQ")
_RECTANGLE = struct.Struct(">HHHHi")
_SEAL = struct.Struct("<32s32s32sQQII32s64s16x")
_SKIPPABLE = struct.Struct("<II")

RECORD_PREFIX_BYTES = _RECORD.size
RECTANGLE_PREFIX_BYTES = _RECTANGLE.size
_STRIPS_HEAD_BYTES = 4


class FormatError(ValueError):
    """Bytes that are not what format.md says; the message is the reason."""


class RecordKind(IntEnum):
    """Kinds of record in a body (format.md section 3)."""

    SCREEN = 1
    UPDATE = 2
    EVENT = 3
    GAP = 4


class Encoding(IntEnum):
    """Encodings of stored rectangles (format.md section 4)."""

    RAW = 0
    COPY_RECT = 1
    ZRLE = 16
    STRIPS = 4096  # of sealed segments only
    CURSOR = -239


@dataclass(frozen=True)
class Seal:
    """A segment's seal payload (format.md section 6). Times are recording time in nanoseconds."""

    content_hash: bytes  # of all bytes before the seal frame
    previous_head: bytes
    head: bytes
    start_ns: int
    end_ns: int
    number: int
    flags: int
    signer: bytes
    signature: bytes

    @property
    def last(self) -> bool:
        """Whether this is the recording's last segment."""
        return bool(self.flags & SEAL_FLAG_LAST)

    def pack(self) -> bytes:
        """The payload's 232 bytes."""
        return _SEAL.pack(
            self.content_hash,
            self.previous_head,
            self.head,
            self.start_ns,
            self.end_ns,
            self.number,
            self.flags,
            self.signer,
            self.signature,
        )

    @staticmethod
    def unpack(payload: bytes) -> Seal:
        """The seal in `payload`. Raises FormatError when its length is wrong."""
        if len(payload) != SEAL_BYTES:
            raise FormatError(f"seal of {len(payload)} bytes, {SEAL_BYTES} expected")
        return Seal(*_SEAL.unpack(payload))


def skippable_frame(magic: int, payload: bytes) -> bytes:
    """A zstd skippable frame around `payload` (RFC 8878 section 3.1.2)."""
    return _SKIPPABLE.pack(magic, len(payload)) + payload


def skippable_prefix(data: bytes) -> tuple[int, int]:
    """(magic, payload length) of the skippable frame that `data` begins with. Raises FormatError
    when fewer than 8 bytes are there; the caller compares the magic."""
    if len(data) < SKIPPABLE_PREFIX_BYTES:
        raise FormatError("frame prefix is cut off")
    magic, length = _SKIPPABLE.unpack_from(data)
    return int(magic), int(length)


def pack_record(kind: int, at_ns: int, payload: bytes) -> bytes:
    """A record; at_ns counts from the segment's first instant."""
    return pack_record_prefix(kind, at_ns, len(payload)) + payload


def pack_record_prefix(kind: int, at_ns: int, length: int) -> bytes:
    """What a record begins with that has a payload of so many bytes."""
    return _RECORD.pack(kind, 0, 0, length, at_ns)


def unpack_record_prefix(data: bytes | bytearray, offset: int = 0) -> tuple[int, int, int]:
    """(kind, payload length, time ns) of the record prefix at `offset`, 16 bytes of which must be
    there. Raises FormatError when the length is over the limit."""
    kind, _flags, _reserved, length, at_ns = _RECORD.unpack_from(data, offset)
    if length > MAX_RECORD_BYTES:
        raise FormatError(f"record of {length} bytes is over the limit")
    return kind, length, at_ns


def pack_screen(width: int, height: int) -> bytes:
    """Payload of a screen record, in the one pixel format that is written."""
    return _SCREEN.pack(width, height, PIXEL_FORMAT)


def unpack_screen(payload: bytes) -> tuple[int, int]:
    """(width, height). Raises FormatError for a size over the limits or another pixel format."""
    if len(payload) != _SCREEN.size:
        raise FormatError(f"screen record of {len(payload)} bytes")
    width, height, pixel_format = _SCREEN.unpack(payload)
    if not is_screen_size(width, height):
        raise FormatError(f"screen of {width} by {height} is not allowed")
    if pixel_format[:13] != PIXEL_FORMAT[:13]:
        raise FormatError("pixel format is not the specified one")
    return width, height


def is_screen_size(width: int, height: int) -> bool:
    """Whether a screen of that size may be recorded."""
    return (
        0 < width <= MAX_SCREEN_SIDE
        and 0 < height <= MAX_SCREEN_SIDE
        and width * height <= MAX_SCREEN_PIXELS
    )


def pack_update_count(count: int) -> bytes:
    """What an update record's payload begins with."""
    return _COUNT.pack(count)


def unpack_update_count(payload: bytes) -> int:
    """How many rectangles follow. Raises FormatError when cut off."""
    if len(payload) < _COUNT.size:
        raise FormatError("update record is cut off")
    return int(_COUNT.unpack_from(payload)[0])


def pack_rectangle(x: int, y: int, width: int, height: int, encoding: int, body: bytes) -> bytes:
    """A stored rectangle; a ZRLE body is inflated and gets its length in front."""
    return pack_rectangle_prefix(x, y, width, height, encoding, len(body)) + body


def pack_rectangle_prefix(
    x: int, y: int, width: int, height: int, encoding: int, length: int
) -> bytes:
    """What a stored rectangle begins with that has a body of so many bytes."""
    prefix = _RECTANGLE.pack(x, y, width, height, encoding)
    return prefix + length.to_bytes(4, "big") if encoding == Encoding.ZRLE else prefix


def unpack_rectangle(payload: bytes, offset: int) -> tuple[int, int, int, int, int, int, int]:
    """(x, y, width, height, encoding, body offset, body length) of the rectangle at `offset`.
    Raises FormatError when it is cut off or of an encoding that is not stored."""
    start = offset + RECTANGLE_PREFIX_BYTES
    if start > len(payload):
        raise FormatError("rectangle is cut off")
    x, y, width, height, encoding = _RECTANGLE.unpack_from(payload, offset)
    if encoding == Encoding.RAW:
        length = width * height * BYTES_PER_PIXEL
    elif encoding == Encoding.COPY_RECT:
        length = 4
    elif encoding == Encoding.ZRLE:
        if start + 4 > len(payload):
            raise FormatError("rectangle is cut off")
        length = int.from_bytes(payload[start : start + 4], "big")
        start += 4
    elif encoding == Encoding.STRIPS:
        length = _STRIPS_HEAD_BYTES + width * height * 3
    elif encoding == Encoding.CURSOR:
        length = width * height * BYTES_PER_PIXEL + (width + 7) // 8 * height
    else:
        raise FormatError(f"encoding {encoding} is not stored in recordings")
    if start + length > len(payload):
        raise FormatError("rectangle is cut off")
    return x, y, width, height, encoding, start, length


def pack_gap(from_ns: int, to_ns: int, detail: bytes) -> bytes:
    """Payload of a gap record; `detail` is its JSON."""
    return _GAP.pack(from_ns, to_ns) + detail


def unpack_gap(payload: bytes) -> tuple[int, int, bytes]:
    """(from ns, to ns, JSON). Raises FormatError when cut off."""
    if len(payload) < _GAP.size:
        raise FormatError("gap record is cut off")
    from_ns, to_ns = _GAP.unpack_from(payload)
    return from_ns, to_ns, payload[_GAP.size :]


def segment_name(number: int) -> str:
    """File name of a sealed segment."""
    return f"{number:06d}.flseg"


def open_name(number: int) -> str:
    """File name of the segment being written."""
    return f"{number:06d}.open"
