from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_rights_in_scopes_that_hold_the_object(door: Any) -> None:
    await door.sign_in_as("ada")
    catalog = (await door.get(f"{MANAGE}/MachineCatalogs/Linux%20hosts")).json()
    held = {"ObjectType": "MachineCatalog", "Object": catalog["Id"]}
    made = await door.post(
        f"{MANAGE}/Admin/Scopes", json={"Name": "Cellar", "ScopedObjects": [held]}
    )
    assert made.status_code == 201, made.text
    rights = [{"Role": "Help Desk Administrator", "Scope": "Cellar"}]
    body = {"User": "ada", "Rights": rights, "Enabled": True}
    assert (await door.post(f"{MANAGE}/Admin/Administrators", json=body)).status_code == 204

    async def names(path: str) -> list[str]:
        answer = await door.get(f"{MANAGE}/{path}/Administrators")
        assert answer.status_code == 200, answer.text
        return [one["User"]["Name"] for one in answer.json()["Items"]]

    both = ["FOOTLIGHT\\admin", "FOOTLIGHT\\ada"]
    assert await names("MachineCatalogs/Linux%20hosts") == both
    assert await names("Machines/desk1") == both
    assert await names("DeliveryGroups/Everyone") == both[:1]
