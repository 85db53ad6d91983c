from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.api.conftest import SITE_KEY
from tests.unit.api.test_recordings import BASE, Kept, row
from tests.unit.api.test_recordings import kept as kept  # the fixture

from footlight.audit.tombstone import Signed
from footlight.store import schema

TOMBSTONES = f"{BASE}/tombstones"


async def call(kept: Kept, method: str, part: str = "", **options: Any) -> Any:
    door = kept.door
    return await door.client.request(method, f"{kept.url}{part}", headers=door.headers, **options)


async def test_a_held_recording_is_not_deleted(kept: Kept) -> None:
    assert (await call(kept, "POST", "/holds", json={"reason": " "})).status_code == 400
    made = await call(kept, "POST", "/holds", json={"reason": "case 7"})
    hold = made.json()
    assert (made.status_code, hold["reason"]) == (201, "case 7")
    assert hold["placedBy"] == "FOOTLIGHT\\admin"
    assert (await kept.get("/holds")).json() == {"items": [hold]}
    assert (await kept.get()).json()["held"] is True
    refused = await call(kept, "DELETE", "?reason=x")
    assert refused.status_code == 409
    assert (await call(kept, "DELETE", "/holds/none")).status_code == 404
    assert (await call(kept, "DELETE", f"/holds/{hold['id']}")).status_code == 204
    assert (await kept.get("/holds")).json() == {"items": []}
    assert (await call(kept, "DELETE", "?reason=x")).status_code == 200


async def test_a_deleted_recording_leaves_a_tombstone_and_nothing_else(kept: Kept) -> None:
    folder = kept.door.parts.config.data_dir / "recordings" / kept.url.rpartition("/")[2]
    assert (await kept.get("/segments/0")).status_code == 200  # the server has a copy, too
    before = (await kept.get()).json()
    assert (await call(kept, "DELETE")).status_code == 400  # without a reason
    gone = await call(kept, "DELETE", "?reason=asked%20for")
    assert gone.status_code == 200, gone.text
    left = gone.json()
    assert (left["why"], left["deletedBy"]) == ("asked for", "FOOTLIGHT\\admin")
    assert (left["recordingId"], left["sizeBytes"]) == (before["id"], before["sizeBytes"])
    assert left["filesGoneAt"] is not None
    assert Signed(left["signed"], left["signature"]).holds(SITE_KEY.public_key().public_bytes_raw())
    assert not any(folder.glob("*"))
    for part in ("", "/manifest", "/segments/0", "/holds"):
        assert (await kept.get(part)).status_code == 404
    assert (await call(kept, "DELETE", "?reason=again")).status_code == 404
    assert (await kept.door.get(BASE)).json()["items"] == []
    assert (await kept.door.get(TOMBSTONES)).json() == {"items": [left], "continuationToken": None}
    one = f"{TOMBSTONES}/{before['id'].upper()}"
    assert (await kept.door.get(one)).json() == left
    assert (await kept.door.get(f"{TOMBSTONES}/none")).status_code == 404
    kinds = select(schema.audit.c.kind).order_by(schema.audit.c.seq.desc()).limit(1)
    assert await kept.door.parts.store.read(lambda c: c.execute(kinds).scalar()) == (
        "RecordingDeleted"
    )


async def test_tombstones_page_by_page(kept: Kept) -> None:
    ids = [f"{number:08}-0000-4000-8000-000000000000" for number in range(3)]
    for one in ids:
        await row(kept.door, id=one)
        gone = await kept.door.client.delete(f"{BASE}/{one}?reason=x", headers=kept.door.headers)
        assert gone.status_code == 200, gone.text
    first = (await kept.door.get(f"{TOMBSTONES}?limit=2")).json()
    token = first["continuationToken"]
    rest = (await kept.door.get(f"{TOMBSTONES}?limit=2&continuationToken={token}")).json()
    found = [item["recordingId"] for item in first["items"] + rest["items"]]
    assert (found, rest["continuationToken"]) == (ids[::-1], None)


@pytest.mark.parametrize("status", ["recording", "starting"])
async def test_one_that_runs_is_not_deleted(kept: Kept, status: str) -> None:
    await kept.change(status=status)
    assert (await call(kept, "DELETE", "?reason=x")).status_code == 409


async def test_one_that_is_not_stored_yet_is_not_deleted(kept: Kept) -> None:
    folder = kept.door.parts.config.data_dir / "recordings" / kept.url.rpartition("/")[2]
    (folder / "manifest.json").unlink()
    await kept.change(ended_at_ms=kept.door.rooms.clock.now_ms())
    assert (await call(kept, "DELETE", "?reason=x")).status_code == 409
    assert (await kept.get("/segments/0")).status_code == 200


async def test_who_only_sees_it_does_not_delete_it(kept: Kept) -> None:
    door = kept.door
    headers = await door.sign_in_as("vera")
    role = {"Name": "Watchers", "Permissions": ["Recording_View"]}
    assert (await door.post("/cvad/manage/Admin/Roles", json=role)).status_code == 201
    body = {"User": "vera", "Rights": [{"Role": "Watchers", "Scope": "All"}]}
    assert (await door.post("/cvad/manage/Admin/Administrators", json=body)).status_code == 204
    for method, part in (("DELETE", "?reason=x"), ("POST", "/holds"), ("DELETE", "/holds/x")):
        answer = await door.client.request(
            method,
            f"{kept.url}{part}",
            headers=headers,
            json={"reason": "x"} if method == "POST" else None,
        )
        assert answer.status_code == 403, (method, part, answer.text)
    nobody = await door.sign_in_as("ada")
    hidden = await door.client.delete(f"{kept.url}?reason=x", headers=nobody)
    assert hidden.status_code == 404
