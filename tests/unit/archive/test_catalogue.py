from __future__ import annotations

from typing import Any

from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.ids import new_guid
from footlight.wire.host import RecordingFacts


async def ordered(rooms: Any, session_id: str) -> str:
    new = NewRecording(
        session_id=session_id,
        account_id=rooms.admin.account_id,
        user_name="FOOTLIGHT\\admin",
        machine_id="m",
        machine_name="FOOTLIGHT\\DESK1",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="FOOTLIGHT\\admin",
        notify=True,
    )
    return str(await rooms.store.write(lambda tx: catalogue.open_recording(tx, new)))


def facts(recording_id: str, **changes: Any) -> RecordingFacts:
    given = {"session_id": "s", "status": "recording", "started_at_ms": 5, **changes}
    return RecordingFacts(recording_id=recording_id, **given)


async def page(rooms: Any, caller: Any, **options: Any) -> tuple[list[str], bool]:
    given = {"session_id": None, "limit": 10, "before_uid": 0, **options}
    rows, more = await rooms.store.read(lambda c: catalogue.page(c, caller, **given))
    return [row.id for row in rows], more


async def test_listed_from_the_first_key_frame_on_newest_first(rooms: Any) -> None:
    session = new_guid()
    ids = [await ordered(rooms, session) for _ in range(3)]
    assert await page(rooms, rooms.admin) == ([], False)
    for recording_id in ids:
        await rooms.store.write(lambda tx, i=recording_id: catalogue.report(tx, [facts(i)]))
    assert await page(rooms, rooms.admin) == (ids[::-1], False)
    assert await page(rooms, rooms.admin, limit=2) == ([ids[2], ids[1]], True)
    assert await page(rooms, rooms.admin, session_id=new_guid()) == ([], False)


async def test_a_final_row_never_changes(rooms: Any) -> None:
    recording_id = await ordered(rooms, new_guid())
    done = facts(recording_id, status="completed", ended_at_ms=9, head="ab")
    await rooms.store.write(lambda tx: catalogue.report(tx, [done]))
    late = facts(recording_id, status="recording", head="cd")
    assert await rooms.store.write(lambda tx: catalogue.report(tx, [late]))
    row = await rooms.store.read(lambda c: catalogue.row(c, recording_id))
    assert (row.status, row.head) == ("completed", "ab")


async def test_the_last_head_is_never_lost(rooms: Any) -> None:
    recording_id = await ordered(rooms, new_guid())
    await rooms.store.write(lambda tx: catalogue.report(tx, [facts(recording_id, head="ab")]))
    await rooms.store.write(
        lambda tx: catalogue.report(tx, [facts(recording_id, status="starting", head=None)])
    )
    row = await rooms.store.read(lambda c: catalogue.row(c, recording_id))
    assert (row.status, row.head) == ("starting", "ab")


async def test_an_unknown_recording_is_said_to_be_unknown(rooms: Any) -> None:
    assert not await rooms.store.write(lambda tx: catalogue.report(tx, [facts(new_guid())]))


async def test_who_may_not_view_sees_none(rooms: Any) -> None:
    recording_id = await ordered(rooms, new_guid())
    await rooms.store.write(lambda tx: catalogue.report(tx, [facts(recording_id)]))
    ada = rooms.caller(await rooms.account("ada"))
    assert await page(rooms, ada) == ([], False)
    assert await rooms.store.read(lambda c: catalogue.get(c, ada, recording_id)) is None
