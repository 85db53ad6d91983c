from __future__ import annotations

from typing import Any

import pytest
from tests.unit.api.test_recordings import row

from footlight.ids import new_guid

CLASSES = "/footlight/v1/retention-classes"
PREVIEW = "/footlight/v1/recordings/retention/preview"
STANDARD = {
    "name": "Standard",
    "description": "Kept for ever",
    "keepDays": None,
    "isDefault": True,
}


async def call(door: Any, method: str, path: str, **options: Any) -> Any:
    return await door.client.request(method, path, headers=door.headers, **options)


async def test_classes(door: Any) -> None:
    assert (await door.get(CLASSES)).json() == {"items": [STANDARD]}
    made = await door.post(CLASSES, json={"name": "Short", "keepDays": 30})
    short = {"name": "Short", "description": "", "keepDays": 30, "isDefault": False}
    assert (made.status_code, made.json()) == (201, short)
    assert (await door.post(CLASSES, json={"name": "short", "keepDays": 1})).status_code == 409
    assert (await door.post(CLASSES, json={"name": "", "keepDays": 1})).status_code == 400
    changed = await call(
        door, "PATCH", f"{CLASSES}/SHORT", json={"keepDays": 5, "description": "d"}
    )
    assert changed.json() == {**short, "keepDays": 5, "description": "d"}
    assert (await door.get(f"{CLASSES}/short")).json() == changed.json()
    default = {"keepDays": None, "isDefault": False}
    assert (await call(door, "PATCH", f"{CLASSES}/Standard", json=default)).status_code == 409
    assert (await call(door, "DELETE", f"{CLASSES}/Standard")).status_code == 409
    assert (await call(door, "DELETE", f"{CLASSES}/Short")).status_code == 204
    assert (await door.get(f"{CLASSES}/short")).status_code == 404
    assert (await call(door, "DELETE", f"{CLASSES}/Short")).status_code == 404


async def test_users_have_nothing_to_do_with_them(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    for method, path, body in (
        ("GET", CLASSES, None),
        ("GET", f"{CLASSES}/Standard", None),
        ("POST", CLASSES, {"name": "x", "keepDays": 1}),
        ("PATCH", f"{CLASSES}/Standard", {"keepDays": 1}),
        ("DELETE", f"{CLASSES}/Standard", None),
        ("POST", PREVIEW, {}),
    ):
        answer = await door.client.request(method, path, headers=headers, json=body)
        assert answer.status_code == 403, (method, path)


async def test_a_preview_names_what_would_go_and_deletes_nothing(door: Any) -> None:
    old, held = new_guid(), new_guid()
    for one in (old, held):
        await row(door, id=one, retention_class="Standard", size_bytes=10)
    holds = f"/footlight/v1/recordings/{held}/holds"
    assert (await door.post(holds, json={"reason": "case"})).status_code == 201
    none = (await door.post(PREVIEW)).json()
    assert none == {
        "items": [], "recordings": 0, "sizeBytes": 0, "heldRecordings": 0, "heldSizeBytes": 0
    }  # fmt: skip
    for body in ({"keepDays": 1}, {"keepDays": 1, "limit": 1, "retentionClass": "standard"}):
        found = (await door.post(PREVIEW, json=body)).json()
        assert found["items"][0]["id"] == old
        assert len(found["items"]) == body.get("limit", 2)
        assert (found["recordings"], found["sizeBytes"]) == (1, 10)
        assert (found["heldRecordings"], found["heldSizeBytes"]) == (1, 10)
    before = (await door.post(PREVIEW, json={"keepDays": 1, "at": "2025-10-10T00:00:00Z"})).json()
    assert before["recordings"] == 0
    assert (await door.get(f"/footlight/v1/recordings/{old}")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"keepDays": 0}, 400),
        ({"limit": 1001}, 400),
        ({"at": "soon"}, 400),
        ({"retentionClass": "none"}, 404),
    ],
)
async def test_what_cannot_be_asked(door: Any, body: dict[str, Any], status: int) -> None:
    assert (await door.post(PREVIEW, json=body)).status_code == status
