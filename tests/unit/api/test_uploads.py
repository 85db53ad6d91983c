from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.granted import GrantedObjects
from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.archive.terms import Terms
from footlight.archive.uploads import Uploads
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Conflict, NotFound
from footlight.wire.uploads import Upload

MACHINE_ID = "11111111-1111-4111-8111-111111111111"
DATA = b"a segment" * 1000


def ticket(door: Any, data: bytes = DATA) -> str:
    upload = Upload(
        recording_id="r",
        name="000000.flseg",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        md5="",
    )
    return str(door.parts.entrance.leave("r/000000.flseg", upload).url)


async def test_a_ticket_is_all_that_a_put_needs(door: Any) -> None:
    url = ticket(door)
    assert (await door.client.put(url, content=DATA)).status_code == 204
    assert await door.parts.jobs._objects.get("r/000000.flseg") == DATA
    assert (await door.client.put(url, content=DATA)).status_code == 409


@pytest.fixture
async def granted(door: Any) -> AsyncIterator[GrantedObjects]:
    """A host at the other end: its bus in process, its HTTP straight into the application."""
    bus = InProcessBus()
    uploads = Uploads(door.parts.store, door.parts.entrance)
    await bus.serve_hosts(subjects.UPLOADS, uploads.answer)
    made = GrantedObjects(bus, MACHINE_ID, str(door.client.base_url))
    await made._site.aclose()
    made._site = door.client
    yield made
    await made._store.aclose()
    await bus.close()


async def recording_of(door: Any, machine_id: str) -> str:
    new = NewRecording(
        session_id="s",
        account_id=door.rooms.admin.account_id,
        user_name="FOOTLIGHT\\admin",
        machine_id=machine_id,
        machine_name="FOOTLIGHT\\DESK1",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="FOOTLIGHT\\admin",
        terms=Terms(notify=True),
    )
    return str(await door.parts.store.write(lambda tx: catalogue.open_recording(tx, new)))


async def test_a_host_puts_its_recording_by_leave_and_no_other(
    door: Any, granted: GrantedObjects, tmp_path: Path
) -> None:
    own = await recording_of(door, MACHINE_ID)
    source = tmp_path / "000000.flseg"
    source.write_bytes(DATA)
    for _ in range(2):  # once more after an answer that was lost
        await granted.put_file(f"{own}/000000.flseg", source)
    assert await door.parts.jobs._objects.get(f"{own}/000000.flseg") == DATA
    source.write_bytes(DATA[::-1])
    with pytest.raises(Conflict):
        await granted.put_file(f"{own}/000000.flseg", source)
    other = await recording_of(door, "another")
    with pytest.raises(NotFound):
        await granted.put_file(f"{other}/000000.flseg", source)


async def test_other_bytes_and_bad_tickets_are_refused(door: Any) -> None:
    url = ticket(door)
    assert (await door.client.put(url, content=DATA[1:])).status_code == 400
    assert (await door.client.put(url, content=DATA + b"x")).status_code == 400
    assert (await door.client.put(url[:-8], content=DATA)).status_code == 404
    assert (await door.client.put(f"{url}x", content=DATA)).status_code == 404
    assert (await door.client.put(url, content=DATA)).status_code == 204
