"""The golden recording over HTTP: every part of it that the API gives."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from footlight.ids import new_guid
from footlight.store import schema

BASE = "/footlight/v1/recordings"
GOLDEN = Path(__file__).parents[2] / "data" / "golden-0"
FACTS = json.loads((GOLDEN / "expected.json").read_text())
MANIFEST = json.loads((GOLDEN / "manifest.json").read_text())["manifest"]
FIRST = (GOLDEN / "000000.flseg").read_bytes()
SIZE = len(FIRST)


@dataclass
class Kept:
    """The golden recording in the site's object store and catalogue."""

    door: Any
    url: str

    async def get(self, part: str = "", **headers: str) -> Any:
        return await self.door.client.get(
            f"{self.url}{part}", headers={**self.door.headers, **headers}
        )

    async def change(self, **columns: Any) -> None:
        statement = schema.recordings.update().values(**columns)
        await self.door.parts.store.write(lambda tx: tx.connection.execute(statement) and None)


async def row(door: Any, **changes: Any) -> None:
    """A row of the catalogue for the golden recording, or one like it."""
    columns = {
        "id": MANIFEST["recordingId"], "session_id": MANIFEST["sessionId"],
        "account_id": door.rooms.admin.account_id, "user_name": MANIFEST["userName"],
        "machine_id": new_guid(), "machine_name": MANIFEST["machineName"],
        "resource_name": "Desktop", "reason": "on-demand", "ordered_by": "FOOTLIGHT\\admin",
        "notify": False, "ordered_at_ms": 1, "status": "completed",
        "started_at_ms": 1_760_000_000_000, "ended_at_ms": 1_760_000_008_000,
        "duration_ms": MANIFEST["durationMs"], "size_bytes": 23129, "segment_count": 2,
        "sealed_count": 2, "head": MANIFEST["head"], **changes,
    }  # fmt: skip
    insert = schema.recordings.insert().values(**columns)
    await door.parts.store.write(lambda tx: tx.connection.execute(insert) and None)


@pytest.fixture
async def kept(door: Any) -> Kept:
    one = MANIFEST["recordingId"]
    # Copied, not put: a durable put waits for the disk, some thirty times here.
    shutil.copytree(GOLDEN, door.parts.config.data_dir / "recordings" / one)
    await row(door)
    return Kept(door, f"{BASE}/{one}")


async def test_the_listed_object(kept: Kept) -> None:
    answer = await kept.get()
    view = answer.json()
    assert answer.status_code == 200
    assert view["id"] == MANIFEST["recordingId"]
    assert (view["startedAt"], view["endedAt"]) == ("2025-10-09T08:53:20Z", "2025-10-09T08:53:28Z")
    assert (view["state"], view["live"], view["error"]) == ("completed", False, None)
    assert (view["durationMs"], view["sizeBytes"], view["segmentCount"]) == (7946, 23129, 2)
    assert (await kept.door.get(BASE)).json() == {"items": [view], "continuationToken": None}


@pytest.mark.parametrize(
    ("status", "state", "live"),
    [
        ("starting", "recording", False),
        ("recording", "recording", True),
        ("failed", "failed", False),
    ],
)
async def test_states(kept: Kept, status: str, state: str, live: bool) -> None:
    await kept.change(status=status, started_at_ms=kept.door.rooms.clock.now_ms() - 60_000)
    view = (await kept.get()).json()
    assert (view["state"], view["live"]) == (state, live)
    # The time of a live one goes on while nothing changes on the screen.
    assert view["durationMs"] >= 60_000 if live else view["durationMs"] == 7946


async def test_newest_first_page_by_page_and_by_session(kept: Kept) -> None:
    ids = [new_guid() for _ in range(3)]
    for one in ids:
        await row(kept.door, id=one, session_id=ids[0])
    await row(kept.door, id=new_guid(), started_at_ms=None)  # not begun: not listed
    first = (await kept.door.get(f"{BASE}?limit=2")).json()
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    token = first["continuationToken"]
    rest = (await kept.door.get(f"{BASE}?limit=2&continuationToken={token}")).json()
    assert [item["id"] for item in rest["items"]] == [ids[0], MANIFEST["recordingId"]]
    assert rest["continuationToken"] is None
    only = (await kept.door.get(f"{BASE}?sessionId={ids[0].upper()}")).json()["items"]
    assert [item["id"] for item in only] == ids[::-1]
    for wrong in ("limit=0", "limit=1001", "continuationToken=AAAA"):
        assert (await kept.door.get(f"{BASE}?{wrong}")).status_code == 400


async def test_the_manifest_with_the_signed_one_unchanged(kept: Kept) -> None:
    body = (await kept.get("/manifest")).json()
    assert body["signed"] == json.loads((GOLDEN / "manifest.json").read_text())
    assert (body["id"], body["open"], body["durationMs"]) == (MANIFEST["recordingId"], False, 7946)
    assert [segment["number"] for segment in body["segments"]] == [0, 1]
    assert (body["gaps"], body["faults"]) == ([], [])
    assert hashlib.sha256(json.dumps(body["damage"]).encode()).hexdigest() == FACTS["damageSha256"]


async def test_the_data_key_for_players(kept: Kept) -> None:
    answer = await kept.get("/key")
    assert answer.headers["cache-control"] == "no-store"
    keys = kept.door.parts.recording_keys
    key = keys.data_key(MANIFEST["recordingId"])
    assert base64.b64decode(answer.json()["dataKey"]) == key.secret
    assert keys.unwrap(answer.json()["wrappedKey"]).secret == key.secret
    assert answer.json()["cipher"] == "AES-256-GCM"


