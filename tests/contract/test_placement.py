"""Where launches go, why they are refused, and how they wait, over the wire and on simulated hosts."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from tests.contract.conftest import LiveSite, introduce, start_site, stop_site

from footlight.store import schema

pytestmark = pytest.mark.long

V1 = "/footlight/v1"
CVAD = "/cvad/manage"
DESKTOP, GROUP = "Office Desktop", "Simulated Office"
RULES = f"{V1}/delivery-groups/{GROUP}/placement"
NO_RULES = {"maxSessions": None, "maxSessionsPerUser": None, "zone": None, "zoneOnly": False}
LIMIT_S = 60


@pytest.fixture(scope="module")
def office() -> Iterator[LiveSite]:
    """A site with two simulated hosts of an office, on which three sessions each are too many, and one beside."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-office-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTLIGHT_LOAD_FULL_SESSIONS", "3")
        patch.setenv("FOOTLIGHT_MAX_USER_SESSIONS", "8")
        patch.setenv("FOOTLIGHT_LAUNCH_WAIT_MOST", str(LIMIT_S))
        process, running = start_site(folder / "data", "--no-agent", "--sim", "3,0")
    yield running
    stop_site(process, running)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def caller(office: LiveSite) -> Iterator[httpx.Client]:
    """The administrator, on hosts without sessions of this test's predecessors, in a group without rules."""
    with office.client() as made:
        yield made
        made.put(RULES, json={})
        for session in made.get(f"{CVAD}/Sessions").json()["Items"]:
            made.post(f"{CVAD}/Sessions/{session['Id']}/$logoff")
        until(lambda: made.get(f"{CVAD}/Sessions").json()["TotalItems"] == 0)


@pytest.fixture
def ada(office: LiveSite, caller: httpx.Client) -> Iterator[httpx.Client]:
    """A user without any right."""
    caller.post(f"{V1}/accounts", json={"name": "ada", "password": "correct horse"})
    signed = caller.post(f"{CVAD}/tokens", auth=("ada", "correct horse"))
    with office.client(Authorization=f"Bearer {signed.json()['Token']}") as made:
        yield made


def until(look: Any) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not look():
        assert time.monotonic() < deadline, "it does not come to be"
        time.sleep(0.1)


def launch(client: httpx.Client, resource: str = DESKTOP, **asked: Any) -> httpx.Response:
    return client.post(f"{V1}/launches", json={"resource": resource, "new": True, **asked})


