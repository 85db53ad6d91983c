from __future__ import annotations

import asyncio
from typing import Any

import pytest

MANAGE = "/cvad/manage"
BODY = {"Name": "Servers", "ProvisioningType": "Manual", "SessionSupport": "MultiSession"}


async def test_adding_is_a_job_whose_result_is_the_catalog(door: Any) -> None:
    made = (await door.post(f"{MANAGE}/MachineCatalogs", json=BODY)).json()
    path = f"{MANAGE}/MachineCatalogs/Servers/Machines"
    accepted = await door.post(path, json={"machineName": "DESK1"})
    assert accepted.status_code == 202
    job = await ended(door, accepted.headers["location"])
    assert (job["Status"], job["Parameters"]) == (
        "Complete", [{"Name": "NameOrId", "Value": "DESK1"}],
    )  # fmt: skip
    result = await door.get(f"{MANAGE}/Jobs/{job['Id']}/Results")
    assert result.headers["location"].endswith(f"/MachineCatalogs/{made['Id']}")
    assert (await door.get(f"{path}?fields=Name")).json()["Items"] == [{"Name": "FOOTLIGHT\\DESK1"}]
    gone = await door.client.delete(f"{path}/desk1", headers=door.headers)
    assert gone.status_code == 204


async def ended(door: Any, location: str) -> dict[str, Any]:
    for _ in range(1000):
        job: dict[str, Any] = (await door.get(location)).json()
        if job["Status"] not in ("NotStarted", "InProgress"):
            return job
        await asyncio.sleep(0.01)
    pytest.fail(f"the job does not end: {job}")
