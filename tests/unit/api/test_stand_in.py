from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import pytest

from footlight.api import app
from footlight.api.faults import Faults

V1 = "/footlight/v1"


async def call(door: Any, method: str, path: str, **options: Any) -> httpx.Response:
    """A call to the same site as a stand-in."""
    options.setdefault("headers", door.headers)
    return await door.client.request(method, V1 + path, **options)


@pytest.fixture
def stand_in(door: Any) -> Any:
    """The door of a site that was started with --stand-in."""
    parts = dataclasses.replace(door.parts, faults=Faults())
    transport = httpx.ASGITransport(app.build_app(parts))
    door.client._transport = transport
    return door


async def test_switches_are_set_shown_counted_and_cleared(stand_in: Any) -> None:
    asked = {"throttle": {"share": 1, "retryAfterS": 3}, "unknown": 1}
    set_to = await call(stand_in, "PUT", "/faults", json=asked)
    assert set_to.status_code == 200
    assert set_to.json()["switches"]["throttle"] == {
        "share": 1.0,
        "perSecond": None,
        "retryAfterS": 3,
    }
    assert (await stand_in.get("/cvad/manage/Sessions")).status_code == 429
    shown = (await call(stand_in, "GET", "/faults")).json()
    assert shown["switches"] == set_to.json()["switches"]
    assert (shown["counts"]["calls"], shown["counts"]["throttled"]) == (1, 1)
    assert (await call(stand_in, "DELETE", "/faults")).status_code == 204
    assert (await stand_in.get("/cvad/manage/Sessions")).status_code == 200
    log = await stand_in.get(f"{V1}/audit?kind=ConfigurationChange")
    texts = [one["entry"]["text"] for one in log.json()["items"]]
    assert texts == ["Clear faults on purpose", "Set faults on purpose"]


async def test_what_is_out_of_range_is_refused_by_name(stand_in: Any) -> None:
    refused = await call(stand_in, "PUT", "/faults", json={"expiredTokens": 2})
    assert refused.status_code == 400
    assert "expiredTokens" in refused.text


async def test_who_may_not_configure_the_site_is_refused(stand_in: Any) -> None:
    headers = await stand_in.sign_in_as("zoe")
    for method in ("GET", "PUT", "DELETE"):
        answer = await call(stand_in, method, "/faults", json={}, headers=headers)
        assert answer.status_code == 403


async def test_a_real_site_has_no_faults_on_purpose(door: Any) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await call(door, method, "/faults", json={})
        assert answer.status_code == 409
        assert "--stand-in" in answer.json()["ErrorMessage"]
