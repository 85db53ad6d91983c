from __future__ import annotations

from typing import Any

import pytest
from tests.unit.archive.conftest import Archive

from footlight.archive import search
from footlight.archive.listing import Wanted
from footlight.archive.search import Sought
from footlight.errors import Invalid
from footlight.store.schema_keeping import recording_events as _e
from footlight.store.text import fold


async def happened(archive: Archive, recording_id: str, *texts: str, type: str = "window") -> None:
    def write(tx: Any) -> None:
        for at_ms, text in enumerate(texts):
            tx.connection.execute(
                _e.insert().values(
                    recording_id=recording_id,
                    segment=0,
                    at_ms=at_ms,
                    type=type,
                    text=text,
                    folded=fold(text),
                )
            )

    await archive.rooms.store.write(write)


async def texts(
    archive: Archive, *, caller: Any = None, limit: int = 100, **given: Any
) -> list[str]:
    sought = Sought(given.pop("text", None), given.pop("type", None), Wanted(**given))
    found, before = [], 0
    while True:
        rows, more = await archive.rooms.store.read(
            lambda c, at=before: search.page(c, caller or archive.rooms.admin, sought, limit, at)
        )
        found += [row.text for row in rows]
        if not more:
            return found
        before = rows[-1].event_uid


@pytest.mark.parametrize("limit", [1, 100])
async def test_all_words_in_any_case_and_what_else_is_asked(archive: Archive, limit: int) -> None:
    one = await archive.add()
    other = await archive.add(user_name="FOOTLIGHT\\bob")
    await happened(archive, one, "Straße Plan.odt - Writer", "Mail")
    await happened(archive, other, "plan B", "100% sure_")
    await happened(archive, other, "xterm", type="program")
    for given, there in (
        ({"text": "PLAN"}, ["plan B", "Straße Plan.odt - Writer"]),
        ({"text": "writer STRASSE"}, []),
        ({"text": "writer straße"}, ["Straße Plan.odt - Writer"]),
        ({"text": "0%"}, ["100% sure_"]),
        ({"type": "program"}, ["xterm"]),
        ({"text": "plan", "user": "bob"}, ["plan B"]),
        ({"text": "mail", "state": "failed"}, []),
    ):
        assert await texts(archive, limit=limit, **given) == there, given


async def test_only_in_recordings_that_the_caller_sees(archive: Archive) -> None:
    await happened(archive, await archive.add(), "secret")
    ada = archive.rooms.caller(await archive.rooms.account("ada"))
    assert await texts(archive, caller=ada, text="secret") == []


@pytest.mark.parametrize("text", ["x" * 257, "a " * 17, "\0"])
async def test_too_much_is_refused(archive: Archive, text: str) -> None:
    with pytest.raises(Invalid):
        await texts(archive, text=text)
