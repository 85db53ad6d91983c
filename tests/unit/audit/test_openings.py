from __future__ import annotations

from typing import Any

import msgspec
import pytest

from footlight.audit import openings
from footlight.audit.log import Entry
from footlight.audit.openings import Looked, Openings, spans
from footlight.errors import Unavailable
from footlight.store import schema


def look(at: int | None = None, way: str = "player", recording: str = "r1") -> Looked:
    return Looked(recording, "s1", "FOOTLIGHT\\ada", way, "Segments", at)


async def written(rooms: Any) -> list[Entry]:
    query = schema.audit.select().order_by(schema.audit.c.seq)
    rows = await rooms.store.read(lambda c: list(c.execute(query)))
    return [msgspec.json.decode(row.entry, type=Entry) for row in rows]


async def test_an_opening_is_written_at_once_and_its_span_later(rooms: Any) -> None:
    seen = Openings(rooms.store, rooms.clock)
    await seen.note(rooms.admin, look())
    (opened,) = await written(rooms)
    assert (opened.kind, opened.object_id) == ("RecordingViewed", "r1")
    assert opened.text == "Open the recording of FOOTLIGHT\\ada (player)"
    for at in (4, 0, 1, 1, 7, 2):
        await seen.note(rooms.admin, look(at))
    assert len(await written(rooms)) == 1
    await seen.flush()
    span = (await written(rooms))[-1]
    assert span.parameters == {"Way": "player", "SessionId": "s1", "Segments": "0-2, 4, 7"}
    await seen.note(rooms.admin, look(4))
    await seen.flush()
    assert len(await written(rooms)) == 2, "what was told is not told again"


async def test_each_account_way_and_recording_is_a_viewing_of_its_own(rooms: Any) -> None:
    seen = Openings(rooms.store, rooms.clock)
    ada = rooms.caller(await rooms.account("ada"))
    for caller, one in (
        (rooms.admin, look(0)),
        (ada, look(0)),
        (rooms.admin, look(0, "frame")),
        (rooms.admin, look(0, recording="r2")),
    ):
        await seen.note(caller, one)
    entries = await written(rooms)
    assert len({(e.user_name, e.parameters["Way"], e.object_id) for e in entries}) == 4


async def test_after_a_while_without_a_look_it_is_opened_anew(rooms: Any, monkeypatch: Any) -> None:
    seen = Openings(rooms.store, rooms.clock)
    await seen.note(rooms.admin, look(0))
    await seen.note(rooms.admin, look(1))
    monkeypatch.setattr(openings, "VIEWING_ENDS_AFTER_MS", 0)
    await seen.note(rooms.admin, look(0))
    texts = [entry.text.partition(" the")[0] for entry in await written(rooms)]
    assert texts == ["Open", "View", "Open"]


async def test_what_is_left_is_written_at_the_end(rooms: Any) -> None:
    seen = Openings(rooms.store, rooms.clock)
    await seen.start()
    await seen.note(rooms.admin, look(0))
    await seen.note(rooms.admin, look(9))
    await seen.stop()
    assert (await written(rooms))[-1].parameters["Segments"] == "9"


async def test_viewings_are_bounded(rooms: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(openings, "MAX_VIEWINGS", 2)
    seen = Openings(rooms.store, rooms.clock)
    for number in range(4):
        await seen.note(rooms.admin, look(0, recording=f"r{number}"))
    assert len(seen._viewings) == 2
    assert len(await written(rooms)) == 4, "those that are not kept are written all the same"


async def test_what_cannot_be_written_down_is_not_given(rooms: Any, monkeypatch: Any) -> None:
    async def away(_: Any) -> Any:
        raise Unavailable("The database does not answer.")

    seen = Openings(rooms.store, rooms.clock)
    monkeypatch.setattr(rooms.store, "write", away)
    with pytest.raises(Unavailable):
        await seen.note(rooms.admin, look(0))
    monkeypatch.undo()
    await seen.note(rooms.admin, look(0))
    assert len(await written(rooms)) == 1


def test_spans_are_for_people() -> None:
    assert spans([]) == ""
    assert spans([3, 1, 2, 9]) == "1-3, 9"


async def test_hits_of_a_search_are_openings_told_together(rooms: Any) -> None:
    seen = Openings(rooms.store, rooms.clock)

    def hit(recording: str, at: int) -> Looked:
        return Looked(recording, "s1", "FOOTLIGHT\\ada", "search hit", "Seconds", at)

    await seen.note_hits(rooms.admin, [hit("r1", 3), hit("r2", 1), hit("r1", 5)])
    assert [(one.object_id, one.parameters["Seconds"]) for one in await written(rooms)] == [
        ("r1", "3, 5"),
        ("r2", "1"),
    ]
    await seen.note_hits(rooms.admin, [hit("r1", 5), hit("r1", 9)])
    assert len(await written(rooms)) == 2
    await seen.flush()
    assert (await written(rooms))[-1].parameters["Seconds"] == "9"
