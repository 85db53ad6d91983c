from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from footlight.archive import catalogue, listing
from footlight.archive.catalogue import NewRecording
from footlight.archive.listing import Wanted
from footlight.archive.terms import Terms
from footlight.audit.log import Entry
from footlight.broker.decision import LaunchRequest
from footlight.caller import Grant, Permission
from footlight.ids import new_guid
from footlight.store import schema
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
        terms=Terms(notify=True),
    )
    return str(await rooms.store.write(lambda tx: catalogue.open_recording(tx, new)))


def facts(recording_id: str, **changes: Any) -> RecordingFacts:
    given = {"session_id": "s", "status": "recording", "started_at_ms": 5, **changes}
    return RecordingFacts(recording_id=recording_id, **given)


async def page(rooms: Any, caller: Any, limit: int = 10, **wanted: Any) -> tuple[list[str], bool]:
    rows, following = await rooms.store.read(
        lambda c: listing.page(c, caller, Wanted(**wanted), None, limit, None)
    )
    return [row.id for row in rows], following is not None


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


async def heads(rooms: Any) -> list[dict[str, str]]:
    table = schema.audit
    query = table.select().where(table.c.kind == "RecordingHead").order_by(table.c.seq)
    rows = await rooms.store.read(lambda c: list(c.execute(query)))
    return [msgspec.json.decode(row.entry, type=Entry).parameters for row in rows]


async def test_the_audit_chain_gets_the_head_at_start_each_minute_and_at_the_end(
    rooms: Any, monkeypatch: Any
) -> None:
    recording_id = await ordered(rooms, new_guid())

    async def report(**changes: Any) -> int:
        one = facts(recording_id, **changes)
        await rooms.store.write(lambda tx: catalogue.report(tx, [one]))
        return len(await heads(rooms))

    assert await report(status="starting") == 0
    assert await report() == 1
    assert await report(duration_ms=5) == 1
    assert await report(head="ab", sealed_count=1) == 1, "less than a minute ago"
    monkeypatch.setattr(catalogue, "HEAD_EACH_MS", 0)
    assert await report(head="ab", sealed_count=1, duration_ms=6) == 2
    assert await report(head="ab", sealed_count=1, duration_ms=7) == 2, "it has not moved"
    assert await report(status="completed", head="cd", sealed_count=2) == 3
    assert await report(status="completed", head="cd", sealed_count=2) == 3
    told = [(one["Head"], one["SealedSegments"], one["Status"]) for one in await heads(rooms)]
    assert told == [("", "0", "recording"), ("ab", "1", "recording"), ("cd", "2", "completed")]


async def test_scopes_hold_recordings_of_where_the_machine_was_then(rooms: Any) -> None:
    """A machine that has moved to another catalog takes no recording along."""
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.actions.start_recording(rooms.admin, made.session_id, notify=True)
    ada = await rooms.account("ada")
    view = frozenset({Permission.VIEW_RECORDINGS})
    here, there = (rooms.caller(ada, grants=(Grant(view, frozenset({s})),)) for s in "ab")

    def move(tx: Any) -> None:
        run = tx.connection.execute
        old = run(schema.catalogs.select()).one()
        run(schema.catalogs.insert().values(id="new", name="New", zone_id=old.zone_id))
        for scope, catalog in (("a", old.id), ("b", "new")):
            run(schema.scopes.insert().values(id=scope, name=scope))
            run(
                schema.scope_objects.insert().values(
                    scope_id=scope, object_kind="MachineCatalog", object_id=catalog
                )
            )
        run(schema.machines.update().values(catalog_id="new"))

    await rooms.store.write(move)
    ((recording_id,), _) = await page(rooms, rooms.admin)
    assert await page(rooms, here) == ([recording_id], False)
    assert await page(rooms, there) == ([], False)
    for caller, permission, allowed in (
        (here, Permission.VIEW_RECORDINGS, True),
        (here, Permission.EXPORT_RECORDINGS, False),
        (there, Permission.VIEW_RECORDINGS, False),
    ):
        may = await rooms.store.read(
            lambda c, w=caller, p=permission: catalogue.may(c, w, recording_id, p)
        )
        assert may is allowed


async def test_with_separate_duties_nobody_sees_recordings_of_himself(rooms: Any) -> None:
    recording_id = await ordered(rooms, new_guid())
    await rooms.store.write(lambda tx: catalogue.report(tx, [facts(recording_id)]))
    ada = await rooms.account("ada")
    view = (Grant(frozenset({Permission.VIEW_RECORDINGS})),)
    for account, ids in ((rooms.admin_account, []), (ada, [recording_id])):
        caller = replace(rooms.caller(account, grants=view), separate_duties=True)
        assert await page(rooms, caller) == (ids, False)
