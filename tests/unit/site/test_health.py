from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from footlight.site import health, machines, spools
from footlight.store import schema
from footlight.wire.host import SpoolFacts


async def verdicts(rooms: Any, folder: Path) -> dict[str, str]:
    found = await rooms.store.read(lambda c: health.examine(c, rooms.admin, folder, lambda: 5))
    assert all((one.begun_ms, one.ended_ms) == (5, 5) for one in found)
    return {one.name: one.verdict for one in found}


async def test_a_well_site_passes(rooms: Any, tmp_path: Path) -> None:
    found = await verdicts(rooms, tmp_path)
    assert {name: v for name, v in found.items() if name != "Recordings"} == dict.fromkeys(
        ("Database", "Machines", "DeliveryGroups", "Zones", "Uploads"), "Passed"
    )
    assert await rooms.store.read(health.kept) is None
    assert await rooms.store.read(lambda c: health.amiss(c, rooms.admin)) == health.Amiss(
        0, 0, 0, 0, 0, 0
    )


async def test_hosts_that_do_not_pass_recordings_on_are_named(rooms: Any, tmp_path: Path) -> None:
    (machine,) = await rooms.store.read(machines.every)
    states = [
        ({"failing_since_ms": 1}, "Warning", f"Uploads fail: {machine.name}."),
        (
            {"full": "x"},
            "Failed",
            f"Recordings pause, as the spool is full: {machine.name}.",
        ),
    ]
    for state, verdict, why in states:
        facts = SpoolFacts(size_bytes=1, limit_bytes=1, **state)
        await rooms.store.write(lambda tx, f=facts: spools.take(tx, machine.id, f, None))
        found = await rooms.store.read(
            lambda c: health.examine(c, rooms.admin, tmp_path, lambda: 5)
        )
        uploads = next(one for one in found if one.name == "Uploads")
        assert (uploads.verdict, uploads.why) == (verdict, why)


async def test_what_is_wrong_is_found(
    rooms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = schema.machines.update().values(registered=False, in_maintenance=True)
    await rooms.store.write(lambda tx: tx.connection.execute(change) and None)
    monkeypatch.setattr(health, "FREE_BYTES_WANTED", 1 << 60)
    found = await verdicts(rooms, tmp_path)
    assert (found.pop("Database"), found.pop("Uploads")) == ("Passed", "Passed")
    assert set(found.values()) == {"Warning"}
    assert (await verdicts(rooms, tmp_path / "none"))["Recordings"] == "Failed"
    amiss = await rooms.store.read(lambda c: health.amiss(c, rooms.admin))
    assert (amiss.silent, amiss.in_maintenance, amiss.dead_groups, amiss.sick_zones) == (1, 1, 1, 1)
    ada = rooms.caller(await rooms.account("ada"))
    unseen = await rooms.store.read(lambda c: health.amiss(c, ada))
    assert unseen == health.Amiss(0, 0, 0, 0, 0, 0)
