from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_names_of_every_kind(door: Any) -> None:
    async def exists(kind: str, name: str) -> bool:
        body = {"ObjectType": kind, "NameOrPath": name}
        return bool((await door.post(f"{MANAGE}/$checkObjectNameExists", json=body)).json())

    await door.post(f"{MANAGE}/AdminFolders", json={"Path": "A|B"})
    for kind, name in (
        ("Machine", "DESK1"),
        ("Machine", "footlight\\desk1"),
        ("AdminFolder", "A\\B"),
        ("AdminRole", "full administrator"),
        ("DeliveryGroup", "A|Everyone"),
    ):
        assert await exists(kind, name), kind
        assert not await exists(kind, "sand"), kind
    assert not await exists("AdminFolder", "")
    assert not await exists("AdminScope", "x")
