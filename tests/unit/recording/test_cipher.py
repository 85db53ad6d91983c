import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from footlight.recording.cipher import DataKey, Part, SegmentCipher
from footlight.recording.format import FormatError


def test_a_chunk_is_encrypted_as_specified() -> None:
    stored = SegmentCipher(DataKey(b"k" * 32), b"s" * 32, b"header").encrypt(
        Part.INDEX, 258, b"plain", last=True
    )
    key = HKDF(SHA256(), 32, salt=b"s" * 32, info=b"footlight-segment-key-1").derive(b"k" * 32)
    nonce = b"\x01\x01\0\0\x02\x01\0\0\0\0\0\0"
    assert AESGCM(key).decrypt(nonce, stored, b"header") == b"plain"


def test_a_chunk_holds_in_its_place_only() -> None:
    cipher = SegmentCipher(DataKey(b"k" * 32), b"s" * 32, b"header")
    stored = cipher.encrypt(Part.BODY, 7, b"plain", last=False)
    assert cipher.decrypt(Part.BODY, 7, stored, last=False) == b"plain"
    for part, counter, last in (
        (Part.INDEX, 7, False),
        (Part.BODY, 8, False),
        (Part.BODY, 7, True),
    ):
        with pytest.raises(FormatError, match="decryption fails"):
            cipher.decrypt(part, counter, stored, last=last)
    with pytest.raises(FormatError, match="decryption fails"):
        cipher.decrypt(Part.BODY, 7, b"", last=False)


def test_a_key_of_another_length_is_none_and_is_not_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(b"short")
    assert "kkkk" not in repr(DataKey(b"k" * 32, "wrapped"))
