"""`/metrics` of a real site with a real host."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.contract.conftest import LiveSite


def scraped(client: httpx.Client) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Labels and values by name."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_a_service_account_scrapes_as_prometheus_does(site: LiveSite) -> None:
    """Its OAuth 2.0 client sends id and secret in the header first, and then in the body."""
    path = f"/cctrustoauth2/{site.customer_id}/tokens/clients"
    given = {"client_id": site.client_id, "client_secret": site.client_secret}
    with site.bare_client() as client:
        answer = client.post(path, data={"grant_type": "client_credentials", **given})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        assert scraped(client)["footlight_build_info"]


def recorded(client: httpx.Client) -> tuple[dict[str, Any], dict[str, str], float]:
    """The figures once the one host records, its label, and how many recorders it has. It tells of itself with its
    beats."""
    limit = time.monotonic() + 30
    while True:
        found = scraped(client)
        for host, recorders in found.get("footlight_host_recorders", ()):
            runs = found["footlight_host_recordings"] == [(host, 1.0)]
            if runs and found["footlight_host_spool_bytes"][0][1] > 0:
                return found, host, recorders
        assert time.monotonic() < limit
        time.sleep(0.5)


def test_a_real_host_tells_how_it_does(client: httpx.Client, desktop: str) -> None:
    session = f"/cvad/manage/Sessions/{desktop}"
    assert client.post(f"{session}/$startRecording").status_code < 300
    found, host, recorders = recorded(client)
    assert recorders == 1
    assert found["footlight_host_spool_limit_bytes"][0][1] > 2**30
    assert found["footlight_host_spool_full"] == [(host, 0.0)]
    assert "footlight_host_uploads_failing_since_timestamp_seconds" not in found
    assert found["footlight_host_registered"] == [(host, 1.0)]
    assert ({"status": "recording"}, 1.0) in found["footlight_recordings_open"]
    assert sum(value for _, value in found["footlight_sessions"]) >= 1
    phases = {labels["phase"] for labels, _ in found["footlight_launch_phase_seconds_count"]}
    assert {"brokering", "account", "x_server", "program", "total"} <= phases
    assert client.post(f"{session}/$stopRecording").status_code < 300


def test_a_site_can_show_them_to_this_machine(
    own_site: Callable[..., LiveSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTLIGHT_METRICS_OPEN", "loopback")
    with own_site().bare_client() as client:
        found = scraped(client)
        held = {labels["duty"]: value for labels, value in found["footlight_duty_held"]}
        duties = ("index", "jobs", "limits", "recordings", "retention", "silence", "webhooks")
        assert held == dict.fromkeys(duties, 1.0)
        assert "footlight_bus_connected" not in found  # its only host is its own
