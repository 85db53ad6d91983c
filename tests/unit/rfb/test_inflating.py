import random
import zlib

import pytest

from footlight.rfb.inflating import Inflating

MANY = 1 << 20


def flushed(deflater: "zlib._Compress", data: bytes) -> bytes:
    return deflater.compress(data) + deflater.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize("level", [0, 1, 6])
def test_pieces_come_back_as_they_were(level: int) -> None:
    rng = random.Random(2026)
    deflater = zlib.compressobj(level)
    inflating = Inflating()
    for size in (1, 0, 5, 70_000, 200_000, 3, 65_535, 65_536):
        data = rng.randbytes(size // 2) + bytes(size - size // 2)
        assert inflating.inflate(flushed(deflater, data), MANY) == data


def test_what_is_stored_is_not_given_to_zlib(monkeypatch: pytest.MonkeyPatch) -> None:
    deflater = zlib.compressobj(0)
    pieces = [flushed(deflater, bytes([n]) * 100_000) for n in range(3)]
    monkeypatch.setattr(zlib, "decompressobj", None)
    inflating = Inflating()
    for number, piece in enumerate(pieces):
        assert inflating.inflate(memoryview(piece), MANY) == bytes([number]) * 100_000


@pytest.mark.parametrize("before", [10, 1000, 40_000, 100_000])
def test_what_is_compressed_may_refer_to_what_was_stored(before: int) -> None:
    rng = random.Random(2026)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=(stored := rng.randbytes(before))[-32768:])
    inflating = Inflating()
    for at in range(0, before, 5000):  # in several pieces, and its header with the first
        part = stored[at : at + 5000]
        block = b"\0" + len(part).to_bytes(2, "little") + (len(part) ^ 0xFFFF).to_bytes(2, "little")
        assert inflating.inflate((b"" if at else b"\x78\x01") + block + part, MANY) == part
    again = stored[-9000:]
    piece = flushed(raw, again)
    assert before < 5000 or len(piece) < 1000
    assert inflating.inflate(piece, MANY) == again
    assert inflating.inflate(flushed(raw, b"more"), MANY) == b"more"


def test_a_block_may_go_on_in_the_next_piece() -> None:
    whole = zlib.compress(b"abcdef", 0)
    inflating = Inflating()
    assert inflating.inflate(whole[:10], MANY) + inflating.inflate(whole[10:12], MANY) == b"abcde"


@pytest.mark.parametrize(
    ("piece", "limit"),
    [
        (b"x", MANY),
        (b"junk", MANY),
        (b"\x78\xbb\0\0\0\xff\xff", MANY),  # a dictionary that nobody knows
        (b"\x78\x01\0\x01\0\0\0a", MANY),  # a length that is not its complement's
        (flushed(zlib.compressobj(0), bytes(101)), 100),
        (flushed(zlib.compressobj(6), bytes(101)), 100),
        (zlib.compress(bytes(100), 0), MANY),  # the stream ends
    ],
)
def test_nonsense_and_too_much_are_refused(piece: bytes, limit: int) -> None:
    with pytest.raises(ValueError, match=r"zlib|more than it can hold"):
        Inflating().inflate(piece, limit)
