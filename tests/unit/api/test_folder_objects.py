from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_the_root_holds_what_lies_in_no_folder(door: Any) -> None:
    root = "00000000-0000-0000-0000-000000000000"
    for folders in ("AdminFolders", "ApplicationFolders"):
        found = (await door.get(f"{MANAGE}/{folders}/{root}/Applications?fields=Name")).json()
        assert (found["TotalItems"], found["Items"][0]) == (3, {"Name": "Terminal"})
    found = (await door.get(f"{MANAGE}/AdminFolders/{root}/MachineCatalogs?fields=Name")).json()
    assert found["Items"] == [{"Name": "Linux hosts"}]
