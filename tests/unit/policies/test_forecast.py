from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from footlight.ids import new_guid
from footlight.policies import forecast
from footlight.policies.forecast import HOUR_MS, Amount, Decided
from footlight.store import schema

POLICY = SimpleNamespace(id="p")


def test_an_hour_takes_as_much_as_the_hours_before() -> None:
    amount = Amount(10_000_000, 2 * HOUR_MS, 3)
    assert (amount.bytes_per_hour, amount.hours) == (5_000_000, 2.0)
    assert Amount(1000, 59_999, 1).bytes_per_hour is None, "too little to say"
    assert amount + Amount(2, 1, 1) == Amount(10_000_002, 2 * HOUR_MS + 1, 4)


def test_a_policy_comes_to_what_its_sessions_do() -> None:
    known = {"Desktop": Amount(10, HOUR_MS, 1), "Terminal": Amount(2, HOUR_MS, 1)}
    held = [Decided("p", "Desktop", 3), Decided("p", "New", 1), Decided("q", "Terminal", 9)]
    assert forecast.of_policy(POLICY, held, known) == 3 * 10 + 6, "of the new one the average"
    assert forecast.of_policy(POLICY, held, {}) is None
    assert forecast.of_policy(POLICY, [], known) == 0


async def test_only_recordings_that_ended_lately_and_whole_count(ground: Any) -> None:
    now_ms = ground.rooms.clock.now_ms()
    plain = {
        "session_id": "s", "account_id": "a", "user_name": "u", "machine_id": "m",
        "machine_name": "m", "reason": "on-demand", "ordered_by": "u", "notify": True,
        "ordered_at_ms": 1, "duration_ms": HOUR_MS, "size_bytes": 100,
    }  # fmt: skip
    rows = [
        {"resource_name": "Desktop", "status": "completed", "ended_at_ms": now_ms},
        {"resource_name": "Desktop", "status": "completed", "ended_at_ms": now_ms},
        {"resource_name": "Desktop", "status": "failed", "ended_at_ms": now_ms},
        {"resource_name": "Desktop", "status": "recording", "ended_at_ms": None},
        {"resource_name": "Old", "status": "completed", "ended_at_ms": now_ms - 9 * 86_400_000},
    ]
    made = [{**plain, **row, "id": new_guid()} for row in rows]
    await ground.store.write(lambda tx: tx.connection.execute(schema.recordings.insert(), made))
    found = await ground.store.read(lambda c: forecast.recorded(c, now_ms, 7))
    assert found == {"Desktop": Amount(200, 2 * HOUR_MS, 2)}


async def test_sessions_are_counted_by_the_policy_that_has_them_recorded(ground: Any) -> None:
    policy = await ground.policy("All")
    await ground.launch()
    await ground.launch()
    found = await ground.store.read(forecast.decided)
    assert found == [Decided(policy.id, "Desktop", 2)]
