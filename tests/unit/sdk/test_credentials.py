"""Tokens out of sign-in answers, and secrets that stay out of reprs."""

from __future__ import annotations

import pytest

from footlight.sdk.credentials import ClientSecret, Password, Token, instant_s, read_token
from footlight.sdk.errors import BadAnswer


def test_reads_both_forms() -> None:
    on_prem = {"Token": "a", "ExpiresAt": "2026-01-31T12:00:00Z"}
    assert read_token(on_prem, 0) == Token("a", 1769860800)
    assert read_token({"access_token": "b", "expires_in": "3600"}, 1000) == Token("b", 4600)


@pytest.mark.parametrize("answer", [None, [], {}, {"Token": ""}, {"Token": 5}])
def test_no_token_is_an_error(answer: object) -> None:
    with pytest.raises(BadAnswer):
        read_token(answer, 0)


def test_bad_seconds_are_an_error() -> None:
    with pytest.raises(BadAnswer, match="soon"):
        read_token({"access_token": "b", "expires_in": "soon"}, 0)


@pytest.mark.parametrize("text", [None, "", "5:19:11 AM", "2026-01-31T12:00:00"])
def test_times_without_meaning_are_none(text: str | None) -> None:
    assert instant_s(text) is None


def test_a_token_is_due_a_minute_before_its_end() -> None:
    assert not Token("a", 1000).is_due(939.9)
    assert Token("a", 1000).is_due(940)
    assert not Token("a").is_due(10**12)


def test_secrets_are_not_shown() -> None:
    shown = repr([Password("ada", "hush"), ClientSecret("id", "hush"), Token("hush")])
    assert "hush" not in shown
