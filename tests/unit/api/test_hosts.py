from __future__ import annotations

from typing import Any

import pytest
from tests.unit.api.conftest import Door

from enrolling import NewHost
from footlight.authority import fingerprint_of
from footlight.errors import Unavailable
from footlight.wire.enrolment import read_code

CODES, HOSTS, ENROLL = "/footlight/v1/enrolments", "/footlight/v1/hosts", "/footlight/v1/enroll"


def body_of(host: NewHost, code: str) -> dict[str, Any]:
    asked = host.asks(code)
    keys = {
        "signingKey": asked.keys.signing_key,
        "busKey": asked.keys.bus_key,
        "tlsKey": asked.keys.tls_key,
    }
    return {"code": code, "hostName": asked.host_name, "keys": keys, "proof": asked.proof}


async def test_the_code_names_the_certificate_that_the_server_shows(door: Door) -> None:
    made = (await door.client.post(CODES, headers=door.headers, json={})).json()
    shown = (await door.client.get(ENROLL)).json()["certificate"]
    assert read_code(made["code"]).fingerprint == fingerprint_of(shown.encode())
    assert made["command"] == (
        f"footlight agent --server https://site.test --enroll {made['code']}"
    )
    listed = (await door.client.get(CODES, headers=door.headers)).text
    assert made["code"] not in listed
    assert made["id"] in listed


async def test_a_host_is_what_it_was_made_by_its_code(door: Door) -> None:
    made = (await door.client.post(CODES, headers=door.headers, json={"minutes": 5})).json()
    host = NewHost("desk9")
    given = await door.client.post(ENROLL, json=body_of(host, made["code"]))
    assert given.status_code == 200, given.text
    (shown,) = (await door.client.get(HOSTS, headers=door.headers)).json()["items"]
    assert (shown["name"], shown["status"]) == ("FOOTLIGHT\\DESK9", "enrolled")
    assert shown["signingKey"] == host.keys.signing_key
    assert (shown["registered"], shown["lastSeenAt"]) == (False, None)
    code = (await door.client.get(CODES, headers=door.headers)).json()["items"][0]
    assert (code["status"], code["usedMachineId"]) == ("used", shown["id"])


async def test_a_caller_on_the_site_s_machine_gets_a_command_for_others(door: Door) -> None:
    local = {**door.headers, "Host": "localhost:8443"}
    made = (await door.client.post(CODES, headers=local, json={})).json()
    assert made["command"].startswith("footlight agent --server https://hub.test --enroll")
    assert made["warning"] is None


async def test_only_who_may_make_codes_starts_the_bus(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def fail() -> None:
        asked.append(True)
        raise Unavailable("the port is taken")

    monkeypatch.setattr(door.parts.host_bus, "open", fail)
    refused = await door.client.post(CODES, headers=door.headers, json={})
    assert (refused.status_code, asked) == (503, [True])
    assert "does not start: the port is taken." in refused.text
    assert (await door.client.get(CODES, headers=door.headers)).json()["items"] == []
    nobody = await door.client.post(CODES, json={})
    assert (nobody.status_code, asked) == (401, [True])
