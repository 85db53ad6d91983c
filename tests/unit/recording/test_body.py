import io
import os

import pytest
import zstandard

from footlight.recording.body import Body, chunks
from footlight.recording.cipher import CHUNK_BYTES, DataKey, SegmentCipher
from footlight.recording.format import FormatError
from footlight.recording.sealing import _EncryptedBody

KEY = DataKey(b"k" * 32)
CIPHER = SegmentCipher(KEY, b"s" * 32, b"header")


def encrypted(frame: bytes, cipher: SegmentCipher = CIPHER) -> bytes:
    out = bytearray()
    body = _EncryptedBody(out.extend, cipher)
    for at in range(0, len(frame), 100_000):
        body.write(frame[at : at + 100_000])
    body.finish()
    return bytes(out)


def test_pieces_are_small_whatever_was_compressed() -> None:
    plain = bytes(5_000_000)
    body = Body(io.BytesIO(zstandard.ZstdCompressor().compress(plain)), 0)
    sizes = [len(piece) for _, piece in body.pieces()]
    assert sum(sizes) == len(plain)
    assert max(sizes) <= 128 * 1024


def test_a_checksum_after_the_body_is_stepped_over() -> None:
    data = zstandard.ZstdCompressor(write_checksum=True).compress(b"abc" * 99)
    body = Body(io.BytesIO(data + b"next"), 0)
    assert b"".join(piece for _, piece in body.pieces()) == b"abc" * 99
    assert body.complete
    assert body.end == len(data)
    cut = Body(io.BytesIO(data[:-1]), 0)
    list(cut.pieces())
    assert not cut.complete


@pytest.mark.parametrize("size", [0, 5, CHUNK_BYTES - 20, CHUNK_BYTES * 2, 700_001])
def test_encrypted_chunks_give_the_frame_again(size: int) -> None:
    plain = os.urandom(size)
    frame = zstandard.ZstdCompressor().compress(plain)
    data = encrypted(frame)
    body = Body(io.BytesIO(b"before" + data + b"after"), 6, CIPHER)
    assert b"".join(piece for _, piece in body.pieces()) == plain
    assert body.complete
    assert body.end == 6 + len(data)
    with zstandard.ZstdDecompressor().stream_reader(data + frame, read_across_frames=True) as read:
        assert read.read() == plain, "for any other reader the chunks are frames to skip"


def test_a_whole_number_of_chunks_ends_with_a_full_one() -> None:
    sizes = [
        len(stored) for _, stored, _ in chunks(io.BytesIO(encrypted(bytes(CHUNK_BYTES * 2))), 0)
    ]
    assert sizes == [CHUNK_BYTES + 16] * 2


def test_cut_at_a_chunk_it_gives_what_is_before() -> None:
    plain = os.urandom(900_000)
    data = encrypted(zstandard.ZstdCompressor().compress(plain))
    chunk = 8 + CHUNK_BYTES + 16
    for cut in (0, 7, 100, chunk - 1, chunk, chunk + 1, 3 * chunk, len(data) - 1):
        body = Body(io.BytesIO(data[:cut]), 0, CIPHER)
        got = b"".join(piece for _, piece in body.pieces())
        assert plain.startswith(got)
        assert len(got) >= (cut // chunk) * CHUNK_BYTES - 128 * 1024
        assert not body.complete


@pytest.mark.parametrize("change", ["flip", "swap", "drop", "repeat", "last", "key", "header"])
def test_chunks_hold_in_their_place_only(change: str) -> None:
    frame = zstandard.ZstdCompressor().compress(os.urandom(600_000))
    data = bytearray(encrypted(frame))
    chunk = 8 + CHUNK_BYTES + 16
    cipher = CIPHER
    if change == "flip":
        data[chunk + 1000] ^= 1
    elif change == "swap":
        data[:chunk], data[chunk : 2 * chunk] = data[chunk : 2 * chunk], data[:chunk]
    elif change == "drop":
        del data[:chunk]
    elif change == "repeat":
        data[chunk : 2 * chunk] = data[:chunk]
    elif change == "last":  # the recording ends earlier, says the magic
        data[chunk] = 0x54
    elif change == "key":
        cipher = SegmentCipher(DataKey(b"x" * 32), b"s" * 32, b"header")
    else:
        cipher = SegmentCipher(KEY, b"s" * 32, b"other header")
    with pytest.raises(FormatError, match="decryption fails"):
        list(Body(io.BytesIO(bytes(data)), 0, cipher).pieces())


def test_bytes_behind_the_frame_are_refused() -> None:
    data = encrypted(zstandard.ZstdCompressor().compress(b"abc") + b"more")
    with pytest.raises(FormatError, match="follow the end"):
        list(Body(io.BytesIO(data), 0, CIPHER).pieces())


def test_a_chunk_of_another_size_is_refused() -> None:
    for prefix in (b"\x53*M\x18\xff\xff\xff\xff", b"\x54*M\x18\x10\0\0\0", bytes(8)):
        with pytest.raises(FormatError, match="no known form"):
            list(chunks(io.BytesIO(prefix + bytes(50)), 0))
