import dataclasses
import struct
import zlib

import pytest

from footlight.recording.format import FormatError
from footlight.recording.header import Header

GUID = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
HEADER = Header(
    number=7,
    recording_id=GUID,
    session_id="0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c02",
    anchor_monotonic_ns=11,
    anchor_wall_ns=12,
    start_ns=13,
    previous_head=b"p" * 32,
    signer=b"s" * 32,
    boot_id=b"bootboot",
    encrypted=True,
    salt=b"t" * 32,
    wrapped_key="abc",
)


def test_the_header_lies_as_specified() -> None:
    packed = HEADER.pack()
    assert len(packed) == 148 + 32 + 2 + 3 + 4
    assert packed[:8] == b"\x89FLR\r\n\x1a\n"
    assert struct.unpack_from("<HHI", packed, 8) == (1, 189, 7)
    assert packed[16:32].hex() == GUID.replace("-", "")
    assert struct.unpack_from("<QQQ", packed, 48) == (11, 12, 13)
    assert packed[72:104] == b"p" * 32
    assert packed[104:136] == b"s" * 32
    assert packed[136:144] == b"bootboot"
    assert struct.unpack_from("<I", packed, 144) == (1,)
    assert packed[148:180] == b"t" * 32
    assert packed[180:185] == b"\x03\0abc"
    assert struct.unpack_from("<I", packed, 185) == (zlib.crc32(packed[:185]),)
    assert Header.unpack(packed) == HEADER


@pytest.mark.parametrize("at", [0, 8, 10, 12, 16, 50, 80, 110, 140, 144, 150, 181, 183])
def test_a_changed_header_is_refused(at: int) -> None:
    packed = bytearray(HEADER.pack())
    packed[at] ^= 1
    with pytest.raises(FormatError):
        Header.unpack(bytes(packed))


def resigned(packed: bytes | bytearray) -> bytes:
    """With the checksum that its bytes ask for."""
    return bytes(packed[:-4]) + struct.pack("<I", zlib.crc32(packed[:-4]))


def test_another_version_is_refused_by_name() -> None:
    packed = bytearray(HEADER.pack())
    packed[8] = 2
    with pytest.raises(FormatError, match="version 2"):
        Header.unpack(resigned(packed))
    with pytest.raises(FormatError):
        Header.unpack(HEADER.pack()[:-1])


def test_one_of_version_0_is_read() -> None:
    packed = bytearray(HEADER.pack()[:152])
    packed[8:12] = struct.pack("<HH", 0, 152)
    packed[144:148] = bytes(4)
    header = Header.unpack(resigned(packed))
    assert header.version == 0
    assert not header.encrypted
    assert dataclasses.replace(
        HEADER, version=0, encrypted=False, salt=bytes(32), wrapped_key=""
    ) == (header)
    packed[10] = 151
    with pytest.raises(FormatError, match="length"):
        Header.unpack(resigned(packed))


@pytest.mark.parametrize(
    ("at", "value"), [(144, 3), (145, 1), (180, 4), (180, 2), (181, 5), (183, 0x80), (10, 188)]
)
def test_odd_members_are_refused_whatever_the_checksum(at: int, value: int) -> None:
    packed = bytearray(HEADER.pack())
    packed[at] = value
    with pytest.raises(FormatError):
        Header.unpack(resigned(packed))


def test_a_wrapped_key_has_a_limit() -> None:
    with pytest.raises(ValueError, match="limit"):
        dataclasses.replace(HEADER, wrapped_key="x" * 1025).pack()
    assert Header.unpack(dataclasses.replace(HEADER, wrapped_key="x" * 1024).pack())
