from __future__ import annotations

from typing import Any

from footlight.audit.log import Act, record

LOG = "/cvad/manage/ConfigLog"


async def append(door: Any, *acts: Act) -> None:
    def write(tx: Any) -> None:
        for act in acts:
            record(tx, door.rooms.admin, act)

    await door.rooms.store.write(write)


async def test_the_log_shows_changes_and_actions_and_nothing_else_of_the_chain(door: Any) -> None:
    await append(
        door,
        Act(text="one", target_type="Tag"),
        Act(text="two", target_type="Session", kind="AdminActivity", succeeded=False),
        Act(text="three", target_type="Recording", kind="RecordingHead"),
    )
    items = (await door.get(f"{LOG}/Operations")).json()["Items"]
    assert [(one["Text"], one["IsSuccessful"]) for one in items] == [("two", False), ("one", True)]
    searched = (await door.post(f"{LOG}/Operations/$search", json={})).json()
    assert [one["Text"] for one in searched["Items"]] == ["two", "one"]
    assert searched["TotalItems"] == 2


async def test_it_is_for_who_reads_logs_everywhere(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    for method, path in (("GET", "Operations"), ("POST", "Operations/$search"), ("DELETE", "Logs")):
        answer = await door.client.request(method, f"{LOG}/{path}", headers=headers)
        assert answer.status_code == 403


async def test_an_empty_log_begins_now(door: Any) -> None:
    told = await door.get(f"{LOG}/GetFirstLogDate")
    assert told.headers["content-type"].startswith("application/json")
    assert told.json().endswith("Z")
