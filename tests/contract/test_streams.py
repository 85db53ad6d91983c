"""The door of tunnels, as somebody sees it who was given no ticket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

PATH = "/footlight/v1/streams/"


@pytest.mark.parametrize("headers", [False, True])
def test_without_a_ticket_nothing_opens_whoever_asks(site: Any, headers: bool) -> None:
    ticket = "0123456789abcdef" * 5
    address = f"wss://{site.host}{PATH}{ticket}"
    with pytest.raises(InvalidStatus) as refusal:
        connect(
            address,
            ssl=site.tls(),
            proxy=None,
            additional_headers=site.headers() if headers else None,
        )
    assert refusal.value.response.status_code == 403
    assert ticket not in site.log.read_text(errors="replace")


def test_it_is_for_websockets_only(site: Any) -> None:
    with httpx.Client(base_url=site.base_url, verify=site.tls()) as client:
        assert client.get(PATH + "x").status_code in (404, 405)
