from __future__ import annotations

from typing import Any

PATH = "/footlight/v1/delivery-groups/Everyone/session-limits"
NONE = {
    "idleSeconds": None, "disconnectedSeconds": None, "totalSeconds": None, "warningSeconds": 300,
}  # fmt: skip


async def put(door: Any, body: Any, headers: dict[str, str] | None = None) -> Any:
    return await door.client.put(PATH, headers=headers or door.headers, json=body)


async def test_limits_are_set_whole_and_told_in_the_log(door: Any) -> None:
    assert (await door.get(PATH)).json() == NONE
    wanted = {"idleSeconds": 900, "totalSeconds": 36_000, "warningSeconds": 60}
    answer = await put(door, wanted)
    assert (answer.status_code, answer.json()) == (200, {**NONE, **wanted})
    assert (await door.get(PATH)).json() == {**NONE, **wanted}
    log = (await door.get("/cvad/manage/ConfigLog/Operations")).json()["Items"]
    assert log[0]["Text"] == "Set the session limits of delivery group 'Everyone'"
    assert (await put(door, {})).json() == NONE


async def test_what_is_no_limit(door: Any) -> None:
    for body in ({"idleSeconds": 5}, {"idleSeconds": "soon"}, {"warningSeconds": -1}):
        assert (await put(door, body)).status_code == 400
    assert (await door.get(PATH)).json() == NONE


async def test_who_may(door: Any) -> None:
    other = await door.sign_in_as("bob")
    assert (await put(door, {}, other)).status_code == 403
    assert (await door.client.get(PATH, headers=other)).status_code == 403
    assert (await door.get(PATH.replace("Everyone", "Nobody"))).status_code == 404


async def test_they_go_with_the_group(door: Any) -> None:
    made = await door.post("/cvad/manage/DeliveryGroups", json={"Name": "Everyone Else"})
    assert made.status_code in (200, 201)
    path = PATH.replace("Everyone", "Everyone%20Else")
    answer = await door.client.put(path, headers=door.headers, json={"totalSeconds": 60})
    assert answer.status_code == 200
    gone = await door.client.delete(
        "/cvad/manage/DeliveryGroups/Everyone%20Else", headers=door.headers
    )
    assert gone.status_code == 204