def fill(client: httpx.Client, count: int = 6) -> list[str]:
    """Sessions on both hosts; by default as many as they take."""
    answers = [launch(client) for _ in range(count)]
    assert {answer.status_code for answer in answers} <= {201}, answers[-1].text
    return [str(answer.json()["sessionId"]) for answer in answers]


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and reason."""
    body = answer.json()
    facts = {one["name"]: one["value"] for one in body["parameters"]}
    return answer.status_code, body["SdkErrorId"], facts.get("reason")


def put(caller: httpx.Client, **rules: Any) -> None:
    answer = caller.put(RULES, json=rules)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {**NO_RULES, **rules} == caller.get(RULES).json()


def hosts(caller: httpx.Client) -> list[dict[str, Any]]:
    found = caller.get(f"{CVAD}/DeliveryGroups/{GROUP}/Machines").json()["Items"]
    return [one for one in found if "OFFICE" in one["Name"]]


def test_sessions_are_spread_and_full_hosts_take_no_more(
    caller: httpx.Client, ada: httpx.Client
) -> None:
    fill(caller)
    assert [one["SessionCount"] for one in hosts(caller)] == [3, 3]
    full = launch(caller)
    assert refusal(full) == (503, "NoAvailableMachine", "noMachine")
    told = {one["name"]: one["value"] for one in full.json()["parameters"]}
    assert told[f"deliveryGroup {GROUP}"] == "2 full"
    plain = launch(ada).json()
    assert plain["ErrorMessage"] == "No machine is free for this resource."
    assert not any(one["name"].startswith("deliveryGroup") for one in plain["parameters"])
    named = launch(caller, machine=hosts(caller)[0]["Name"])
    assert refusal(named) == (503, "NoAvailableMachine", "full")


def test_the_load_of_a_machine_is_shown_and_searched_for(caller: httpx.Client) -> None:
    fill(caller)
    until(lambda: [one["LoadIndex"] for one in hosts(caller)] == [10_000, 10_000])
    one = caller.get(f"{CVAD}/Machines/{hosts(caller)[0]['Id']}").json()
    assert one["LoadIndexNames"] == ["CPU", "Memory", "SessionCount"]
    assert one["LoadIndexes"][2] == 10_000
    assert 0 < one["LoadIndexes"][0] < one["LoadIndexes"][2]
    wanted = {"SearchFilters": [{"Property": "LoadIndex", "Operator": "Equals", "Value": "10000"}]}
    found = caller.post(f"{CVAD}/Machines/$search", json=wanted).json()["Items"]
    assert {m["Name"] for m in found} == {m["Name"] for m in hosts(caller)}
    assert caller.post(f"{CVAD}/Sessions/$search", json=wanted).json()["TotalItems"] == 6


def test_limits_of_a_group_and_of_a_user(caller: httpx.Client, ada: httpx.Client) -> None:
    put(caller, maxSessions=2)
    fill(caller, 2)
    assert refusal(launch(caller)) == (503, "NoAvailableMachine", "groupFull")
    put(caller, maxSessionsPerUser=2)
    assert refusal(launch(caller)) == (409, "ConstraintViolation", "groupFullForUser")
    assert launch(ada).status_code == 201
    put(caller)
    for _ in range(3):  # the office is full then
        assert launch(caller).status_code == 201
    for resource in ("Contact Desktop", "Contact Desktop", "Contact Desktop"):
        assert launch(caller, resource).status_code == 201
    assert refusal(launch(caller)) == (409, "ConstraintViolation", "userLimit")
    taken = caller.post(f"{V1}/launches", json={"resource": DESKTOP})
    assert taken.status_code == 200, "what runs is taken up all the same"


def test_rules_that_make_no_sense(caller: httpx.Client, ada: httpx.Client) -> None:
    for wrong in (
        {"maxSessions": 0},
        {"zone": "nowhere"},
        {"zoneOnly": True},
        {"maxSessions": "many"},
    ):
        assert caller.put(RULES, json=wrong).status_code == 400
    assert caller.get(RULES).json() == NO_RULES
    missing = RULES.replace(GROUP, "nowhere")
    assert caller.get(missing).status_code == caller.put(missing, json={}).status_code == 404
    assert ada.get(RULES).status_code == ada.put(RULES, json={}).status_code == 403


def test_a_group_prefers_a_zone_or_wants_it_alone(caller: httpx.Client) -> None:
    caller.post(f"{CVAD}/Zones", json={"Name": "North"})
    put(caller, zone="North")
    assert launch(caller).status_code == 201
    put(caller, zone="North", zoneOnly=True)
    refused = launch(caller)
    assert refusal(refused) == (503, "NoAvailableMachine", "noMachine")
    assert {"name": f"deliveryGroup {GROUP}", "value": "2 otherZone"} in refused.json()[
        "parameters"
    ]
    assert refusal(launch(caller, machine=hosts(caller)[0]["Name"]))[2] == "otherZone"
    assert caller.delete(f"{CVAD}/Zones/North").status_code == 409
    put(caller)
    assert caller.delete(f"{CVAD}/Zones/North").status_code == 204


def test_machines_that_cannot_be_had_say_why(office: LiveSite, caller: httpx.Client) -> None:
    first, second = hosts(caller)
    machine = f"{CVAD}/Machines/{first['Id']}"
    caller.patch(machine, json={"InMaintenanceMode": True})
    try:
        kept = launch(caller, machine=first["Name"])
        assert refusal(kept) == (409, "InMaintenanceMode", "inMaintenance")
        assert launch(caller).json()["machine"] == second["Name"]
    finally:
        caller.patch(machine, json={"InMaintenanceMode": False})
    unknown = launch(caller, machine="elsewhere")
    assert refusal(unknown) == (404, "UnknownMachine", "unknownMachine")
    g = schema.delivery_groups
    group_id = office.in_database(
        lambda c: c.execute(select(g.c.id).where(g.c.name == GROUP)).scalar_one()
    )
    office.in_database(lambda c: introduce(c, "silent", delivery_group_id=group_id))
    silent = launch(caller, machine="silent")
    assert refusal(silent) == (503, "MachineNotRegistered", "notRegistered")


def test_groups_that_give_nothing_say_why(caller: httpx.Client) -> None:
    group = f"{CVAD}/DeliveryGroups/{GROUP}"
    for closed, reopened, wanted in (
        ({"InMaintenanceMode": True}, {"InMaintenanceMode": False}, "groupInMaintenance"),
        ({"Enabled": False}, {"Enabled": True}, "groupDisabled"),
    ):
        assert caller.patch(group, json=closed).status_code < 300
        assert refusal(launch(caller))[::2] == (409, wanted)
        found = caller.get(f"{V1}/resources/{DESKTOP}/placement").json()
        assert found["reason"] == found["machines"][0]["reason"] == wanted
        caller.patch(group, json=reopened)
    assert refusal(launch(caller, "Solitaire"))[:2] == (404, "UnknownApplication")


def test_placement_tells_what_a_launch_then_does(caller: httpx.Client, ada: httpx.Client) -> None:
    path = f"{V1}/resources/{DESKTOP}/placement"
    fill(caller, 1)
    told = caller.get(path, params={"user": "ada"}).json()
    assert (told["resource"], told["user"], told["reason"]) == (DESKTOP, "ada", None)
    ready = [one for one in told["machines"] if one["takes"]]
    assert sorted(one["rank"] for one in ready) == [1, 2]
    best = min(ready, key=lambda one: one["rank"])
    made = launch(ada).json()
    assert made["machine"] == told["machine"] == best["name"]
    again = caller.get(path, params={"user": "ada"}).json()
    assert (again["sessionId"], again["machine"]) == (made["sessionId"], None)
    assert again["groups"][0]["sessions"] == 2
    assert again["groups"][0]["userSessions"] == 1
    assert ada.get(path).status_code == 403
    assert caller.get(f"{V1}/resources/Solitaire/placement").status_code == 404


def test_a_launch_waits_until_somebody_logs_off(caller: httpx.Client, ada: httpx.Client) -> None:
    sessions = fill(caller)
    answers: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(launch(ada, waitSeconds=LIMIT_S)))
    waiting.start()
    path = f"{V1}/resources/{DESKTOP}/placement"
    until(lambda: caller.get(path).json()["waiting"] == 1)
    with contextlib.suppress(httpx.ReadTimeout):  # a client that goes away
        ada.post(
            f"{V1}/launches",
            json={"resource": DESKTOP, "new": True, "waitSeconds": LIMIT_S},
            timeout=1,
        )
    until(lambda: caller.get(path).json()["waiting"] == 1)
    assert launch(caller).status_code == 503, "who says nothing does not wait"
    caller.post(f"{CVAD}/Sessions/{sessions[0]}/$logoff")
    waiting.join(LIMIT_S)
    assert answers[0].status_code == 201, answers[0].text
    session = caller.get(f"{CVAD}/Sessions/{answers[0].json()['sessionId']}").json()
    assert session["User"]["Name"].endswith("\\ada")
    until(lambda: caller.get(path).json()["waiting"] == 0)
    assert launch(ada, waitSeconds=1).status_code == 503
    assert launch(ada, waitSeconds=-1).status_code == 400
