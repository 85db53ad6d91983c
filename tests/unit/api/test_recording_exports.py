from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

from tests.unit.api.test_recordings import MANIFEST, Kept
from tests.unit.api.test_recordings import kept as kept  # the fixture

from footlight.recording.evidence import FACTS, extract


async def ended(kept: Kept, job_url: str) -> dict[str, Any]:
    for _ in range(3000):
        job: dict[str, Any] = (await kept.door.get(job_url)).json()
        if job["state"] != "running":
            break
        await asyncio.sleep(0.01)
    return job


async def test_an_export_from_job_to_film(kept: Kept) -> None:
    begun = await kept.door.post(f"{kept.url}/export")
    assert begun.status_code == 202
    job_url = f"/footlight/v1/jobs/{begun.json()['jobId']}"
    assert begun.headers["location"] == f"https://site.test{job_url}"
    job = await ended(kept, job_url)
    assert (job["state"], job["objectId"]) == ("done", MANIFEST["recordingId"])
    film = await kept.door.get(job["resultPath"])
    assert film.content[4:8] == b"ftyp"


async def test_an_evidence_file_holds_the_recording_and_who_opened_it(
    kept: Kept, tmp_path: Path
) -> None:
    player = kept.door.parts.console_dir / "evidence"
    player.mkdir(parents=True)
    (player / "player.js").write_text("const a = 1;")
    assert (await kept.get("/manifest")).status_code == 200  # an opening
    begun = await kept.door.post(f"{kept.url}/export", json={"kind": "evidence"})
    assert begun.status_code == 202, begun.text
    job = await ended(kept, f"/footlight/v1/jobs/{begun.json()['jobId']}")
    assert job["state"] == "done", job
    made = await kept.door.get(job["resultPath"])
    assert made.headers["content-type"] == "application/octet-stream"
    assert made.headers["content-disposition"].endswith('.html"')
    folder = tmp_path / "files"
    folder.mkdir()
    names = extract(io.BytesIO(made.content), folder)
    assert names == [FACTS, "manifest.json", "000000.flseg", "000001.flseg"]
    facts = json.loads((folder / FACTS).read_text())
    texts = [one["entry"]["text"] for one in facts["openings"]]
    assert [text.partition(" the ")[0] for text in texts] == ["Open", "Export"]


async def test_a_running_one_is_no_evidence_yet(kept: Kept) -> None:
    await kept.change(status="recording")
    refused = await kept.door.post(f"{kept.url}/export", json={"kind": "evidence"})
    assert refused.status_code == 409
    wrong = await kept.door.post(f"{kept.url}/export", json={"kind": "gif"})
    assert wrong.status_code == 400


async def test_without_the_player_the_job_says_so(kept: Kept) -> None:
    begun = await kept.door.post(f"{kept.url}/export", json={"kind": "evidence"})
    job = await ended(kept, f"/footlight/v1/jobs/{begun.json()['jobId']}")
    assert job["state"] == "failed"
    assert "player" in job["error"]
