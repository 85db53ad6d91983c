from __future__ import annotations

from typing import Any

from sqlalchemy import select
from tests.unit.api.test_recordings import BASE, Kept
from tests.unit.api.test_recordings import kept as kept  # the fixture

from footlight.archive.indexing import Indexing
from footlight.store import schema

SEARCH = f"{BASE}/search"


async def openings(kept: Kept) -> list[str]:
    a = schema.audit
    query = select(a.c.text).where(a.c.kind == "RecordingViewed").order_by(a.c.seq)
    return list(await kept.door.parts.store.read(lambda c: list(c.execute(query).scalars())))


async def test_hits_name_the_moment_and_count_as_openings(kept: Kept) -> None:
    parts = kept.door.parts
    await Indexing(parts.store, parts.objects, parts.clock, parts.recording_keys).look()
    events: list[dict[str, Any]] = (await kept.get("/events")).json()["items"]
    opened = await openings(kept)
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        answer = (await kept.door.get(f"{SEARCH}?limit=2{token}")).json()
        found += answer["items"]
        if answer["continuationToken"] is None:
            break
        token = f"&continuationToken={answer['continuationToken']}"
    assert [(hit["atMs"], hit["type"]) for hit in found[::-1]] == [
        (event["atMs"], event["type"]) for event in events
    ]
    assert {hit["recordingId"] for hit in found} == {kept.url.rpartition("/")[2]}
    (told,) = (await openings(kept))[len(opened) :]
    assert told.startswith("Open the recording of")
    assert "search hit" in told
    strip = (await kept.get()).json()["activity"]
    assert strip["seconds"] == 1
    assert sum(strip["pixels"]) > 0


async def test_filters_and_refusals(kept: Kept) -> None:
    parts = kept.door.parts
    await Indexing(parts.store, parts.objects, parts.clock, parts.recording_keys).look()
    everything = (await kept.door.get(SEARCH)).json()["items"]
    some = next(hit for hit in everything if hit["text"])
    for query, there in (
        (f"text={some['text'].split()[0].upper()}", True),
        (f"type={some['type']}&user=actor", True),
        (f"type={some['type']}&user=nobody", False),
        (f"recordingId={some['recordingId']}", True),
        ("recordingId=none", False),
        ("until=2020-01-01T00:00:00Z", False),
        ("text=surely-not-there", False),
    ):
        hits = (await kept.door.get(f"{SEARCH}?{query}")).json()["items"]
        assert bool(hits) is there, query
    for query in ("since=soon", "limit=0", "limit=501", "continuationToken=x"):
        assert (await kept.door.get(f"{SEARCH}?{query}")).status_code == 400, query
    ada = await kept.door.sign_in_as("ada")
    answer = await kept.door.client.get(SEARCH, headers=ada)
    assert answer.json() == {"items": [], "continuationToken": None}
