from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from footlight.site import health
from footlight.store import schema


async def verdicts(rooms: Any, folder: Path) -> dict[str, str]:
    found = await rooms.store.read(lambda c: health.examine(c, rooms.admin, folder, lambda: 5))
    assert all((one.begun_ms, one.ended_ms) == (5, 5) for one in found)
    return {one.name: one.verdict for one in found}


async def test_a_well_site_passes(rooms: Any, tmp_path: Path) -> None:
    found = await verdicts(rooms, tmp_path)
    assert {name: v for name, v in found.items() if name != "Recordings"} == dict.fromkeys(
        ("Database", "Machines", "DeliveryGroups", "Zones"), "Passed"
    )
    assert await rooms.store.read(health.kept) is None
    assert await rooms.store.read(lambda c: health.amiss(c, rooms.admin)) == health.Amiss(
        0, 0, 0, 0, 0, 0
    )


async def test_what_is_wrong_is_found(
    rooms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = schema.machines.update().values(registered=False, in_maintenance=True)
    await rooms.store.write(lambda tx: tx.connection.execute(change) and None)
    monkeypatch.setattr(health, "FREE_BYTES_WANTED", 1 << 60)
    found = await verdicts(rooms, tmp_path)
    assert found.pop("Database") == "Passed"
    assert set(found.values()) == {"Warning"}
    assert (await verdicts(rooms, tmp_path / "none"))["Recordings"] == "Failed"
    amiss = await rooms.store.read(lambda c: health.amiss(c, rooms.admin))
    assert (amiss.silent, amiss.in_maintenance, amiss.dead_groups, amiss.sick_zones) == (1, 1, 1, 1)
    ada = rooms.caller(await rooms.account("ada"))
    unseen = await rooms.store.read(lambda c: health.amiss(c, ada))
    assert unseen == health.Amiss(0, 0, 0, 0, 0, 0)
