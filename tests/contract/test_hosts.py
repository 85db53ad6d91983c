"""Hosts that enrol, over the wire of a real site."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.conftest import LiveSite
from tests.unit.api.test_hosts import body_of

from enrolling import NewHost
from footlight.authority import fingerprint_of
from footlight.wire.enrolment import Code, read_code, standing_message

CODES = "/footlight/v1/enrolments"
HOSTS = "/footlight/v1/hosts"
ENROLL = "/footlight/v1/enroll"


@pytest.fixture(scope="module")
def stage(
    start_stage: Callable[[Path], LiveSite], tmp_path_factory: pytest.TempPathFactory
) -> LiveSite:
    return start_stage(tmp_path_factory.mktemp("hosts"))


@pytest.fixture
def admin(stage: LiveSite) -> Iterator[httpx.Client]:
    with stage.client() as client:
        yield client


@pytest.fixture
def stranger(stage: LiveSite) -> Iterator[httpx.Client]:
    """Without a token: a host."""
    with stage.bare_client() as client:
        yield client


def new_code(admin: httpx.Client, **wanted: Any) -> dict[str, Any]:
    answer = admin.post(CODES, json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def enrolled(admin: httpx.Client, stranger: httpx.Client, name: str) -> tuple[NewHost, Any]:
    host = NewHost(name)
    answer = stranger.post(ENROLL, json=body_of(host, new_code(admin)["code"]))
    assert answer.status_code == 200, answer.text
    return host, answer.json()


def test_a_code_from_its_making_to_its_use(
    stage: LiveSite, admin: httpx.Client, stranger: httpx.Client
) -> None:
    made = new_code(admin, description="rack 2", catalog="Linux hosts", deliveryGroup="Everyone")
    ca = Path(stage.ca_file).read_bytes()
    assert read_code(made["code"]).fingerprint == fingerprint_of(ca)
    assert stranger.get(ENROLL).json()["certificate"].encode() == ca
    host = NewHost("rack-2")
    first = stranger.post(ENROLL, json=body_of(host, made["code"]))
    assert first.status_code == 200
    assert stranger.post(ENROLL, json=body_of(host, made["code"])).json() == first.json()
    again = stranger.post(ENROLL, json=body_of(NewHost("thief"), made["code"]))
    assert (again.status_code, again.json()["SdkErrorId"]) == (409, "EnrolmentCodeUsed")
    listed = next(one for one in admin.get(CODES).json()["items"] if one["id"] == made["id"])
    assert (listed["status"], listed["usedMachineId"]) == ("used", first.json()["machineId"])
    machine = admin.get(f"/cvad/manage/Machines/{first.json()['machineId']}").json()
    assert machine["Name"].endswith("\\RACK-2")
    assert machine["RegistrationState"] == "Unregistered"
    assert machine["DeliveryGroup"]["Name"] == "Everyone"
    assert made["code"] not in stage.log.read_text()


def test_the_first_code_needs_a_bus_that_starts(own_site: Callable[..., LiveSite]) -> None:
    site = own_site()
    in_the_way = site.data_dir / "bus"
    in_the_way.write_text("")
    with site.client() as admin:
        answer = admin.post(CODES, json={})
        assert answer.status_code == 503, answer.text
        assert "bus for hosts on other machines does not start" in answer.json()["ErrorMessage"]
        assert admin.get(CODES).json()["items"] == []
        in_the_way.unlink()
        made = new_code(admin)
        assert "only this machine reaches" in made["warning"]
        assert len(admin.get(CODES).json()["items"]) == 1
    kept = (site.data_dir / "bus" / "port").read_text()
    with own_site().client() as admin:
        new_code(admin)
    assert (site.data_dir / "bus" / "port").read_text() == kept


def test_codes_that_are_no_good(admin: httpx.Client, stranger: httpx.Client) -> None:
    made = new_code(admin)
    assert admin.delete(f"{CODES}/{made['id']}").status_code == 204
    assert admin.delete(f"{CODES}/nothing").status_code == 404
    answer = stranger.post(ENROLL, json=body_of(NewHost(), made["code"]))
    assert (answer.status_code, answer.json()["SdkErrorId"]) == (409, "EnrolmentCodeRevoked")
    wrong = Code(read_code(made["code"]).id, b"x" * 20).text()
    assert stranger.post(ENROLL, json=body_of(NewHost(), wrong)).status_code == 401
    body = body_of(NewHost(), made["code"])
    assert stranger.post(ENROLL, json={**body, "proof": "00"}).status_code == 400
    assert stranger.post(ENROLL, json={**body, "code": "x"}).status_code == 400
    assert admin.post(CODES, json={"minutes": 0}).status_code == 400
    assert admin.post(CODES, json={"catalog": "nothing"}).status_code == 404
    assert stranger.post(CODES, json={}).status_code == 401


def test_a_host_from_its_coming_to_its_going(
    stage: LiveSite, admin: httpx.Client, stranger: httpx.Client
) -> None:
    host, given = enrolled(admin, stranger, "guest")
    one = f"{HOSTS}/{given['machineId']}"
    assert admin.get(f"{HOSTS}/guest").json() == admin.get(one).json()
    assert admin.get(f"{HOSTS}/nobody").status_code == 404
    assert stranger.get(HOSTS).status_code == 401
    assert admin.delete(one).status_code == 409
    assert admin.post(f"{one}/rotate").json()["rotating"]
    asked = {
        "machineId": given["machineId"],
        "atMs": 7,
        "signature": host.sign(standing_message(given["machineId"], 7)),
    }
    standing = stranger.post(f"{ENROLL}/standing", json=asked).json()
    assert (standing["standing"], standing["expiresAtMs"]) == ("enrolled", given["expiresAtMs"])
    assert abs(standing["nowMs"] - time.time() * 1000) < 60_000
    assert admin.post(f"{one}/revoke").json()["status"] == "revoked"
    assert stranger.post(f"{ENROLL}/standing", json=asked).json()["standing"] == "revoked"
    assert admin.post(f"{one}/rotate").status_code == 409
    shown = next(o for o in admin.get(HOSTS).json()["items"] if o["id"] == given["machineId"])
    assert shown["revokedBy"].endswith("\\admin")
    assert admin.delete(one).status_code == 204
    assert admin.get(one).status_code == 404
    assert admin.delete(f"/cvad/manage/Machines/{given['machineId']}").status_code == 204


def test_a_name_that_is_taken(admin: httpx.Client, stranger: httpx.Client) -> None:
    enrolled(admin, stranger, "twin")
    code = new_code(admin)["code"]
    answer = stranger.post(ENROLL, json=body_of(NewHost("twin"), code))
    assert (answer.status_code, answer.json()["SdkErrorId"]) == (409, "MachineNameTaken")
    host = NewHost("other")
    again = new_code(admin, machine="twin")
    given = stranger.post(ENROLL, json=body_of(host, again["code"])).json()
    assert given["machineName"].endswith("\\TWIN")
    assert admin.get(f"{HOSTS}/twin").json()["signingKey"] == host.keys.signing_key
