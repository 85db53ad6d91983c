"""The token over time, without a site."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.sdk.credentials import Password, Token
from footlight.sdk.errors import BadAnswer, Unauthorized
from footlight.sdk.flow import Flow
from footlight.sdk.keyring import Keyring
from footlight.sdk.requests.request import Request

NEXT = {"Token": "next", "ExpiresAt": "2026-01-31T12:00:00Z"}


def run(flow: Flow[Any], *outcomes: Any) -> tuple[Any, list[str]]:
    """What the flow returns and the paths that it asked for; an exception among the outcomes is thrown in."""
    asked: list[str] = []
    left = list(outcomes)
    try:
        step = next(flow)
        while True:
            assert isinstance(step, Request)
            asked.append(step.path.rpartition("/")[2])
            outcome = left.pop(0)
            step = flow.throw(outcome) if isinstance(outcome, Exception) else flow.send(outcome)
    except StopIteration as ended:
        return ended.value, asked


def test_signs_in_once_and_keeps_the_token() -> None:
    keyring = Keyring(Password("ada", "x"), None, lambda: 0.0)
    token, asked = run(keyring.current(), httpx.Response(200, json=NEXT))
    assert (token.text, asked) == ("next", ["tokens"])
    assert run(keyring.current()) == (token, [])


def test_renews_when_due_and_signs_in_when_that_is_refused() -> None:
    refused = Unauthorized(httpx.Response(401))
    keyring = Keyring(Password("ada", "x"), Token("old", 100), lambda: 50.0)
    token, asked = run(keyring.current(), refused, httpx.Response(200, json=NEXT))
    assert (token.text, asked) == ("next", ["$refresh", "tokens"])


def test_keeps_a_token_that_cannot_be_renewed() -> None:
    keyring = Keyring(None, Token("old", 100), lambda: 50.0)
    assert not keyring.can_sign_in
    token, asked = run(keyring.current(), Unauthorized(httpx.Response(401)))
    assert (token.text, asked) == ("old", ["$refresh"])


def test_drops_only_the_token_that_was_refused() -> None:
    keyring = Keyring(None, Token("new"), lambda: 0.0)
    keyring.drop(Token("old"))
    assert run(keyring.current())[0] == Token("new")
    keyring.drop(Token("new"))
    with pytest.raises(BadAnswer, match="neither"):
        run(keyring.current())
