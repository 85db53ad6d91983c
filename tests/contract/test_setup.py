"""Setting up a site by API alone, on a real host, and taking it down again. Source: rest-api.md section 7.6.

A client that does so has never heard of the sample catalog and group in which the host is at first.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.conftest import CALL_TIMEOUT_S, LiveSite, start_site, stop_site

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def fresh() -> Iterator[LiveSite]:
    """A real site with an agent, of this file alone: its machine is moved about."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-setup-"))
    process, running = start_site(folder / "data")
    try:
        yield running
    finally:
        stop_site(process, running)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def full(fresh: LiveSite) -> Iterator[httpx.Client]:
    """The first administrator, below CVAD's prefix."""
    with signed_in(fresh, fresh.headers()["Authorization"]) as made:
        yield made


def signed_in(site: LiveSite, authorization: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{site.base_url}/cvad/manage",
        verify=site.tls(),
        headers={**site.headers(), "Authorization": authorization},
        timeout=CALL_TIMEOUT_S,
    )


def account(site: LiveSite, full: httpx.Client, name: str) -> httpx.Client:
    """A client of a new account without any right."""
    body = {"name": name, "password": PASSWORD}
    made = full.post(f"{site.base_url}/footlight/v1/accounts", json=body)
    assert made.status_code == 201, made.text
    signed = full.post("/tokens", auth=(name, PASSWORD))
    assert signed.status_code == 200, signed.text
    return signed_in(site, f"Bearer {signed.json()['Token']}")


@pytest.fixture(scope="module")
def scoped(fresh: LiveSite, full: httpx.Client) -> Iterator[httpx.Client]:
    """A Full Administrator of the scope "Branch", made by API."""
    with account(fresh, full, "branch") as made:
        scope = full.post("/Admin/Scopes", json={"Name": "Branch"})
        assert scope.status_code in (201, 204), scope.text
        rights = [{"Role": "Full Administrator", "Scope": "Branch"}]
        body = {"User": "branch", "Rights": rights, "Enabled": True}
        assert full.post("/Admin/Administrators", json=body).status_code == 204
        yield made


@pytest.fixture(params=["full", "scoped"])
def builder(request: pytest.FixtureRequest) -> httpx.Client:
    """Who sets the site up."""
    client: httpx.Client = request.getfixturevalue(request.param)
    return client


