from __future__ import annotations

from typing import Any

from footlight.store import schema

OVERVIEW = "/footlight/v1/overview"


async def launch(door: Any, headers: dict[str, str] | None = None) -> str:
    answer = await door.client.post(
        "/footlight/v1/launches",
        json={"resource": "Terminal", "new": True},
        headers=headers or door.headers,
    )
    return str(answer.json()["sessionId"])


async def change(door: Any, session_id: str, **columns: Any) -> None:
    s = schema.sessions
    await door.parts.store.write(
        lambda tx: tx.connection.execute(s.update().where(s.c.id == session_id).values(**columns))
    )


async def test_it_counts_what_runs_and_what_failed(door: Any) -> None:
    first, second, third = [await launch(door) for _ in range(3)]
    now = door.parts.clock.now_ms()
    await change(door, first, state="Active")
    await change(door, second, state="Disconnected", recording_live=True)
    ended = {
        "ended_at_ms": now - 1,
        "established_at_ms": now - 2,
        "end_reason": "the program ended",
    }
    await change(door, third, exit_code=3, **ended)
    body = (await door.get(OVERVIEW)).json()
    assert body["sessions"] == {"active": 1, "loggingOn": 0, "disconnected": 1, "recorded": 1}
    assert body["failures"] == [{"reason": "the program ended", "count": 1}]
    assert body["started"] == 3
    assert body["sessionCounts"][-1] == 2
    assert body["sessionCounts"][0] == 0
    assert len(body["sessionCounts"]) == 145
    assert body["historyStepSeconds"] == 600
    assert body["machines"]["total"] == 1
    assert [one["name"] for one in body["busiest"]] != []


async def test_a_user_is_told_of_own_sessions_only(door: Any) -> None:
    await launch(door)
    ada = await door.sign_in_as("ada")
    await launch(door, ada)
    body = (await door.client.get(OVERVIEW, headers=ada)).json()
    assert sum(body["sessions"].values()) == 1
    assert body["sessionCounts"][-1] == 1
    assert body["machines"] == {"total": 0, "silent": 0, "maintenance": 0, "full": 0}
    assert body["busiest"] == []
    assert body["failures"] == []
