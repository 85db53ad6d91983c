from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_a_group_of_the_sample_catalogs_machine(door: Any) -> None:
    body = {"Name": "Office", "MachineCatalogs": [{"MachineCatalog": "Linux hosts", "Count": 1}]}
    made = (await door.post(f"{MANAGE}/DeliveryGroups", json=body)).json()
    assert (made["RegisteredMachines"], made["DesktopsAvailable"]) == (1, 1)
    assert (made["SharingKind"], made["SessionSupport"]) == ("Shared", "MultiSession")
    assert made["VdaVersions"] == [{"Name": "0.1.0", "Value": 1}]
    listed = (await door.get(f"{MANAGE}/DeliveryGroups?fields=Name,TotalMachines")).json()
    assert listed["Items"] == [
        {"Name": "Everyone", "TotalMachines": 0},
        {"Name": "Office", "TotalMachines": 1},
    ]
    changed = await door.client.patch(
        f"{MANAGE}/DeliveryGroups/office", json={"enabled": False}, headers=door.headers
    )
    assert changed.status_code == 204
    assert (await door.get(f"{MANAGE}/DeliveryGroups/Office")).json()["Enabled"] is False
