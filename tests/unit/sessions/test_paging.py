from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.errors import Invalid
from footlight.sessions.paging import PageToken, read_token, write_token

KEY = b"k" * 32


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_round_trip_in_url_safe_characters(after_uid: int, total: int) -> None:
    text = write_token(KEY, "sessions", PageToken(after_uid, total))
    assert all(c.isascii() and (c.isalnum() or c in "-_") for c in text)
    assert read_token(KEY, "sessions", text) == PageToken(after_uid, total)


def test_other_lists_and_sites_do_not_read_it() -> None:
    text = write_token(KEY, "sessions", PageToken(1, 2))
    with pytest.raises(Invalid):
        read_token(KEY, "recordings", text)
    with pytest.raises(Invalid):
        read_token(b"x" * 32, "sessions", text)


def test_every_single_changed_character_shows() -> None:
    text = write_token(KEY, "sessions", PageToken(77, 2500))
    for place in range(len(text)):
        for character in "A_z9":
            changed = text[:place] + character + text[place + 1 :]
            if changed != text:
                with pytest.raises(Invalid):
                    read_token(KEY, "sessions", changed)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_token(KEY, "sessions", text)
