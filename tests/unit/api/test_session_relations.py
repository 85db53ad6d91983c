from __future__ import annotations

from typing import Any

import pytest

MANAGE = "/cvad/manage"


async def launch(door: Any, resource: str, headers: dict[str, str] | None = None) -> str:
    body = {"resource": resource, "new": True}
    url = "/footlight/v1/launches"
    answer = await door.client.post(url, json=body, headers=headers or door.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sessionId"])


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["TotalItems"] == len(body["Items"])
    return [item["Id"] for item in body["Items"]]


async def test_the_machine_by_each_of_its_names(door: Any) -> None:
    session_id = await launch(door, "Desktop")
    machine = (await door.get(f"{MANAGE}/Sessions/{session_id}/Machine")).json()
    named = (machine["Id"], machine["Uid"], "desk1", "FOOTLIGHT%5Cdesk1", machine["DnsName"])
    for name in named:
        assert ids(await door.get(f"{MANAGE}/Machines/{name}/Sessions")) == [session_id], name
    some = await door.get(f"{MANAGE}/Machines/desk1/Sessions?fields=Id")
    assert some.json()["Items"] == [{"Id": session_id}]


async def test_applications_are_those_that_run(door: Any) -> None:
    desktop, terminal = await launch(door, "Desktop"), await launch(door, "Terminal")
    assert ids(await door.get(f"{MANAGE}/Sessions/{desktop}/Applications")) == []
    (one,) = (await door.get(f"{MANAGE}/Sessions/{terminal}/Applications")).json()["Items"]
    assert one["Name"] == "Terminal"
    for name in (one["Id"], one["Uid"], "TERMINAL"):
        assert ids(await door.get(f"{MANAGE}/Applications/{name}/Sessions")) == [terminal], name


async def test_pages_of_an_application_are_its_own(door: Any) -> None:
    wanted = [await launch(door, "Terminal") for _ in range(2)]
    url = f"{MANAGE}/Applications/Terminal/Sessions"
    first = (await door.get(f"{url}?limit=1")).json()
    token = first["ContinuationToken"]
    rest = (await door.get(f"{url}?continuationToken={token}")).json()
    assert [one["Id"] for page in (first, rest) for one in page["Items"]] == wanted
    assert rest["ContinuationToken"] is None
    other = f"{MANAGE}/Applications/Text%20Editor/Sessions?continuationToken={token}"
    assert (await door.get(other)).status_code == 400


async def test_a_limited_caller_learns_of_own_sessions_only(door: Any) -> None:
    others = await launch(door, "Desktop")
    ada, zoe = await door.sign_in_as("ada"), await door.sign_in_as("zoe")
    own = await launch(door, "Terminal", ada)
    url = f"{MANAGE}/Sessions/{own}/Machine"
    machine = (await door.client.get(url, headers=ada)).json()
    assert (machine["SessionCount"], len(machine["AssociatedUsers"])) == (1, 1)
    assert (await door.get(url)).json()["SessionCount"] == 2
    beside = await door.client.get(f"{MANAGE}/Machines/{machine['Id']}/Sessions", headers=ada)
    assert ids(beside) == [own]
    for path in (
        f"Machines/{machine['Id']}/Sessions", f"Sessions/{others}/Machine",
        f"Sessions/{others}/Applications",
    ):  # fmt: skip
        hidden = await door.client.get(f"{MANAGE}/{path}", headers=zoe)
        assert hidden.status_code == 404, path
    url = f"{MANAGE}/Applications/Terminal/Sessions"
    assert ids(await door.client.get(url, headers=ada)) == [own]
    assert (await door.client.get(url, headers=zoe)).status_code == 404


async def test_an_ended_session_has_nothing_beside_it(door: Any) -> None:
    session_id = await launch(door, "Terminal")
    await door.post(f"{MANAGE}/Sessions/{session_id}/$logoff")
    assert ids(await door.get(f"{MANAGE}/Applications/Terminal/Sessions")) == []
    assert ids(await door.get(f"{MANAGE}/Machines/desk1/Sessions")) == []
    assert (await door.get(f"{MANAGE}/Sessions/{session_id}/Machine")).status_code == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("Machines/nowhere/Sessions", "UnknownMachine"),
        ("Applications/nothing/Sessions", "UnknownApplication"),
        ("Applications/Desktop/Sessions", "UnknownApplication"),
    ],
)
async def test_what_is_not_there_is_named(door: Any, path: str, code: str) -> None:
    answer = await door.get(f"{MANAGE}/{path}")
    assert (answer.status_code, answer.json()["SdkErrorId"]) == (404, code)
