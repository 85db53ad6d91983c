from __future__ import annotations

from typing import Any

import msgspec

from footlight.api import witness
from footlight.audit.log import Entry
from footlight.store import schema

ROLES = "/cvad/manage/Admin/Roles"


async def refusals(door: Any) -> list[Entry]:
    query = schema.audit.select().where(schema.audit.c.succeeded.is_(False))
    rows = await door.rooms.store.read(lambda c: list(c.execute(query.order_by("seq"))))
    return [msgspec.json.decode(row.entry, type=Entry) for row in rows]


async def test_what_was_refused_is_written_down_as_the_callers(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    body = {"Name": "Mine", "Permissions": ["Session_Read"]}
    assert (await door.client.post(ROLES, headers=headers, json=body)).status_code == 403
    taken = {**body, "Name": "Full Administrator"}
    assert (await door.post(ROLES, json=taken)).status_code == 409
    first, second = await refusals(door)
    assert (first.user_name, first.kind) == ("FOOTLIGHT\\ada", "ConfigurationChange")
    assert first.text.startswith("POST /Admin/Roles was refused: This needs the permission")
    assert (first.target_type, first.parameters["Status"]) == ("Roles", "403")
    assert (second.user_name, second.parameters["Code"]) == (
        "FOOTLIGHT\\admin",
        "RoleAlreadyExists",
    )


async def test_wrong_input_reading_and_strangers_are_no_acts(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    preview = "/cvad/manage/Admin/Administrators/$PreviewReport"
    for answer in (
        await door.post(ROLES, json={}),
        await door.client.patch(f"{ROLES}/none", headers=door.headers, json={}),
        await door.client.get(ROLES, headers=headers),
        await door.client.post(preview, headers=headers, json={}),
        await door.client.post(ROLES, json={"Name": "x"}),
    ):
        assert answer.status_code >= 400
    assert await refusals(door) == []


async def test_an_action_on_a_session_is_an_activity(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    launched = await door.post("/footlight/v1/launches", json={"resource": "Desktop"})
    path = f"/footlight/v1/sessions/{launched.json()['sessionId']}/tickets"
    await door.post("/cvad/manage/Admin/Administrators", json={
        "User": "ada", "Rights": [{"Role": "Read Only Administrator", "Scope": "All"}],
    })  # fmt: skip
    assert (await door.client.post(path, headers=headers)).status_code == 403
    (entry,) = await refusals(door)
    assert (entry.kind, entry.target_type) == ("AdminActivity", "sessions")
    assert entry.object_name == launched.json()["sessionId"]


async def test_a_flood_is_counted_and_not_written(door: Any, monkeypatch: Any) -> None:
    headers = await door.sign_in_as("ada")
    monkeypatch.setattr(witness, "WINDOW_MS", 60_000)
    for _ in range(witness.PER_ACCOUNT + 5):
        await door.client.delete(f"{ROLES}/x", headers=headers)
    assert len(await refusals(door)) == witness.PER_ACCOUNT
