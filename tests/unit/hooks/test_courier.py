from __future__ import annotations

from typing import Any

import pytest
from tests.unit.hooks.conftest import answer, until

from footlight.hooks import courier as couriers
from footlight.hooks import queue
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.store import schema


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(couriers, "LOOK_EACH_S", 0.05)
    monkeypatch.setattr(couriers, "REST_S", 0.0)
    monkeypatch.setattr(queue.schedule, "FIRST_MS", 20)


async def test_changes_arrive_in_order_and_once(hooks: Any, receiver: Any) -> None:
    await hooks.courier.start()
    made = await hooks.make(receiver.url, "tag")
    for number in range(30):
        await hooks.emit(("tag", f"t{number}"))
    await until(lambda: len(receiver.bodies) >= 30)
    assert [one["objectId"] for one in receiver.told] == [f"t{number}" for number in range(30)]
    assert {one["webhookId"] for one in receiver.told} == {made.id}


async def test_a_failure_holds_up_what_follows_and_nothing_is_lost(
    hooks: Any, receiver: Any
) -> None:
    receiver.answers = [answer(503), answer(500), answer(200)]
    made = await hooks.make(receiver.url, "tag")
    await hooks.emit(("tag", "t1"), ("tag", "t2"))
    await hooks.courier.start()
    await until(lambda: len(receiver.bodies) == 4)
    assert [one["objectId"] for one in receiver.told] == ["t1", "t1", "t1", "t2"]
    assert len({head["footlight-delivery"] for head in receiver.heads}) == 2

    async def settled() -> bool:
        return (await hooks.row(made)).failures == 0

    await until(settled)
    newest, first = await hooks.deliveries(made)
    assert (first.attempts, first.delivered, newest.attempts) == (3, True, 1)


async def test_one_that_fails_does_not_hold_up_another(hooks: Any, receiver: Any) -> None:
    await hooks.courier.start()
    await hooks.make("http://127.0.0.1:1/", "tag")
    await hooks.make(receiver.url, "tag")
    await hooks.emit(("tag", "t1"))
    await until(lambda: len(receiver.bodies) == 1)


async def test_another_courier_goes_on_where_the_first_has_ended(
    hooks: Any, receiver: Any, tls: Any
) -> None:
    made = await hooks.make(receiver.url, "tag")
    await hooks.courier.start()
    await hooks.emit(("tag", "t1"))

    async def noted() -> bool:
        return bool(await hooks.deliveries(made))

    await until(noted)
    await hooks.courier.stop()
    await hooks.emit(("tag", "t2"))
    rooms = hooks.rooms
    post = Post(hooks.post.destinations, tls)
    again = Courier(rooms.store, hooks.courier.holder, rooms.clock, post, 3)
    await again.start()
    await until(lambda: len(receiver.bodies) == 2)
    await again.stop()
    assert [one["objectId"] for one in receiver.told] == ["t1", "t2"]


async def test_a_disabled_one_is_told_later_what_it_missed(hooks: Any, receiver: Any) -> None:
    made = await hooks.make(receiver.url, "tag", enabled=False)
    await hooks.courier.start()
    await hooks.emit(("tag", "t1"))
    table = schema.webhooks
    chosen = table.update().where(table.c.id == made.id).values(enabled=True)

    def enable(tx: Any) -> None:
        tx.connection.execute(chosen)
        tx.emit("webhook", made.id)

    await hooks.rooms.store.write(enable)
    await until(lambda: len(receiver.bodies) == 1)


async def test_one_whose_maker_is_gone_is_stopped(hooks: Any, receiver: Any) -> None:
    made = await hooks.make(receiver.url, "tag")
    hooks.courier.holder = lambda *_: None
    await hooks.courier.start()
    await hooks.emit(("tag", "t1"))

    async def stopped() -> bool:
        return not (await hooks.row(made)).enabled

    await until(stopped)
    assert receiver.bodies == []


async def test_the_position_passes_what_is_not_told(
    hooks: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "WRITE_IDLE_MS", 0)
    made = await hooks.make(receiver.url, "tag")
    await hooks.courier.start()
    await hooks.emit(("zone", "z1"))

    async def passed() -> bool:
        return bool((await hooks.row(made)).position > made.position)

    await until(passed)
    assert receiver.bodies == []


async def test_a_test_is_told_at_once_and_once(hooks: Any, receiver: Any) -> None:
    receiver.answers = [answer(418)]
    made = await hooks.make(receiver.url, "tag", enabled=False)
    done = await hooks.courier.test(made)
    assert (done.outcome.status, done.outcome.delivered) == (418, False)
    assert [one["event"] for one in receiver.told] == ["test"]
    (kept,) = await hooks.deliveries(made)
    assert (kept.event, kept.error) == ("test", "answered 418")
    assert (await hooks.row(made)).failures == 0


@pytest.mark.expects_errors
async def test_a_fault_does_not_end_the_deliveries(
    hooks: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = queue.due, []

    def broken(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise NotImplementedError
        return real(*arguments)

    monkeypatch.setattr(queue, "due", broken)
    await hooks.make(receiver.url, "tag")
    await hooks.courier.start()
    await hooks.emit(("tag", "t1"))
    await until(lambda: len(receiver.bodies) == 1)
