from __future__ import annotations

from typing import Any

MACHINE = "/cvad/manage/Machines/desk1"


async def test_what_a_machine_is_in(door: Any) -> None:
    assert (await door.get(f"{MACHINE}/MachineCatalog")).json()["Name"] == "Linux hosts"
    assert (await door.get(f"{MACHINE}/DeliveryGroup")).json()["Name"] == "Everyone"
    assert (await door.get(f"{MACHINE}/Desktop")).json()["Name"] == "Desktop"
    names = [one["Name"] for one in (await door.get(f"{MACHINE}/Applications")).json()["Items"]]
    assert names == ["Terminal", "Text Editor", "Web Browser"]


async def test_a_machine_that_is_in_nothing(door: Any) -> None:
    gone = await door.client.delete(
        "/cvad/manage/MachineCatalogs/Linux%20hosts", headers=door.headers
    )
    assert gone.status_code == 204
    for path in ("MachineCatalog", "DeliveryGroup"):
        assert (await door.get(f"{MACHINE}/{path}")).status_code == 404, path
    assert (await door.get(f"{MACHINE}/Desktop")).status_code == 204
    assert (await door.get(f"{MACHINE}/Applications")).json()["Items"] == []
