from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"
BODY = {"Name": "Servers", "ProvisioningType": "Manual", "SessionSupport": "MultiSession"}


async def test_the_machine_of_the_site_joins_a_new_catalog(door: Any) -> None:
    made = await door.post(
        f"{MANAGE}/MachineCatalogs", json={**BODY, "Machines": [{"MachineName": "desk1"}]}
    )
    assert (made.status_code, made.json()["TotalCount"]) == (200, 1)
    assert (await door.get(f"{MANAGE}/MachineCatalogs/SERVERS")).json() == made.json()
    inside = (await door.get(f"{MANAGE}/MachineCatalogsV2?fields=Name,TotalCount")).json()["Items"]
    assert inside == [
        {"Name": "Linux hosts", "TotalCount": 0},
        {"Name": "Servers", "TotalCount": 1},
    ]
    gone = await door.client.delete(f"{MANAGE}/MachineCatalogs/Servers", headers=door.headers)
    assert gone.status_code == 204
    assert (await door.get(f"{MANAGE}/Machines/desk1")).json()["MachineCatalog"]["Id"] is None
