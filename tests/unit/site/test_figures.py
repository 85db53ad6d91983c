from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import func, select, update

from footlight.broker.decision import LaunchRequest
from footlight.clock import SystemClock
from footlight.ids import new_guid
from footlight.sessions import actions
from footlight.site import figures, machines
from footlight.site.figures import LATE_MS, SiteFigures
from footlight.store import schema
from footlight.wire.host import HostFigures


async def figures_of(rooms: Any, later_ms: int = 0) -> SiteFigures:
    now_ms = SystemClock().now_ms() + later_ms
    found: SiteFigures = await rooms.store.read(lambda c: figures.read(c, now_ms))
    return found


async def launch(rooms: Any) -> str:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    return str(made.session_id)


async def test_an_empty_site(rooms: Any) -> None:
    found = await figures_of(rooms)
    assert sum(found.sessions.values()) == 0
    assert [row.registered for row in found.hosts] == [True]
    assert (found.recordings, found.recordings_late, found.jobs, found.webhooks) == ({}, 0, {}, {})
    assert found.told is None


async def test_sessions_are_counted_by_the_database_itself(rooms: Any) -> None:
    """Whoever writes: what is counted is what a count would find."""
    s = schema.sessions
    ids = [await launch(rooms) for _ in range(3)]

    async def counted() -> dict[tuple[str, str], int]:
        keys = schema.session_keys
        query = select(keys.c.state, keys.c.app_state, func.count()).group_by(
            keys.c.state, keys.c.app_state
        )
        rows = await rooms.store.read(lambda c: list(c.execute(query)))
        return {(row[0], row[1]): row[2] for row in rows}

    async def agree(live: int) -> None:
        found = {k: n for k, n in (await figures_of(rooms)).sessions.items() if n}
        assert found == await counted()
        assert sum(found.values()) == live

    await agree(3)
    away = {"state": "Disconnected", "app_state": "NoApps"}
    await rooms.store.write(lambda tx: tx.connection.execute(update(s).values(away)))
    await agree(3)
    over = update(s).where(s.c.id == ids[0]).values(ended_at_ms=1)
    await rooms.store.write(lambda tx: tx.connection.execute(over))
    await agree(2)
    await rooms.store.write(lambda tx: tx.connection.execute(s.delete().where(s.c.id == ids[0])))
    await rooms.store.write(lambda tx: actions.forget_old(tx))
    await agree(2)


async def test_recordings_that_do_not_run_are_late(rooms: Any) -> None:
    session_id = await launch(rooms)
    now_ms = SystemClock().now_ms()
    row = {
        "id": new_guid(), "session_id": session_id, "account_id": "a", "user_name": "u",
        "machine_id": "m", "machine_name": "n", "resource_name": "r", "reason": "x",
        "ordered_by": "o", "notify": False, "ordered_at_ms": now_ms, "status": "starting",
    }  # fmt: skip
    table = schema.recordings
    await rooms.store.write(lambda tx: tx.connection.execute(table.insert().values(row)))
    assert (await figures_of(rooms)).recordings == {"starting": 1}
    assert (await figures_of(rooms)).recordings_late == 0
    assert (await figures_of(rooms, LATE_MS + 5_000)).recordings_late == 1
    runs = update(table).values(status="recording")
    await rooms.store.write(lambda tx: tx.connection.execute(runs))
    assert (await figures_of(rooms, LATE_MS + 5_000)).recordings_late == 0
    ended = update(table).values(status="failed")
    await rooms.store.write(lambda tx: tx.connection.execute(ended))
    assert (await figures_of(rooms)).recordings == {}


async def test_what_a_host_tells_is_kept(rooms: Any) -> None:
    (before,) = (await figures_of(rooms)).hosts
    machine_id = await rooms.store.read(lambda c: c.execute(select(schema.machines.c.id)).scalar())
    told = HostFigures(spool_bytes=5, recorders=1)
    await rooms.store.write(lambda tx: machines.told(tx, machine_id, told))
    (after,) = (await figures_of(rooms)).hosts
    assert before.name == after.name
    assert msgspec.json.decode(after.figures, type=HostFigures) == told
