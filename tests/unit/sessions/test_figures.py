from __future__ import annotations

from typing import Any

from sqlalchemy import true, update

from footlight.broker.decision import LaunchRequest
from footlight.sessions import figures
from footlight.store import schema

_s = schema.sessions
HOUR = 3_600_000


async def test_history_is_walked_back_from_now(rooms: Any) -> None:
    now = 100 * HOUR
    # Began and ended, in hours before now; None: lives.
    lives = [(5, None), (3.5, 1.5), (3.2, 0.5), (0.1, None), (30, 2.5)]
    for began, ended in lives:
        made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
        values = {
            "brokered_at_ms": int(now - began * HOUR),
            "ended_at_ms": None if ended is None else int(now - ended * HOUR),
        }
        statement = update(_s).where(_s.c.id == made.session_id).values(**values)
        await rooms.store.write(lambda tx, s=statement: tx.connection.execute(s) and None)

    def naive(at: float) -> int:
        return sum(began >= at and (ended is None or ended < at) for began, ended in lives)

    found = await rooms.store.read(
        lambda c: figures.history(c, rooms.admin, now, HOUR, 4, naive(0))
    )
    assert found.counts == [naive(at) for at in (4, 3, 2, 1, 0)]
    assert found.began == 3


async def test_states_and_recordings_of_live_ones(rooms: Any) -> None:
    made = [
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
        for _ in range(4)
    ]
    rooms.host.silent = True
    states = (("Active", None), ("Active", None), ("Disconnected", None), ("Active", 5))
    for one, (state, ended) in zip(made, states, strict=True):
        values = {"state": state, "ended_at_ms": ended, "recording_live": True}
        statement = update(_s).where(_s.c.id == one.session_id).values(**values)
        await rooms.store.write(lambda tx, s=statement: tx.connection.execute(s) and None)
    found = await rooms.store.read(lambda c: dict(figures.by_state(c, rooms.admin)))
    assert found == {"Active": 2, "Disconnected": 1}
    assert await rooms.store.read(lambda c: figures.recorded(c, rooms.admin, true())) == 3


async def test_failures_by_what_was_said(rooms: Any) -> None:
    ends = [
        ("crashed", 139, 1),
        ("crashed", 1, 1),
        ("never came up", None, None),
        ("logged off", 0, 1),
        ("logged off", None, 1),
    ]
    for reason, code, established in ends:
        made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
        values = {
            "ended_at_ms": 1000,
            "end_reason": reason,
            "exit_code": code,
            "established_at_ms": established,
        }
        statement = update(_s).where(_s.c.id == made.session_id).values(**values)
        await rooms.store.write(lambda tx, s=statement: tx.connection.execute(s) and None)
    found = await rooms.store.read(lambda c: figures.failures(c, rooms.admin, 1000))
    assert found == [("crashed", 2), ("never came up", 1)]
    assert await rooms.store.read(lambda c: figures.failures(c, rooms.admin, 1001)) == []
