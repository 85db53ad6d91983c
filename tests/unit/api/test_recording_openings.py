from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.api.test_recordings import BASE, Kept
from tests.unit.api.test_recordings import kept as kept  # the fixture

from footlight.store import schema

PARTS = ("/manifest", "/events", "/segments/0", "/frame?at=1", "/contact-sheet?count=2")


@pytest.fixture
async def vera(kept: Kept) -> dict[str, str]:
    """An auditor's headers."""
    headers: dict[str, str] = await kept.door.sign_in_as("vera")
    right = {"Role": "Session Recording Auditor", "Scope": "All"}
    body = {"User": "vera", "Rights": [right]}
    made = await kept.door.post("/cvad/manage/Admin/Administrators", json=body)
    assert made.status_code == 204
    return headers


async def last(kept: Kept) -> str:
    a = schema.audit
    query = select(a.c.entry).order_by(a.c.seq.desc()).limit(1)
    return str(await kept.door.parts.store.read(lambda c: c.execute(query).scalar()))


async def test_auditors_say_why_first(kept: Kept, vera: dict[str, str]) -> None:
    assert (await kept.get("", **vera)).status_code == 200  # what the list shows, too
    for part in PARTS:
        refused = await kept.get(part, **vera)
        assert refused.status_code == 403, part
        assert "ReasonWanted" in refused.text
    client = kept.door.client
    empty = await client.post(f"{kept.url}/openings", headers=vera, json={"reason": ""})
    assert empty.status_code == 400
    given = await client.post(f"{kept.url}/openings", headers=vera, json={"reason": "case 7"})
    assert given.status_code == 201
    assert given.json()["asked"] is True
    assert (await kept.get(PARTS[0], **vera)).status_code == 200
    assert '"Reason":"case 7"' in await last(kept)
    for part in PARTS[1:]:
        assert (await kept.get(part, **vera)).status_code == 200, part
    elsewhere = await client.post(f"{BASE}/none/openings", headers=vera, json={"reason": "x"})
    assert elsewhere.status_code == 404


async def test_administrators_need_not_but_may(kept: Kept) -> None:
    assert (await kept.get("/manifest")).status_code == 200
    given = await kept.door.post(f"{kept.url}/openings", json={"reason": "I want to"})
    assert given.json()["asked"] is False


async def test_a_link_leads_to_a_moment_until_it_expires(
    kept: Kept, vera: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = kept.door
    made = await door.post(f"{kept.url}/links", json={"atMs": 2500, "expiresInS": 60})
    link = made.json()
    assert made.status_code == 201
    assert link["url"].endswith(f"/r/{link['recordingId']}#link={link['token']}")
    followed = await door.get(f"{BASE}/links/{link['token']}")
    assert followed.json() == link
    assert "(link)" in await last(kept)
    assert "seconds 2" in await last(kept)
    path = f"{BASE}/links/{link['token']}"
    assert (await door.client.get(path, headers=vera)).status_code == 403  # no reason yet
    assert (await door.client.get(path)).status_code == 401
    ada = await door.sign_in_as("ada")
    assert (await door.client.get(path, headers=ada)).status_code == 404
    assert (await door.get(f"{BASE}/links/{link['token'][:-2]}xx")).status_code == 404
    now_ms = door.parts.clock.now_ms()
    monkeypatch.setattr(type(door.parts.clock), "now_ms", lambda _: now_ms + 61_000)
    assert (await door.get(path)).status_code == 404


@pytest.mark.parametrize(
    "body", [{"expiresInS": 59}, {"expiresInS": 31 * 86_400}, {"atMs": -1}, {"atMs": "x"}]
)
async def test_links_that_cannot_be(kept: Kept, body: dict[str, Any]) -> None:
    assert (await kept.door.post(f"{kept.url}/links", json=body)).status_code == 400
