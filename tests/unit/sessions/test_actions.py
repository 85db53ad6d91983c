from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from footlight.broker.decision import LaunchRequest
from footlight.ids import new_guid
from footlight.sessions import actions, queries
from footlight.store import schema
from footlight.store.store import Tx
from footlight.telemetry.origin import Origin

_s = schema.sessions


async def launched(rooms: Any, **columns: Any) -> str:
    """A running session that no host is asked about any more."""
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    rooms.host.silent = True
    if columns:
        change = update(_s).where(_s.c.id == made.session_id).values(**columns)
        await rooms.store.write(lambda tx: tx.connection.execute(change) and None)
    return str(made.session_id)


async def row(rooms: Any, session_id: str) -> Any:
    return await rooms.store.read(lambda c: queries.row(c, session_id))


async def changed(rooms: Any, session_id: str, write: Any) -> tuple[Any, Any, Any]:
    """(what the write gave, row before, row after); a write that changes the row says so."""
    before = await row(rooms, session_id)
    count = select(func.count()).where(schema.outbox.c.object_id == session_id)
    told = await rooms.store.read(lambda c: c.execute(count).scalar())
    given = await rooms.store.write(write)
    after = await row(rooms, session_id)
    news = await rooms.store.read(lambda c: c.execute(count).scalar()) - told
    assert news == after.generation - before.generation
    return given, before, after


async def test_an_end_is_wanted_once(rooms: Any) -> None:
    one = await launched(rooms)
    _, before, after = await changed(rooms, one, lambda tx: actions.want_end(tx, one, "why"))
    assert (after.wanted, after.wanted_end_reason) == ("end", "why")
    assert after.generation == before.generation + 1
    _, before, after = await changed(rooms, one, lambda tx: actions.want_end(tx, one, "other"))
    assert (after.generation, after.wanted_end_reason) == (before.generation, "why")


async def test_an_end_that_has_not_begun_can_be_withdrawn(rooms: Any) -> None:
    one = await launched(rooms)
    await rooms.store.write(lambda tx: actions.want_end(tx, one, "why"))
    _, _, after = await changed(rooms, one, lambda tx: actions.withdraw_end(tx, one))
    assert (after.wanted, after.wanted_end_reason) == ("run", None)


async def test_an_end_that_has_begun_cannot_be_withdrawn(rooms: Any) -> None:
    one = await launched(rooms, phase="ending", wanted="end")
    _, before, after = await changed(rooms, one, lambda tx: actions.withdraw_end(tx, one))
    assert (after.wanted, after.generation) == ("end", before.generation)


async def test_nobody_is_disconnected_where_nobody_is(rooms: Any) -> None:
    one = await launched(rooms)
    given, before, after = await changed(rooms, one, lambda tx: actions.want_disconnect(tx, one))
    assert given is None
    assert after.generation == before.generation
    assert await rooms.store.write(lambda tx: actions.want_disconnect(tx, new_guid())) is None


async def test_a_disconnect_is_counted_and_can_be_withdrawn_until_answered(rooms: Any) -> None:
    one = await launched(rooms, state="Active")
    given, _, after = await changed(rooms, one, lambda tx: actions.want_disconnect(tx, one))
    assert given == after.wanted_disconnects == 1
    # Withdrawn under another count: a later call's, left alone.
    _, _, after = await changed(rooms, one, lambda tx: actions.withdraw_disconnect(tx, one, 2))
    assert after.wanted_disconnects == 1
    _, _, after = await changed(rooms, one, lambda tx: actions.withdraw_disconnect(tx, one, 1))
    assert after.wanted_disconnects == 0


async def test_an_answered_disconnect_stays(rooms: Any) -> None:
    one = await launched(rooms, state="Active", wanted_disconnects=1, disconnects=1)
    _, _, after = await changed(rooms, one, lambda tx: actions.withdraw_disconnect(tx, one, 1))
    assert after.wanted_disconnects == 1


async def test_one_recording_or_none_is_wanted(rooms: Any) -> None:
    one, recording = await launched(rooms), new_guid()
    for wanted, steps in ((recording, 1), (recording, 0), (None, 1), (None, 0)):
        write = lambda tx, wanted=wanted: actions.want_recording(tx, one, wanted)  # noqa: E731
        _, before, after = await changed(rooms, one, write)
        assert after.wanted_recording_id == wanted
        assert after.generation - before.generation == steps


async def test_only_what_no_host_has_reported_is_settled(rooms: Any) -> None:
    one = await launched(rooms)
    _, before, after = await changed(rooms, one, lambda tx: actions.settle_unstarted(tx, one, "x"))
    assert after == before
    change = update(_s).where(_s.c.id == one).values(phase="ordered", established_at_ms=None)
    await rooms.store.write(lambda tx: tx.connection.execute(change) and None)
    _, _, after = await changed(rooms, one, lambda tx: actions.settle_unstarted(tx, one, "silence"))
    assert (after.phase, after.wanted, after.end_reason) == ("ended", "end", "silence")
    assert after.ended_at_ms is not None


async def test_rows_are_kept_for_a_day_after_the_end(rooms: Any) -> None:
    one = await launched(rooms, ended_at_ms=1000)

    def forget(at_ms: int) -> Any:
        def write(tx: Any) -> None:
            tx.now_ms = at_ms
            actions.forget_old(tx)

        return rooms.store.write(write)

    await forget(1000 + actions.KEPT_AFTER_END_MS)
    assert await row(rooms, one) is not None
    await forget(1001 + actions.KEPT_AFTER_END_MS)
    assert await row(rooms, one) is None


async def test_what_is_wanted_is_kept_with_the_request_that_wanted_it(rooms: Any) -> None:
    session_id = await launched(rooms)
    assert (await row(rooms, session_id)).wanted_transaction is None

    def want(tx: Tx) -> None:
        tx.origin = Origin("t1", "00-a-b-01")
        actions.want_end(tx, session_id, "enough")

    await rooms.store.write(want)
    kept = await row(rooms, session_id)
    assert (kept.wanted_transaction, kept.wanted_trace) == ("t1", "00-a-b-01")
    await rooms.store.write(lambda tx: actions.order_again(tx, session_id))
    assert (await row(rooms, session_id)).wanted_transaction is None
