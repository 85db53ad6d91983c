from __future__ import annotations

import base64
from typing import Any

import pytest

M = "/cvad/manage"


def test_sites(scripted: Any) -> None:
    scripted.answer = {"Items": [{"Id": "s", "Name": "LAB"}], "ContinuationToken": None}
    assert list(scripted.client.sites.list()) == [{"Id": "s", "Name": "LAB"}]
    assert scripted.asked == (f"GET {M}/Sites", {}, None)
    scripted.answer = {"Id": "s"}
    assert scripted.client.sites.get("LAB") == {"Id": "s"}
    assert scripted.asked == (f"GET {M}/Sites/LAB", {}, None)


def test_a_token_in_hand(scripted: Any) -> None:
    scripted.answer = {"Token": "new"}
    assert scripted.client.tokens.create("LAB\\zoe", "pä:ss") == {"Token": "new"}
    assert scripted.asked == (f"POST {M}/tokens", {}, None)
    kind, _, pair = scripted.requests[-1].headers["Authorization"].partition(" ")
    assert (kind, base64.b64decode(pair).decode()) == ("Basic", "LAB\\zoe:pä:ss")


@pytest.mark.parametrize(("given", "sent"), [(None, "t"), ("other", "other")])
def test_a_refresh_is_of_the_clients_own_token_by_default(
    scripted: Any, given: str | None, sent: str
) -> None:
    scripted.answer = {"Token": "new"}
    scripted.client.tokens.refresh(given)
    assert scripted.asked == (f"POST {M}/tokens/$refresh", {}, None)
    assert scripted.requests[-1].headers["Authorization"] == f"CWSAuth bearer={sent}"


def test_a_revoked_token_is_the_one_in_use(scripted: Any) -> None:
    scripted.answer = None
    scripted.client.tokens.revoke()
    assert scripted.asked == (f"DELETE {M}/tokens", {}, None)
    assert scripted.requests[-1].headers["Authorization"] == "CWSAuth bearer=t"


def test_an_api_client_s_token(scripted: Any) -> None:
    scripted.answer = {"token_type": "bearer", "access_token": "a", "expires_in": "3600"}
    made = scripted.client.tokens.create_for_client("id", "secret", "cust")
    assert made["access_token"] == "a"
    assert scripted.requests[-1].url.path == "/cctrustoauth2/cust/tokens/clients"
    assert b"client_secret=secret" in scripted.requests[-1].content