def ended(client: httpx.Client, location: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while (job := client.get(location).json())["Status"] in ("NotStarted", "InProgress"):
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    return dict(job)


def machine_of(full: httpx.Client) -> dict[str, Any]:
    """The site's own machine, configured or not."""
    for configured in ("true", "false"):
        for one in full.get(f"/Machines?configured={configured}").json()["Items"]:
            return dict(one)
    pytest.fail("the machine has not registered")


def without_sessions(full: httpx.Client) -> None:
    """Until those of the time before, which were logged off, are gone: they use the machine until then."""
    deadline = time.monotonic() + 30
    while full.get("/Sessions").json()["TotalItems"]:
        assert time.monotonic() < deadline, "a session does not end"
        time.sleep(0.1)


def test_a_site_is_set_up_used_and_taken_down_by_api(
    request: pytest.FixtureRequest, fresh: LiveSite, full: httpx.Client, builder: httpx.Client
) -> None:
    machine = machine_of(full)
    without_sessions(full)
    name = machine["Name"]
    zone = builder.get("/Zones").json()["Items"][0]
    assert zone["IsPrimary"]

    # A catalog, and the machine in it by a batch, as clients do it.
    catalog = builder.post(
        "/MachineCatalogs",
        json={
            "Name": "Hosts", "ProvisioningType": "Manual", "SessionSupport": "MultiSession",
            "AllocationType": "Random", "MachineType": "Physical", "Zone": zone["Id"],
            "PersistUserChanges": "Discard", "MinimumFunctionalLevel": "L7_9",
        },
    )  # fmt: skip
    assert catalog.status_code == 200, catalog.text
    item = {
        "Reference": "0", "Method": "POST",
        "RelativeUrl": f"/MachineCatalogs/{catalog.json()['Id']}/Machines",
        "Body": json.dumps({"MachineName": name}),
    }  # fmt: skip
    batch = builder.post("/$batch", json={"Items": [item]})
    assert batch.status_code == 200, batch.text
    (answer,) = batch.json()["Items"]
    assert answer["Code"] == 202, answer
    (location,) = (one["Value"] for one in answer["Headers"] if one["Name"] == "Location")
    job = ended(builder, location)
    assert (job["Type"], job["Status"]) == ("AddMachineCatalogMachine", "Complete"), job
    catalog_path = "/MachineCatalogs/Hosts"
    assert builder.get(catalog_path).json()["AvailableCount"] == 1

    # A group, a desktop for one user, an application.
    group = builder.post(
        "/DeliveryGroups",
        json={
            "Name": "Branch office",
            "MachineCatalogs": [{"MachineCatalog": "Hosts", "Count": 1}],
            "SharingKind": "Shared", "DeliveryType": "DesktopsAndApps", "Enabled": True,
            "SimpleAccessPolicy": {
                "AllowAnonymous": False, "AllowHdxAccess": True,
                "IncludedUserFilterEnabled": True, "IncludedUsers": ["FOOTLIGHT\\ada"],
            },
            "Desktops": [{"PublishedName": "Desktop", "Enabled": True}],
        },
    )  # fmt: skip
    assert group.status_code == 200, group.text
    assert (group.json()["RegisteredMachines"], group.json()["DesktopsAvailable"]) == (1, 1)
    published = builder.post(
        "/Applications",
        json={
            "NewApplications": [
                {
                    "Name": "Shell",
                    "ApplicationType": "HostedOnDesktop",
                    "InstalledAppProperties": {"CommandLineExecutable": "xterm"},
                }
            ],
            "DeliveryGroups": [{"Item": "Branch office", "Priority": 0}],
        },
    )
    assert published.status_code in (201, 204), published.text
    shown = full.get(f"/Machines/{machine['Id']}").json()
    assert shown["MachineCatalog"]["Name"] == "Hosts"
    assert shown["DeliveryGroup"]["Name"] == "Branch office"

    # Its user is offered that and starts it; another is not.
    launches = f"{fresh.base_url}/footlight/v1/launches"
    offered = f"{fresh.base_url}/footlight/v1/resources"
    ada, zoe = users(request, fresh, full)
    assert {one["name"] for one in ada.get(offered).json()["items"]} >= {"Desktop", "Shell"}
    assert "Shell" not in {one["name"] for one in zoe.get(offered).json()["items"]}
    started = ada.post(launches, json={"resource": "Shell"})
    assert started.status_code == 201, started.text
    assert started.json()["machine"] == name
    desktop = ada.post(launches, json={"resource": "Desktop"})
    assert desktop.status_code == 201, desktop.text
    for resource in ("Shell", "Nothing"):
        refused = zoe.post(launches, json={"resource": resource})
        assert (refused.status_code, refused.json()["SdkErrorId"]) == (404, "UnknownApplication")
    session = started.json()["sessionId"]
    seen = builder.get(f"/Sessions/{session}").json()
    assert seen["Machine"]["MachineCatalog"]["Name"] == "Hosts"
    assert seen["User"]["Name"] == "FOOTLIGHT\\ada"
    assert builder.get("/DeliveryGroups/Branch%20office").json()["SessionCount"] == 2

    # Down again: maintenance, log-off, out of the group, out of the catalog, and both of them gone.
    host = f"/Machines/{machine['Id']}"
    assert builder.patch(host, json={"InMaintenanceMode": True}).status_code == 204
    refused = ada.post(launches, json={"resource": "Shell", "new": True})
    assert (refused.status_code, refused.json()["SdkErrorId"]) == (503, "NoAvailableMachine")
    taken_up = ada.post(launches, json={"resource": "Shell"})
    assert (taken_up.status_code, taken_up.json()["sessionId"]) == (200, session)
    assert builder.delete(f"/DeliveryGroups/Branch%20office{host}").status_code == 409
    assert builder.post(f"{host}/$logoff").status_code == 200
    assert builder.delete(f"{catalog_path}{host}").status_code == 409
    assert builder.delete(f"/DeliveryGroups/Branch%20office{host}").status_code == 204
    assert builder.delete(f"{catalog_path}{host}").status_code == 204
    assert builder.delete("/Applications/Shell").status_code == 204
    assert builder.delete("/DeliveryGroups/Branch%20office").status_code == 204
    assert builder.delete(catalog_path).status_code == 204
    left = full.get(host).json()
    assert (left["MachineCatalog"]["Id"], left["DeliveryGroup"]["Id"]) == (None, None)
    assert left["RegistrationState"] == "Registered"
    assert full.get("/Machines").json()["TotalItems"] == 0
    assert full.patch(host, json={"InMaintenanceMode": False}).status_code == 204


def users(
    request: pytest.FixtureRequest, site: LiveSite, full: httpx.Client
) -> tuple[httpx.Client, httpx.Client]:
    """Clients of ada and zoe, who have no right."""
    kept: dict[str, httpx.Client] = request.config.stash.setdefault(_KEPT, {})
    for name in ("ada", "zoe"):
        if name not in kept:
            kept[name] = account(site, full, name)
            request.session.addfinalizer(kept[name].close)
    return kept["ada"], kept["zoe"]


_KEPT = pytest.StashKey[dict[str, httpx.Client]]()
