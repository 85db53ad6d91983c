from __future__ import annotations

from typing import Any

SEARCH = "/cvad/manage/Sessions/$search"


async def sign_in(door: Any, name: str) -> dict[str, str]:
    await door.post("/footlight/v1/accounts", json={"name": name, "password": "a long secret"})
    signed = await door.client.post("/cvad/manage/tokens", auth=(name, "a long secret"))
    return {"Authorization": f"Bearer {signed.json()['Token']}"}


async def launch(door: Any, resource: str, headers: dict[str, str] | None = None) -> str:
    answer = await door.client.post(
        "/footlight/v1/launches",
        json={"resource": resource, "new": True},
        headers=headers or door.headers,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sessionId"])


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["TotalItems"] == len(body["Items"])
    return [item["Id"] for item in body["Items"]]


async def test_members_in_any_case_and_bare_values(door: Any) -> None:
    first, second = await launch(door, "Desktop"), await launch(door, "Terminal")
    uid = (await door.get(f"/cvad/manage/Sessions/{second}")).json()["Uid"]
    one = {"PROPERTY": "uid", "operator": "equals", "vALUE": uid}
    assert ids(await door.post(SEARCH, json={"SEARCHFILTERS": [one]})) == [second]
    backwards = {"sortCriteria": {"property": "Uid", "sortDirection": "descending"}}
    assert ids(await door.post(SEARCH, json=backwards)) == [second, first]


async def test_a_limited_caller_matches_own_sessions_only(door: Any) -> None:
    others = await launch(door, "Desktop")
    ada = await sign_in(door, "ada")
    own = await launch(door, "Terminal", ada)

    async def found(body: dict[str, Any]) -> list[str]:
        return ids(await door.client.post(SEARCH, json=body, headers=ada))

    assert await found({}) == [own]
    assert await found({"BasicSearchString": "admin"}) == []
    everything = {"Property": "Uid", "Operator": "Any"}
    group = {"SearchFilters": [everything], "SearchFilterGroupType": "Or"}
    body = {"SearchFilterGroups": [group], "SearchFilterGroupsType": "Or"}
    assert await found(body) == [own]
    # Their number on the machine is nothing that it may learn either.
    count = {"Property": "SessionCount", "Operator": "Equals", "Value": "1"}
    assert await found({"SearchFilters": [count]}) == [own]
    machine = (await door.client.get(f"/cvad/manage/Sessions/{own}/Machine", headers=ada)).json()
    assert (machine["SessionCount"], len(machine["AssociatedUsers"])) == (1, 1)
    beside = await door.client.get(f"/cvad/manage/Machines/{machine['Id']}/Sessions", headers=ada)
    assert ids(beside) == [own]
    assert (await door.get(f"/cvad/manage/Sessions/{own}/Machine")).json()["SessionCount"] == 2
    zoe = await sign_in(door, "zoe")
    for path in (f"Machines/{machine['Id']}/Sessions", f"Sessions/{others}/Machine"):
        hidden = await door.client.get(f"/cvad/manage/{path}", headers=zoe)
        assert hidden.status_code == 404
    applications = await door.client.get("/cvad/manage/Applications/Terminal/Sessions", headers=zoe)
    assert ids(applications) == []


async def test_a_token_belongs_to_its_request(door: Any) -> None:
    for _ in range(3):
        await launch(door, "Desktop")
    first = (await door.post(f"{SEARCH}?limit=1", json={})).json()
    token = first["ContinuationToken"]
    rest = (await door.post(f"{SEARCH}?continuationToken={token}", json={})).json()
    assert len(rest["Items"]) == 2
    other = {"SortCriteria": {"Property": "UserName"}}
    for body, given in ((other, token), ({}, token[:-2]), ({}, "x")):
        answer = await door.post(f"{SEARCH}?continuationToken={given}", json=body)
        assert answer.status_code == 400
        assert answer.json()["parameters"] == [{"name": "name", "value": "continuationToken"}]


async def test_an_ended_session_is_not_found(door: Any) -> None:
    session_id = await launch(door, "Terminal")
    await door.post(f"/cvad/manage/Sessions/{session_id}/$logoff")
    assert ids(await door.post(SEARCH, json={})) == []
    assert ids(await door.get("/cvad/manage/Applications/Terminal/Sessions")) == []
    assert (await door.get(f"/cvad/manage/Sessions/{session_id}/Machine")).status_code == 404
