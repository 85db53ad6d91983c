from __future__ import annotations

from typing import Any

import msgspec
import pytest

from footlight.archive import catalogue, markers
from footlight.archive.catalogue import NewRecording
from footlight.archive.markers import NewMarker
from footlight.archive.terms import Terms
from footlight.audit.log import Entry
from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.ids import new_guid
from footlight.store import schema


@pytest.fixture
async def recording(rooms: Any) -> Any:
    new = NewRecording(
        session_id=new_guid(),
        account_id=rooms.admin.account_id,
        user_name="FOOTLIGHT\\admin",
        machine_id="m",
        machine_name="FOOTLIGHT\\DESK1",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="FOOTLIGHT\\admin",
        terms=Terms(notify=True),
    )
    recording_id = await rooms.store.write(lambda tx: catalogue.open_recording(tx, new))
    return await rooms.store.read(lambda c: catalogue.row(c, recording_id))


async def add(rooms: Any, caller: Any, recording: Any, at_ms: int, text: str) -> Any:
    new = NewMarker(recording, at_ms, "marker", text)
    return await rooms.store.write(lambda tx: markers.add(tx, caller, new))


async def texts(rooms: Any, recording: Any) -> list[str]:
    rows = await rooms.store.read(lambda c: markers.every(c, recording.id))
    return [row.text for row in rows]


async def test_by_their_moments_with_their_author(rooms: Any, recording: Any) -> None:
    await add(rooms, rooms.admin, recording, 500, "later")
    first = await add(rooms, rooms.admin, recording, 100, "first")
    assert await texts(rooms, recording) == ["first", "later"]
    assert (first.author, first.account_id) == (rooms.admin.user_name, rooms.admin.account_id)
    assert first.changed_at_ms is None


async def test_each_change_is_audited_and_told(rooms: Any, recording: Any) -> None:
    made = await add(rooms, rooms.admin, recording, 100, "private words")
    one = recording
    await rooms.store.write(lambda tx: markers.change(tx, rooms.admin, one, made.id, "others"))
    await rooms.store.write(lambda tx: markers.delete(tx, rooms.admin, one, made.id))
    rows = await rooms.store.read(lambda c: list(c.execute(schema.audit.select())))
    acts = [msgspec.json.decode(row.entry, type=Entry) for row in rows]
    acts = [act for act in acts if act.parameters.get("MarkerId") == made.id]
    assert [act.text.split(" the ")[0] for act in acts] == [
        "Mark",
        "Change a marker in",
        "Delete a marker in",
    ]
    assert {act.object_id for act in acts} == {recording.id}
    told = await rooms.store.read(lambda c: list(c.execute(schema.outbox.select())))
    assert [row.object_id for row in told if row.kind == "recording"].count(recording.id) == 3


async def test_own_ones_are_changed_and_others_deleted_with_the_right_alone(
    rooms: Any, recording: Any
) -> None:
    made = await add(rooms, rooms.admin, recording, 100, "of the administrator")
    ada = await rooms.account("ada")
    view, delete = Permission.VIEW_RECORDINGS, Permission.DELETE_RECORDINGS
    viewer = rooms.caller(ada, grants=(Grant(frozenset({view}), None),))
    keeper = rooms.caller(ada, grants=(Grant(frozenset({view, delete}), None),))
    one = recording
    for caller in (viewer, keeper):
        with pytest.raises(Forbidden):
            await rooms.store.write(lambda tx, c=caller: markers.change(tx, c, one, made.id, "x"))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: markers.delete(tx, viewer, one, made.id))
    await rooms.store.write(lambda tx: markers.delete(tx, keeper, one, made.id))
    assert await texts(rooms, recording) == []
    assert await rooms.store.read(lambda c: markers.known(c, one.id)) == {made.id}
    with pytest.raises(NotFound):
        await rooms.store.write(lambda tx: markers.delete(tx, keeper, one, made.id))


async def test_not_of_another_recording(rooms: Any, recording: Any) -> None:
    made = await add(rooms, rooms.admin, recording, 100, "here")
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: markers.one(c, new_guid(), made.id))


async def test_not_too_many(rooms: Any, recording: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markers, "MOST_MARKERS", 2)
    await add(rooms, rooms.admin, recording, 1, "a")
    await add(rooms, rooms.admin, recording, 2, "b")
    with pytest.raises(Conflict):
        await add(rooms, rooms.admin, recording, 3, "c")
