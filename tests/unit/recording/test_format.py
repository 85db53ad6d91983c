import dataclasses
import struct

import pytest

from footlight.recording import format as fmt
from footlight.recording.format import FormatError, Seal
from footlight.rfb.pixel import BGRX


def test_the_seal_lies_as_specified() -> None:
    seal = Seal(b"h" * 32, b"p" * 32, b"n" * 32, 5, 6, 7, 1, b"k" * 32, b"s" * 64)
    packed = seal.pack()
    assert len(packed) == fmt.SEAL_BYTES == 232
    assert packed[:96] == b"h" * 32 + b"p" * 32 + b"n" * 32
    assert struct.unpack_from("<QQII", packed, 96) == (5, 6, 7, 1)
    assert packed[120:] == b"k" * 32 + b"s" * 64 + bytes(16)
    assert Seal.unpack(packed) == seal
    assert seal.last
    assert not dataclasses.replace(seal, flags=0).last
    with pytest.raises(FormatError):
        Seal.unpack(packed[:-1])


def test_a_record_goes_there_and_back() -> None:
    packed = fmt.pack_record(fmt.RecordKind.EVENT, 1 << 40, b"{}")
    assert packed == struct.pack("<BBHIQ", 3, 0, 0, 2, 1 << 40) + b"{}"
    assert fmt.unpack_record_prefix(packed) == (3, 2, 1 << 40)
    with pytest.raises(FormatError, match="over the limit"):
        fmt.unpack_record_prefix(struct.pack("<BBHIQ", 2, 0, 0, fmt.MAX_RECORD_BYTES + 1, 0))


def test_screens_have_limits() -> None:
    assert fmt.unpack_screen(fmt.pack_screen(1280, 800)) == (1280, 800)
    assert BGRX.pack() == fmt.PIXEL_FORMAT
    for width, height in [(0, 1), (1, 0), (16385, 1), (16384, 16384)]:
        with pytest.raises(FormatError):
            fmt.unpack_screen(struct.pack("<HH", width, height) + fmt.PIXEL_FORMAT)
    with pytest.raises(FormatError, match="pixel format"):
        fmt.unpack_screen(struct.pack("<HH", 8, 8) + bytes(16))


@pytest.mark.parametrize(
    ("rectangle", "body_at"),
    [
        ((1, 2, 3, 4, fmt.Encoding.RAW, bytes(48)), 12),
        ((1, 2, 3, 4, fmt.Encoding.COPY_RECT, bytes(4)), 12),
        ((1, 2, 3, 4, fmt.Encoding.ZRLE, b"zrle"), 16),
        ((1, 2, 9, 4, fmt.Encoding.CURSOR, bytes(9 * 4 * 4 + 2 * 4)), 12),
    ],
)
def test_rectangles_go_there_and_back(
    rectangle: tuple[int, int, int, int, int, bytes], body_at: int
) -> None:
    packed = fmt.pack_rectangle(*rectangle)
    *fields, start, length = fmt.unpack_rectangle(packed, 0)
    assert (*fields, packed[start : start + length]) == rectangle
    assert start == body_at
    assert start + length == len(packed)
    for cut in range(len(packed)):
        with pytest.raises(FormatError, match="cut off"):
            fmt.unpack_rectangle(packed[:cut], 0)


def test_other_encodings_are_not_stored() -> None:
    with pytest.raises(FormatError, match="encoding 7"):
        fmt.unpack_rectangle(struct.pack(">HHHHi", 0, 0, 1, 1, 7), 0)


def test_gaps_counts_and_names() -> None:
    assert fmt.unpack_gap(fmt.pack_gap(3, 4, b"{}")) == (3, 4, b"{}")
    assert fmt.unpack_update_count(fmt.pack_update_count(513)) == 513
    for broken in (lambda: fmt.unpack_gap(b"short"), lambda: fmt.unpack_update_count(b"1")):
        with pytest.raises(FormatError):
            broken()
    assert fmt.segment_name(12) == "000012.flseg"
    assert fmt.open_name(12) == "000012.open"


def test_skippable_frames_say_their_length() -> None:
    frame = fmt.skippable_frame(fmt.SKIPPABLE_SEAL, b"abc")
    assert frame == bytes.fromhex("522a4d18 03000000".replace(" ", "")) + b"abc"
    assert fmt.skippable_prefix(frame) == (fmt.SKIPPABLE_SEAL, 3)
    with pytest.raises(FormatError):
        fmt.skippable_prefix(frame[:7])
