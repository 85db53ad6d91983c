from __future__ import annotations

from typing import Any

SEARCH = "/cvad/manage/Sessions/$search"


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
    await launch(door, "Desktop")
    ada = await door.sign_in_as("ada")
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
