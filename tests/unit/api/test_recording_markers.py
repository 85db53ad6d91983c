from __future__ import annotations

import shutil
from typing import Any

import pytest
from tests.unit.api.test_recordings import BASE, GOLDEN, MANIFEST, Kept, row
from tests.unit.conftest import MACHINE_ID

from footlight.bus import subjects
from footlight.wire.host import MarkRecording, decode


@pytest.fixture
async def kept(door: Any) -> Kept:
    one = MANIFEST["recordingId"]
    shutil.copytree(GOLDEN, door.parts.config.data_dir / "recordings" / one)
    await row(door, machine_id=MACHINE_ID)
    return Kept(door, f"{BASE}/{one}")


async def add(kept: Kept, **body: Any) -> Any:
    return await kept.door.post(f"{kept.url}/markers", json=body)


async def test_made_changed_listed_and_deleted(kept: Kept) -> None:
    made = await add(kept, text="  look here ", atMs=5000, kind="comment")
    assert made.status_code == 201
    view = made.json()
    assert (view["text"], view["atMs"], view["kind"]) == ("look here", 5000, "comment")
    assert (view["own"], view["changedAt"]) == (True, None)
    url = f"{kept.url}/markers/{view['id']}"
    client, headers = kept.door.client, kept.door.headers
    changed = await client.patch(url, headers=headers, json={"text": "no, there"})
    assert changed.json()["text"] == "no, there"
    (listed,) = (await kept.get("/markers")).json()["items"]
    assert listed == changed.json()
    (shown,) = (await kept.get("/manifest")).json()["markers"]
    assert (shown["atMs"], shown["text"]) == (5000, "no, there")
    assert (await client.delete(url, headers=headers)).status_code == 204
    assert (await kept.get("/markers")).json() == {"items": []}
    assert (await client.delete(url, headers=headers)).status_code == 404


async def test_among_the_events_by_type_text_and_time(kept: Kept) -> None:
    for at_ms, text in ((7000, "third"), (10, "first"), (5000, "Second")):
        await add(kept, text=text, atMs=at_ms)
    plain = (await kept.get("/events")).json()["items"]
    assert [one["atMs"] for one in plain] == sorted(one["atMs"] for one in plain)

    async def found(query: str) -> list[str]:
        items = (await kept.get(f"/events?{query}")).json()["items"]
        return [one.get("text", one["type"]) for one in items]

    assert await found("type=marker") == ["first", "Second", "third"]
    assert await found("type=idle,marker&fromMs=10&toMs=5000") == ["first", "Second"]
    assert await found("text=second") == ["Second"]
    assert await found("type=idle") == []


async def test_events_come_in_pages(kept: Kept) -> None:
    for number in range(5):
        await add(kept, text=str(number), atMs=100)
    texts: list[str] = []
    query = "type=marker&limit=2"
    while True:
        page = (await kept.get(f"/events?{query}")).json()
        texts += [one["text"] for one in page["items"]]
        if page["continuationToken"] is None:
            break
        query = f"type=marker&limit=2&continuationToken={page['continuationToken']}"
    assert texts == list("01234")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=10001",
        "fromMs=-1",
        "toMs=-1",
        "continuationToken=AAAA",
        "text=" + "x" * 201,
    ],
)
async def test_wrong_questions(kept: Kept, query: str) -> None:
    assert (await kept.get(f"/events?{query}")).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x"},  # when? it does not run
        {"text": "x", "atMs": -1},
        {"text": "x", "atMs": 7947},
        {"text": " ", "atMs": 1},
        {"text": "x" * 2001, "atMs": 1},
        {"text": "x", "atMs": 1, "kind": "other"},
        {"atMs": 1},
    ],
)
async def test_wrong_markers(kept: Kept, body: dict[str, Any]) -> None:
    assert (await add(kept, **body)).status_code == 400
    assert (await kept.get("/markers")).json() == {"items": []}


async def test_a_live_one_is_marked_now_and_its_host_is_told(kept: Kept) -> None:
    told: list[MarkRecording] = []

    async def hear(payload: bytes) -> bytes:
        told.append(decode(MarkRecording, payload))
        return b""

    await kept.door.rooms.bus.serve(subjects.marks(MACHINE_ID), hear)
    started = kept.door.rooms.clock.now_ms() - 60_000
    await kept.change(status="recording", started_at_ms=started)
    made = (await add(kept, text="now")).json()
    assert made["atMs"] >= 60_000
    (one,) = told
    assert (one.marker_id, one.text, one.kind) == (made["id"], "now", "marker")
    await add(kept, text="before", atMs=5)
    assert len(told) == 1, "the event track knows no past"


async def test_a_silent_host_costs_the_copy_alone(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footlight.api.recording_markers.HOST_TIMEOUT_S", 0.05)
    await kept.change(status="recording", started_at_ms=kept.door.rooms.clock.now_ms() - 60_000)
    assert (await add(kept, text="now")).status_code == 201


async def test_who_may_not_view_may_not_mark(kept: Kept) -> None:
    made = (await add(kept, text="x", atMs=1)).json()
    headers = await kept.door.sign_in_as("ada")
    client, url = kept.door.client, f"{kept.url}/markers"
    answers = [
        await client.get(url, headers=headers),
        await client.post(url, headers=headers, json={"text": "x", "atMs": 1}),
        await client.patch(f"{url}/{made['id']}", headers=headers, json={"text": "y"}),
        await client.delete(f"{url}/{made['id']}", headers=headers),
    ]
    assert [one.status_code for one in answers] == [404] * 4
