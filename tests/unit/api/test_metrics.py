from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from footlight import tls
from footlight.api import metrics
from footlight.audit.head import HeadFile
from footlight.authority import open_authority
from footlight.config import SiteConfig
from footlight.site import machines
from footlight.wire.host import HostFigures

FULL = {"User": "ada", "Rights": [{"Role": "Read Only Administrator", "Scope": "All"}]}


def samples(text: str) -> dict[str, float]:
    """By name and labels as they are written."""
    return {
        sample.name + str(dict(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_who_may_see_the_site_sees_its_figures(door: Any) -> None:
    assert (await door.client.get("/metrics")).status_code == 401
    headers = await door.sign_in_as("ada")
    assert (await door.client.get("/metrics", headers=headers)).status_code == 403
    await door.post("/cvad/manage/Admin/Administrators", json=FULL)
    answer = await door.client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_figures_are_those_of_the_site(door: Any) -> None:
    launched = await door.post("/footlight/v1/launches", json={"resource": "Desktop"})
    assert launched.status_code == 201
    machine_id = (await door.rooms.store.read(machines.every))[0].id
    told = HostFigures(recorders=1, spool_bytes=7)
    await door.rooms.store.write(lambda tx: machines.told(tx, machine_id, told))
    found = samples((await door.get("/metrics")).text)
    assert found["footlight_sessions{'app_state': 'Desktop', 'state': 'Disconnected'}"] == 1
    assert found["footlight_host_sessions{'host': 'FOOTLIGHT\\\\DESK1'}"] == 1
    assert found["footlight_host_spool_bytes{'host': 'FOOTLIGHT\\\\DESK1'}"] == 7
    assert found["footlight_machines{'maintenance': 'false', 'registered': 'true'}"] == 1
    assert found["footlight_duty_held{'duty': 'all'}"] == 1
    assert found["footlight_audit_entries{}"] > 0
    assert found["footlight_outbox_position{}"] > 0
    launches = "{'method': 'POST', 'route': '/footlight/v1/launches', 'status': '2xx'}"
    assert found[f"footlight_api_requests_total{launches}"] == 1
    assert launched.json()["sessionId"] not in (await door.get("/metrics")).text


@pytest.mark.parametrize(
    ("option", "address", "opened"),
    [
        ("none", "127.0.0.1", False),
        ("loopback", "127.0.0.1", True),
        ("loopback", "192.0.2.1", False),
        ("any", "192.0.2.1", True),
    ],
)
def test_who_needs_no_token(option: str, address: str, opened: bool) -> None:
    assert metrics._is_open(SiteConfig(metrics_open=option).metrics_open, address) is opened


async def test_a_head_that_is_damaged_or_not_held_is_told(door: Any) -> None:
    name = "footlight_audit_head_verified{}"
    assert samples((await door.get("/metrics")).text)[name] == 1
    file: HeadFile = door.parts.audit_head
    file.path.write_bytes(b"{}")
    assert samples((await door.get("/metrics")).text)[name] == 0


async def test_the_end_of_the_certificate_is_told(door: Any, tmp_path: Any) -> None:
    authority = open_authority(tmp_path / "tls")
    chain, _, _ = tls.own_certificate(tmp_path / "tls", "127.0.0.1", authority)
    meters = door.parts.meters
    metrics._certificate(meters, chain)
    ends = meters.certificate_expiry.value("https")
    assert ends > door.rooms.clock.now_ms() / 1000
    metrics._certificate(meters, tmp_path / "none.pem")
    assert meters.certificate_expiry.value("https") == ends


def test_what_is_kept_by_another_release_is_read() -> None:
    kept = msgspec.json.encode({"viewers": 2, "of_later": True})
    assert msgspec.json.decode(kept, type=HostFigures).viewers == 2
    assert replace(SiteConfig(), metrics_open="any").metrics_open == "any"
