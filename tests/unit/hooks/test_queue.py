from __future__ import annotations

import time
from typing import Any

import pytest

from footlight.hooks import queue
from footlight.hooks.delivery import Outcome
from footlight.hooks.queue import Done
from footlight.store import outbox, schema

URL = "https://hooks.test/x"
DAY_MS = 86_400_000


AT_MS = int(time.time() * 1000)


def done(told: Any, error: str | None = None) -> Done:
    return Done(told, Outcome(500 if error else 200, error, 3), AT_MS)


async def look(hooks: Any, made: Any, after: int = 0, now_ms: int | None = None) -> Any:
    at_ms = hooks.rooms.clock.now_ms() if now_ms is None else now_ms
    return await hooks.rooms.store.read(
        lambda c: queue.due(c, hooks.courier.holder, made.id, after, at_ms)
    )


async def test_what_changed_after_the_position_is_due_in_order(hooks: Any) -> None:
    await hooks.emit(("tag", "before"))
    made = await hooks.make(URL, "tag", "zone")
    await hooks.emit(("tag", "t1"), ("session", "s1"), ("zone", "z1"))
    found = await look(hooks, made)
    assert [(one.event, one.object_id) for one in found.told] == [("tag", "t1"), ("zone", "z1")]
    assert not found.more
    assert found.last == found.told[-1].seq
    again = await look(hooks, made, after=found.told[0].seq)
    assert [one.object_id for one in again.told] == ["z1"]
    assert again.told[0].id == found.told[1].id


async def test_a_webhook_without_kinds_is_told_all_that_its_maker_sees(hooks: Any) -> None:
    made = await hooks.make(URL)
    await hooks.emit(("tag", "t1"), ("job", "of another"), ("storefront", "f1"))
    found = await look(hooks, made)
    kinds = [one.event for one in found.told]
    assert kinds[-2:] == ["tag", "storefront"]
    assert "job" not in kinds


async def test_who_may_not_keep_webhooks_any_more_is_told_nothing(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    await hooks.emit(("tag", "t1"))
    nobody = hooks.rooms.caller(await hooks.rooms.account("ada"))
    for holder in (lambda *_: None, lambda *_: nobody):
        found = await hooks.rooms.store.read(
            lambda c, holder=holder: queue.due(c, holder, made.id, 0, 0)
        )
        assert not found.told
        assert found.stop
    await hooks.rooms.store.write(lambda tx: queue.stop(tx, found.row, found.stop))
    row = await hooks.row(made)
    assert (row.enabled, row.stopped_reason) == (False, found.stop)
    assert await look(hooks, made) is None
    assert made.id not in await hooks.rooms.store.read(queue.enabled)


async def test_changes_that_are_forgotten_are_a_gap(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    for number in range(4):
        await hooks.emit(("tag", f"t{number}"))
    await hooks.rooms.store.write(lambda tx: outbox.forget(tx, 2**50))
    found = await look(hooks, made)
    gap, last = found.told
    assert (gap.event, gap.missed_after) == ("gap", made.position)
    assert (gap.seq, last.object_id) == (last.seq - 1, "t3")
    assert (await look(hooks, made)).told[0].id == gap.id
    await hooks.rooms.store.write(lambda tx: queue.delivered(tx, made.id, gap.seq, [done(gap)]))
    assert [one.event for one in (await look(hooks, made)).told] == ["tag"]


async def test_what_was_taken_is_not_due_again(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    await hooks.emit(("tag", "t1"), ("tag", "t2"))
    first, second = (await look(hooks, made)).told
    await hooks.rooms.store.write(lambda tx: queue.delivered(tx, made.id, first.seq, [done(first)]))
    assert [one.id for one in (await look(hooks, made)).told] == [second.id]
    (kept,) = await hooks.deliveries(made)
    assert (kept.id, kept.delivered, kept.attempts, kept.status) == (first.id, True, 1, 200)
    assert (await hooks.row(made)).delivered_at_ms == AT_MS


async def test_a_failure_is_due_again_later_and_counted(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    await hooks.emit(("tag", "t1"))
    (told,) = (await look(hooks, made)).told
    for _ in range(2):
        await hooks.rooms.store.write(
            lambda tx: queue.failed(tx, made.id, done(told, "answered 500"), 1.0, 3)
        )
    row = await hooks.row(made)
    assert (row.failures, row.failing_since_ms) == (2, AT_MS)
    assert await look(hooks, made, now_ms=row.next_attempt_ms - 1) is None
    assert (await look(hooks, made, now_ms=row.next_attempt_ms)).told[0].id == told.id
    (kept,) = await hooks.deliveries(made)
    assert (kept.attempts, kept.delivered, kept.error) == (2, False, "answered 500")
    await hooks.rooms.store.write(lambda tx: queue.delivered(tx, made.id, told.seq, [done(told)]))
    row = await hooks.row(made)
    assert (row.failures, row.failing_since_ms, row.next_attempt_ms) == (0, None, None)
    assert (await hooks.deliveries(made))[0].attempts == 3


async def test_a_receiver_that_fails_for_days_is_given_up_and_audited(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    await hooks.emit(("tag", "t1"))
    (told,) = (await look(hooks, made)).told
    long_ago = hooks.rooms.clock.now_ms() - 3 * DAY_MS
    old = Done(told, Outcome(None, "nobody there", 1), long_ago)
    await hooks.rooms.store.write(lambda tx: queue.failed(tx, made.id, old, 0.5, 3))
    row = await hooks.row(made)
    assert not row.enabled
    assert "3 days: nobody there" in row.stopped_reason
    entries = await hooks.rooms.store.read(lambda c: list(c.execute(schema.audit.select())))
    assert entries[-1].text.startswith(f"Disable webhook to {URL}")


async def test_the_newest_deliveries_are_kept(hooks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "KEPT_DELIVERIES", 3)
    made = await hooks.make(URL, "tag")
    await hooks.emit(*(("tag", f"t{number}") for number in range(5)))
    told = (await look(hooks, made)).told
    await hooks.rooms.store.write(
        lambda tx: queue.delivered(tx, made.id, told[-1].seq, [done(one) for one in told])
    )
    assert [one.object_id for one in await hooks.deliveries(made)] == ["t4", "t3", "t2"]


async def test_nothing_is_noted_of_one_that_is_gone(hooks: Any) -> None:
    made = await hooks.make(URL, "tag")
    await hooks.emit(("tag", "t1"))
    (told,) = (await look(hooks, made)).told
    table = schema.webhooks
    await hooks.rooms.store.write(lambda tx: tx.connection.execute(table.delete()) and None)

    def write(tx: Any) -> None:
        queue.delivered(tx, made.id, told.seq, [done(told)])
        queue.failed(tx, made.id, done(told, "x"), 0.5, 3)
        queue.note_test(tx, made.id, done(told))

    await hooks.rooms.store.write(write)
    assert not await hooks.deliveries(made)
