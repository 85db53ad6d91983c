from __future__ import annotations

import pytest
from sqlalchemy import select, update
from tests.unit.archive.conftest import KEY, Archive

from footlight.archive import catalogue, deletion, holds
from footlight.audit.tombstone import Signed
from footlight.errors import Conflict, NotFound
from footlight.store import schema
from footlight.store.schema_keeping import recording_events, recording_tombstones
from footlight.wire.host import RecordingFacts


async def bury(archive: Archive, recording_id: str, why: str = "asked for") -> Signed:
    admin, undertaker = archive.rooms.admin, archive.undertaker
    done: Signed = await archive.rooms.store.write(
        lambda tx: undertaker.bury(tx, recording_id, admin, why)
    )
    return done


async def test_a_signed_tombstone_takes_its_place(archive: Archive) -> None:
    recording_id = await archive.add(files=3)
    event = {"segment": 0, "at_ms": 1, "type": "t", "text": "x", "folded": "x"}
    await archive.rooms.store.write(
        lambda tx: tx.connection.execute(
            recording_events.insert().values(recording_id=recording_id, **event)
        )
    )
    signed = await bury(archive, recording_id)
    assert signed.holds(KEY.public_key().public_bytes_raw())
    said = signed.read()
    assert (said.recording_id, said.head, said.why) == (recording_id, "ab" * 32, "asked for")
    assert (said.deleted_by, said.size_bytes) == (archive.rooms.admin.user_name, 100)
    assert await archive.row(recording_id) is None
    left = await archive.rooms.store.read(lambda c: list(c.execute(select(recording_events.c.uid))))
    assert left == []
    assert len(await archive.keys(recording_id)) == 4  # they go after the tombstone stands
    (entry,) = await archive.entries("RecordingDeleted")
    assert signed.digest in entry.entry
    pending = await archive.rooms.store.read(lambda c: deletion.unfinished(c, 9))
    assert pending == [recording_id]
    for _ in range(2):
        await deletion.remove_files(archive.rooms.store, archive.objects, recording_id)
        assert await archive.keys(recording_id) == []
    assert await archive.rooms.store.read(lambda c: deletion.unfinished(c, 9)) == []


async def test_what_runs_or_is_held_stays(archive: Archive) -> None:
    recording_id = await archive.add()
    row = await archive.row(recording_id)
    hold = await archive.rooms.store.write(
        lambda tx: holds.place(tx, archive.rooms.admin, row, "case")
    )
    with pytest.raises(Conflict, match="legal hold"):
        await bury(archive, recording_id)
    await archive.rooms.store.write(lambda tx: holds.release(tx, archive.rooms.admin, row, hold.id))
    running = update(schema.recordings).values(status="recording")
    await archive.rooms.store.write(lambda tx: tx.connection.execute(running))
    with pytest.raises(Conflict, match="not ended"):
        await bury(archive, recording_id)
    with pytest.raises(NotFound):
        await bury(archive, "0" * 36)
    assert await archive.row(recording_id) is not None
    assert len(await archive.keys(recording_id)) == 2


async def test_a_host_may_forget_a_deleted_recording(archive: Archive) -> None:
    recording_id = await archive.add()
    await bury(archive, recording_id)
    late = RecordingFacts(recording_id=recording_id, session_id="s", status="completed")
    known = await archive.rooms.store.write(lambda tx: catalogue.report(tx, [late]))
    assert known == {recording_id}
    assert await archive.row(recording_id) is None


async def test_what_is_not_stored_yet_is_waited_for(archive: Archive) -> None:
    recording_id = await archive.add()
    row, now_ms = await archive.row(recording_id), archive.clock.now_ms()
    await deletion.require_stored(archive.objects, row, now_ms)
    await archive.objects.delete(f"{recording_id}/manifest.json")
    with pytest.raises(Conflict, match="not stored all"):
        await deletion.require_stored(archive.objects, row, now_ms)
    late_ms = now_ms + deletion.UPLOAD_PATIENCE_MS + 1
    await deletion.require_stored(archive.objects, row, late_ms)


async def test_a_tombstone_is_one(archive: Archive) -> None:
    recording_id = await archive.add()
    await bury(archive, recording_id)
    query = select(recording_tombstones.c.recording_id)
    assert await archive.rooms.store.read(lambda c: list(c.execute(query).scalars())) == [
        recording_id
    ]
    with pytest.raises(NotFound):
        await bury(archive, recording_id)
