from __future__ import annotations

from typing import Any

from footlight.store import schema

ROWS = "/footlight/v1/sessions/$search"


async def launch(door: Any, resource: str, headers: dict[str, str] | None = None) -> str:
    answer = await door.client.post(
        "/footlight/v1/launches",
        json={"resource": resource, "new": True},
        headers=headers or door.headers,
    )
    return str(answer.json()["sessionId"])


async def test_rows_by_place_in_the_order_asked_for(door: Any) -> None:
    made = [await launch(door, name) for name in ("Desktop", "Terminal", "Desktop")]
    newest = {"SortCriteria": {"Property": "Uid", "SortDirection": "Descending"}}
    first = (await door.post(f"{ROWS}?limit=2", json=newest)).json()
    assert [row["id"] for row in first["items"]] == made[:0:-1]
    assert first["total"] == 3
    rest = (await door.post(f"{ROWS}?limit=2&skip=2", json=newest)).json()
    assert [row["id"] for row in rest["items"]] == made[:1]
    assert rest["continuationToken"] is None
    token = first["continuationToken"]
    assert (await door.post(f"{ROWS}?limit=2&continuationToken={token}", json=newest)).json()[
        "items"
    ] == rest["items"]
    above = {"Property": "Uid", "Operator": "GreaterThan", "Value": first["items"][1]["uid"]}
    found = (await door.post(ROWS, json={"SearchFilters": [above]})).json()
    assert [row["id"] for row in found["items"]] == made[2:]


async def test_a_row_says_what_the_caller_may_know(door: Any) -> None:
    session_id = await launch(door, "Terminal")
    ada = await door.sign_in_as("ada")
    own = await launch(door, "Terminal", ada)
    row = (await door.post(ROWS, json={})).json()["items"][0]
    assert (row["id"], row["resourceName"], row["recording"]) == (session_id, "Terminal", False)
    assert row["machineSilent"] is False
    assert row["state"] in ("Active", "Connected", "Disconnected")
    assert row["loggingOn"] is (row["state"] == "Connected")
    seen = (await door.client.post(ROWS, json={}, headers=ada)).json()
    assert [one["id"] for one in seen["items"]] == [own]
    assert seen["total"] == 1


async def test_a_silent_machine_shows_in_its_rows(door: Any) -> None:
    await launch(door, "Terminal")
    await door.parts.store.write(
        lambda tx: tx.connection.execute(schema.machines.update().values(registered=False))
    )
    assert (await door.post(ROWS, json={})).json()["items"][0]["machineSilent"] is True


async def test_what_is_wrong_is_named(door: Any) -> None:
    for query in ("?limit=0", "?skip=-1", "?continuationToken=x"):
        assert (await door.post(ROWS + query, json={})).status_code == 400