async def test_events_with_their_time(kept: Kept) -> None:
    items = (await kept.get("/events")).json()["items"]
    assert [item["type"] for item in items] == FACTS["events"]
    assert items[0]["atMs"] == 0
    assert 0 < items[1]["atMs"] <= 7946
    assert "atNs" not in items[0]


async def test_a_segment_whole(kept: Kept) -> None:
    answer = await kept.get("/segments/0")
    assert (answer.status_code, answer.content) == (200, FIRST)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-footlight-open"] == "false"
    assert "immutable" in answer.headers["cache-control"]
    assert "content-range" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={SIZE - 5}-", SIZE - 5, SIZE),
        (f"bytes=5-{SIZE * 2}", 5, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (" bytes = 1-2", 1, 3),
    ],
)
async def test_a_range_of_a_segment(kept: Kept, asked: str, first: int, end: int) -> None:
    answer = await kept.get("/segments/0", Range=asked)
    assert (answer.status_code, answer.content) == (206, FIRST[first:end])
    assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - first)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=999999-1000000", "bytes=-0"])
async def test_a_range_past_the_end_is_416(kept: Kept, asked: str) -> None:
    answer = await kept.get("/segments/0", Range=asked)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-3", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=-", "bytes", "bytes=5"]
)
async def test_a_range_that_is_none_is_400(kept: Kept, asked: str) -> None:
    assert (await kept.get("/segments/0", Range=asked)).status_code == 400


@pytest.mark.parametrize("number", ["2", "x", "-1", "1234567", "..%2Fmanifest.json"])
async def test_no_such_segment(kept: Kept, number: str) -> None:
    assert (await kept.get(f"/segments/{number}")).status_code == 404


async def test_verification_is_against_the_sites_key_and_the_last_head(kept: Kept) -> None:
    verdict = (await kept.get("/verification")).json()
    assert (verdict["status"], verdict["findings"]) == ("verified", [])
    # The catalogue knows a head that is not there: the tail was cut.
    await kept.change(head="ab" * 32)
    assert (await kept.get("/verification")).json()["status"] != "verified"


def rgb_sha256(png: bytes) -> str:
    return hashlib.sha256(
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).tobytes()
    ).hexdigest()


@pytest.mark.parametrize("moment", FACTS["moments"][1:5:3], ids=lambda m: str(m["atNs"]))
async def test_a_frame_is_the_picture_of_its_moment(kept: Kept, moment: dict[str, Any]) -> None:
    answer = await kept.get(f"/frame?at={moment['atNs'] / 1e9}")
    assert answer.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (moment["width"], moment["height"])
    assert rgb_sha256(answer.content) == moment["rgbSha256"]


async def test_after_the_end_the_last_picture_and_nonsense_is_400(kept: Kept) -> None:
    late, last = await kept.get("/frame?at=99999"), await kept.get("/frame?at=7.946")
    assert late.content == last.content
    for wrong in ("-1", "nan", "inf", "1e10", "soon"):
        assert (await kept.get(f"/frame?at={wrong}")).status_code == 400


async def test_a_contact_sheet(kept: Kept) -> None:
    answer = await kept.get("/contact-sheet?count=4")
    assert answer.headers["content-type"] == "image/png"
    sheet = Image.open(io.BytesIO(answer.content))
    assert sheet.width > 400
    assert len(np.unique(np.asarray(sheet.convert("RGB")).reshape(-1, 3), axis=0)) > 10
    for wrong in ("0", "49", "x"):
        assert (await kept.get(f"/contact-sheet?count={wrong}")).status_code == 400


async def test_an_open_segment_is_read_from_its_host(kept: Kept) -> None:
    """A recording whose host is silent is 503; what is sealed is given all the same."""
    await kept.change(status="recording")
    assert (await kept.get("/segments/0")).status_code == 200
    assert (await kept.get("/segments/2")).status_code == 503
    assert (await kept.get("/manifest")).status_code == 503


async def test_growth_is_waited_for(kept: Kept) -> None:
    await kept.change(status="recording")
    sealed = await kept.get("/segments/0?wait=20", Range="bytes=0-3")
    assert (sealed.status_code, len(sealed.content)) == (206, 4)
    for wait in ("-1", "21", "nan", "soon"):
        assert (await kept.get(f"/segments/0?wait={wait}")).status_code == 400, wait


async def test_recordings_are_not_for_the_recorded(kept: Kept) -> None:
    headers = await kept.door.sign_in_as("ada")
    client = kept.door.client
    assert (await client.get(BASE, headers=headers)).json()["items"] == []
    parts = ("", "/manifest", "/events", "/segments/0", "/verification", "/frame", "/contact-sheet")
    for part in parts:
        assert (await client.get(kept.url + part, headers=headers)).status_code == 404, part
    assert (await client.post(f"{kept.url}/export", headers=headers)).status_code == 404
    for part in parts:
        assert (await client.get(kept.url + part)).status_code == 401, part
        assert (await kept.door.get(f"{BASE}/{new_guid()}{part}")).status_code == 404


async def test_without_a_picture_there_is_none(door: Any) -> None:
    one = new_guid()
    await row(door, id=one)
    for part in ("/frame", "/contact-sheet"):
        assert (await door.get(f"{BASE}/{one}{part}")).status_code == 404
