from __future__ import annotations

from typing import Any

from footlight.api.folders import wire_path

URL = "/cvad/manage/AdminFolders"


async def test_the_root_holds_what_lies_in_no_folder(door: Any) -> None:
    await door.post(URL, json={"Path": "A|B"})
    root = (await door.get(f"{URL}/00000000-0000-0000-0000-000000000000")).json()
    assert (root["Name"], root["Path"], root["Parent"]) == ("", "", None)
    assert [one["Name"] for one in root["Children"]] == ["A\\"]
    counts = ("TotalApplications", "TotalMachineCatalogs", "TotalDesktopGroups")
    assert [root[name] for name in counts] == [3, 1, 1]
    inner = (await door.get(f"{URL}/a%7Cb")).json()
    assert (inner["Parent"]["Name"], inner["TotalApplications"]) == ("A\\", 0)


def test_paths_on_the_wire() -> None:
    assert [wire_path(path) for path in ("", "A", "A|B")] == ["", "A\\", "A\\B\\"]
