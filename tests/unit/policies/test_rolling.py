"""What is due, over rows; what follows from it is in broker/test_policy_keeper.py."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.ids import new_guid
from footlight.policies import rolling
from footlight.store import schema

NOW_MS = 10_000_000


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({"size_bytes": 999, "roll_over_bytes": 1000}, False),
        ({"size_bytes": 1000, "roll_over_bytes": 1000}, True),
        ({"started_at_ms": NOW_MS - 999, "roll_over_ms": 1000}, False),
        ({"started_at_ms": NOW_MS - 1000, "roll_over_ms": 1000}, True),
        ({"size_bytes": 10**12, "started_at_ms": 0}, False),
        ({"size_bytes": 1000, "roll_over_bytes": 1000, "status": "completed"}, False),
    ],
)
async def test_a_recording_is_full_at_its_bounds(ground: Any, columns: Any, due: bool) -> None:
    await ground.rooms.broker.stop()
    session_id = await ground.launch_unanswered()
    recording_id = new_guid()
    plain = {
        "id": recording_id, "session_id": session_id, "account_id": "a", "user_name": "u",
        "machine_id": "m", "machine_name": "m", "resource_name": "r", "reason": "p",
        "ordered_by": "p", "notify": True, "ordered_at_ms": 1, "status": "recording",
        "started_at_ms": NOW_MS,
    }  # fmt: skip

    def write(tx: Any) -> None:
        tx.connection.execute(schema.recordings.insert().values(**{**plain, **columns}))
        tx.connection.execute(schema.sessions.update().values(wanted_recording_id=recording_id))

    await ground.store.write(write)
    found = await ground.store.read(lambda c: rolling.due(c, NOW_MS))
    assert found == ([session_id] if due else [])
