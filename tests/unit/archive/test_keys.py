import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from footlight.archive.keys import RecordingKeys
from footlight.errors import Invalid

ONE = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
OTHER = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c02"
KEYS = RecordingKeys(b"s" * 32)


def test_each_recording_has_its_own_key_for_good() -> None:
    key = KEYS.data_key(ONE)
    assert key == RecordingKeys(b"s" * 32).data_key(ONE.upper())
    assert len({KEYS.data_key(ONE).secret, KEYS.data_key(OTHER).secret, KEYS.secret}) == 3
    assert key.secret != RecordingKeys(b"t" * 32).data_key(ONE).secret
    # What is in recordings of earlier releases must open later: never change how it is derived.
    assert key.secret.hex() == "db2797df0ca6effe84e6ff4fa3541f789f7c16cfab4a3c6f8ae9c271c908998b"


def test_the_wrapped_key_is_enough_for_the_site_and_nobody_else() -> None:
    key = KEYS.data_key(ONE)
    assert KEYS.unwrap(key.wrapped) == key
    assert key.secret.hex() not in key.wrapped
    assert key.wrapped.isascii()
    with pytest.raises(Invalid, match="another key"):
        RecordingKeys(b"t" * 32).unwrap(key.wrapped)
    for odd in ("", "x", "fk1", f"fk1.{KEYS.key_id}", f"fk1.{KEYS.key_id}.AAAA", f"fk2{key.wrapped[3:]}",
                key.wrapped[:-2] + "AA", f"fk1.{KEYS.key_id}.\xe9"):  # fmt: skip
        with pytest.raises(Invalid):
            KEYS.unwrap(odd)


def test_it_is_an_rfc_3394_wrap() -> None:
    import base64

    text = KEYS.data_key(ONE).wrapped.split(".")[2]
    assert aes_key_unwrap(KEYS._wrapping, base64.urlsafe_b64decode(text + "==")) == (
        KEYS.data_key(ONE).secret
    )


def test_the_order_for_a_host_has_the_data_key_and_no_more() -> None:
    order = KEYS.order_key(ONE)
    assert (order.data_key, order.wrapped) == (
        KEYS.data_key(ONE).secret,
        KEYS.data_key(ONE).wrapped,
    )
    assert "ssss" not in repr(KEYS)
    assert KEYS.key_id not in KEYS.secret.hex()


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(Invalid, match="32 bytes"):
        RecordingKeys(b"short")
