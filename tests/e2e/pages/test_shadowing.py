"""Several viewers of one session: who watches, who takes part, and whom the user lets in."""

from __future__ import annotations

import ssl
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect
from tests.e2e.pages.vnc import Inside, Vnc
from websockets.exceptions import ConnectionClosed

NOT_LET_IN = 4410
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def helper(site: Any) -> Iterator[httpx.Client]:
    """Another administrator than the one whose sessions the tests launch."""
    body = {"name": "helper", "password": PASSWORD, "administrator": True}
    assert site.client.post("/footlight/v1/accounts", json=body).status_code == 201
    signed = site.client.post("/cvad/manage/tokens", auth=("helper", PASSWORD))
    headers = {"Authorization": f"CWSAuth Bearer={signed.json()['Token']}"}
    with httpx.Client(
        base_url=site.url,
        verify=ssl.create_default_context(cafile=site.facts["ca_file"]),
        headers=headers,
        timeout=40,
    ) as client:
        yield client


def typed(vnc: Vnc, text: str) -> None:
    for key in [*map(ord, text), 0xFF0D]:
        for down in (1, 0):
            vnc.send(struct.pack(">BBHI", 4, down, 0, key))


@pytest.mark.parametrize(("mode", "arrives"), [("interactive", True), ("view", False)])
def test_the_tickets_mode_is_what_a_shadower_may(
    site: Any, terminal: str, until: Any, helper: httpx.Client, mode: str, arrives: bool
) -> None:
    own = Vnc(site, terminal)
    own.picture()
    shadower = Vnc(site, terminal, mode=mode, client=helper)
    shadower.picture()
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")

    def ended_by(vnc: Vnc) -> bool:
        """Typed again and again: the terminal may not be ready the first time."""
        with suppress(ConnectionClosed):
            typed(vnc, "exit")
        return bool(site.session(terminal)["state"] == "Ended")

    if arrives:
        until(lambda: ended_by(shadower), "the session's end")
    else:
        assert not any(ended_by(shadower) for _ in range(10))
        until(lambda: ended_by(own), "the session's end")
    shadower.close()
    own.close()


@pytest.mark.parametrize(("button", "agrees"), [(0, True), (1, False)])
def test_the_user_says_who_is_let_in(
    site: Any,
    terminal: str,
    rule: Any,
    helper: httpx.Client,
    tmp_path: Path,
    button: int,
    agrees: bool,
) -> None:
    rule(askBeforeShadowing=True)
    own = Vnc(site, terminal)  # who is not asked about himself
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(Vnc, site, terminal, mode="view", client=helper)
        Inside(site, terminal, tmp_path).press(button)
        if agrees:
            shadower = asking.result(30)
            shadower.picture()
            shadower.close()
        else:
            with pytest.raises(ConnectionClosed) as closed:
                asking.result(30)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == NOT_LET_IN
    own.close()
    entries = site.client.get("/footlight/v1/audit").json()["items"]
    said = [one["entry"] for one in entries if "being shadowed" in one["entry"]["text"]]
    last = max(said, key=lambda one: one["atMs"])
    assert (last["succeeded"], last["objectId"]) == (agrees, terminal)
    assert last["userName"].endswith("\\helper")


def test_a_browser_is_told_that_nobody_let_it_in(
    visitor: BrowserContext, site: Any, terminal: str, rule: Any, helper: httpx.Client
) -> None:
    rule(askBeforeShadowing=True)
    body = {"user": "helper", "password": PASSWORD}
    assert visitor.request.post("/footlight/v1/sign-in", data=body).status == 200
    page = visitor.new_page()
    page.goto(f"/s/{terminal}?view=1")  # the user is not there
    expect(page.get_by_role("heading", name="The user did not let you in")).to_be_visible()
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    page.close()
