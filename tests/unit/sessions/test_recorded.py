from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, select, update

from footlight.broker.decision import LaunchRequest
from footlight.caller import Caller, Grant, Permission
from footlight.errors import Invalid
from footlight.ids import new_guid
from footlight.policies import reasons
from footlight.sessions import queries, search
from footlight.sessions.moments import Moment
from footlight.sessions.positions import read_position, write_position
from footlight.store import schema, sight
from footlight.wire.rest.search import SearchFilter, SearchRequest, SearchSort

_s = schema.sessions
_y = schema.recording_reasons

# By session: is it live, with notice, how does it go.
STATES: tuple[tuple[bool, bool, str] | None, ...] = (
    None,
    (True, True, "recording"),
    (True, False, "recording"),
    (False, True, "failed"),
    (True, True, "delayed"),
    (False, False, "refused"),
)


@pytest.fixture
async def crowd(rooms: Any) -> Any:
    """Sessions of the administrator as STATES says, by uid."""
    rows = []
    for _ in STATES:
        made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Terminal", new=True))
        rows.append(await rooms.store.read(lambda c, of=made: queries.row(c, of.session_id)))

    rooms.host.silent = True

    def write(tx: Any) -> None:
        for row, state in zip(rows, STATES, strict=True):
            if state is not None:
                live, notify, health = state
                reasons.call(tx, row, "EX\\boss", notify=notify)
                _set(tx, _s, _s.c.id == row.id, recording_live=live)
                _set(tx, _y, _y.c.session_id == row.id, health=health)

    await rooms.store.write(write)
    return SimpleNamespace(rooms=rooms, store=rooms.store, uids=[row.uid for row in rows])


def _set(tx: Any, table: Any, of: Any, **values: Any) -> None:
    tx.connection.execute(update(table).where(of).values(**values))


def asked(*filters: tuple[str, str, str], sort: str | None = None) -> SearchRequest:
    return SearchRequest(
        search_filters=[SearchFilter(property=p, operator=o, value=v) for p, o, v in filters],
        sort_criteria=SearchSort(property=sort, sort_direction="Descending") if sort else None,
    )


async def found(crowd: Any, request: SearchRequest, who: Caller | None = None) -> list[int]:
    """The places in STATES of what is found."""
    caller = who or crowd.rooms.admin
    wanted = search.translate_own(request, caller, Moment(crowd.rooms.clock.now_ms(), UTC))
    page = await crowd.store.read(lambda c: search.page(c, caller, wanted, 100))
    assert page.total == len(page.uids)
    return [crowd.uids.index(uid) for uid in page.uids]


async def test_those_that_are_recorded_and_those_that_are_not(crowd: Any) -> None:
    assert await found(crowd, asked(("Recording", "Equals", "true"))) == [1, 2, 4]
    assert await found(crowd, asked(("Recording", "Equals", "false"))) == [0, 3, 5]
    assert await found(crowd, asked(("recording", "NotEquals", "true"))) == [0, 3, 5]


async def test_how_the_recordings_go(crowd: Any) -> None:
    bad = ("RecordingHealth", "In", "delayed,failed,refused")
    assert await found(crowd, asked(bad)) == [3, 4, 5]
    assert await found(crowd, asked(("RecordingHealth", "Equals", "Recording"))) == [1, 2]
    assert await found(crowd, asked(("RecordingHealth", "None", ""))) == [0]
    assert await found(crowd, asked(bad, ("Recording", "Equals", "true"))) == [4]
    with pytest.raises(Invalid, match="is not one of starting"):
        await found(crowd, asked(("RecordingHealth", "Equals", "ill")))


async def test_what_is_worst_comes_first(crowd: Any) -> None:
    assert await found(crowd, asked(sort="RecordingHealth")) == [5, 3, 4, 1, 2, 0]
    assert await found(crowd, asked(sort="Recording")) == [1, 2, 4, 0, 3, 5]


async def test_pages_of_the_sorted_hold_each_once(crowd: Any) -> None:
    caller = crowd.rooms.admin
    request = asked(sort="RecordingHealth")
    wanted = search.translate_own(request, caller, Moment(crowd.rooms.clock.now_ms(), UTC))
    uids: list[int] = []
    after = None
    while len(uids) < len(STATES):
        page = await crowd.store.read(
            lambda c, since=after: search.page(c, caller, wanted, 2, after=since)
        )
        assert page.total == len(STATES)
        uids += page.uids
        if page.end is None:
            break
        after = read_position(b"key", wanted, write_position(b"key", wanted, page.end))
    assert [crowd.uids.index(uid) for uid in uids] == [5, 3, 4, 1, 2, 0]


async def test_a_silent_machine_records_nothing_that_anybody_knows(crowd: Any) -> None:
    await crowd.store.write(
        lambda tx: tx.connection.execute(schema.machines.update().values(registered=False))
    )
    assert await found(crowd, asked(("Recording", "Equals", "true"))) == []
    assert await found(crowd, asked(("RecordingHealth", "Equals", "delayed"))) == [4]


async def test_without_notice_is_told_to_who_may_record_there(crowd: Any) -> None:
    """Neither found nor told by the order."""
    scope = new_guid()
    everywhere = Grant(frozenset({Permission.SESSION_READ}), None)
    there = Grant(frozenset({Permission.RECORD}), frozenset({scope}))
    admin = crowd.rooms.admin
    for who in (replace(admin, grants=(everywhere,)), replace(admin, grants=(everywhere, there))):
        assert await found(crowd, asked(("Recording", "Equals", "true")), who) == [1, 4]
        assert await found(crowd, asked(("Recording", "Equals", "false")), who) == [0, 2, 3, 5]
        assert await found(crowd, asked(("RecordingHealth", "None", "")), who) == [0, 2, 5]
        assert await found(crowd, asked(sort="RecordingHealth"), who) == [3, 4, 1, 0, 2, 5]

    def hold(tx: Any) -> None:
        run = tx.connection.execute
        catalog = run(select(schema.machines.c.catalog_id)).scalar()
        run(schema.scopes.insert().values(id=scope, name="Scope"))
        held = {"scope_id": scope, "object_kind": sight.CATALOG, "object_id": catalog}
        run(schema.scope_objects.insert().values(held))

    await crowd.store.write(hold)
    assert await found(crowd, asked(("Recording", "Equals", "true")), who) == [1, 2, 4]
    assert await found(crowd, asked(sort="RecordingHealth"), who) == [5, 3, 4, 1, 2, 0]


async def test_the_narrow_rows_alone_are_read(crowd: Any) -> None:
    """No other table is joined where all machines are heard of: 100,000 sessions are looked through soon."""
    plans: list[str] = []

    def read(connection: Any) -> None:
        @event.listens_for(connection, "before_cursor_execute")
        def said(_: Any, __: Any, statement: str, *___: Any) -> None:
            plans.append(statement)

        caller = crowd.rooms.admin
        request = asked(("Recording", "Equals", "true"), sort="RecordingHealth")
        wanted = search.translate_own(request, caller, Moment(crowd.rooms.clock.now_ms(), UTC))
        search.page(connection, caller, wanted, 100)

    await crowd.store.read(read)
    of_sessions = [text for text in plans if "session_keys" in text]
    assert of_sessions
    assert all(text.count("FROM") == 1 and "JOIN" not in text for text in of_sessions)
