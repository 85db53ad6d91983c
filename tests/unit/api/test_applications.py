from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Applications"


async def test_where_a_new_application_is(door: Any) -> None:
    new = {"Name": "A/b", "InstalledAppProperties": {"CommandLineExecutable": "xterm"}}
    refused = await door.post(URL, json={"NewApplications": [new]})
    assert refused.status_code == 400  # no slash in a name
    new["Name"] = "Ab"
    made = await door.post(URL, json={"newapplications": [new]})
    assert made.status_code == 201
    assert (await door.get(made.headers["location"])).json()["Name"] == "Ab"
    one = await door.get(f"{URL}/Ab?fields=Name,nonsense")
    assert one.json() == {"Name": "Ab"}
    page = (await door.get(f"{URL}?limit=1")).json()
    other = f"{URL}?applicationFolder=&continuationToken={page['ContinuationToken']}"
    assert (await door.get(other)).status_code == 400  # a token of another list
