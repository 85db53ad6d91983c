from __future__ import annotations

from typing import Any

from tests.unit.api.test_session_relations import launch

GROUP = "/cvad/manage/DeliveryGroups/Everyone"


async def test_what_is_in_the_sample_group(door: Any) -> None:
    await launch(door, "Desktop")
    (machine,) = (await door.get(f"{GROUP}/Machines")).json()["Items"]
    assert (machine["Name"], machine["SessionCount"]) == ("FOOTLIGHT\\DESK1", 1)
    (catalog,) = (await door.get(f"{GROUP}/MachineCatalogs")).json()["Items"]
    assert catalog["Name"] == "Linux hosts"
    (desktop,) = (await door.get(f"{GROUP}/Desktops")).json()["Items"]
    assert (desktop["PublishedName"], desktop["Enabled"]) == ("Desktop", True)
    usage = (await door.get(f"{GROUP}/Usage")).json()
    assert (usage["SessionCount"], usage["DisconnectedSessionCount"]) == (1, 1)
    none = await door.get(f"{GROUP}/MachineCatalogs/nowhere")
    assert none.status_code == 404
