from __future__ import annotations

from typing import Any

PATH = "/cvad/manage/DeliveryGroups/Everyone/Applications"


async def test_new_and_old_applications(door: Any) -> None:
    new = {"Name": "Clock", "InstalledAppProperties": {"CommandLineExecutable": "xclock"}}
    made = await door.post(PATH, json={"NewApplications": [new]})
    assert made.status_code == 201
    names = [one["Name"] for one in (await door.get(PATH)).json()["Items"]]
    assert names == ["Terminal", "Text Editor", "Web Browser", "Clock"]
    gone = await door.client.delete(f"{PATH}/Clock", headers=door.headers)
    assert gone.status_code == 204
    back = await door.post(PATH, json={"ExistingApplications": [{"item": "clock"}]})
    assert (back.status_code, back.content) == (204, b"")
    groups = await door.post(PATH, json={"ExistingApplicationGroups": [{"Item": "x"}]})
    assert groups.status_code == 400
