from __future__ import annotations

from typing import Any

from footlight.site import machines, spools
from footlight.wire.host import SpoolFacts

URL = "/footlight/v1/spools"


async def test_spools_are_told_in_figures_and_words(door: Any) -> None:
    assert (await door.get(URL)).json() == {"items": []}
    facts = SpoolFacts(
        size_bytes=2 << 20,
        limit_bytes=4 << 20,
        oldest_at_ms=0,
        failing_since_ms=0,
        failure="why",
        full="full",
    )
    (machine,) = await door.rooms.store.read(machines.every)
    await door.rooms.store.write(lambda tx: spools.take(tx, machine.id, facts, None))
    (one,) = (await door.get(URL)).json()["items"]
    assert one == {
        "machineId": machine.id,
        "machineName": machine.name,
        "registered": True,
        "sizeBytes": 2 << 20,
        "limitBytes": 4 << 20,
        "oldestAt": "1970-01-01T00:00:00Z",
        "uploadsFailSince": "1970-01-01T00:00:00Z",
        "failure": "why",
        "full": "full",
        "text": "Uploads fail since 1970-01-01T00:00:00Z: why; 2 MiB in the spool of at most 4 MiB."
        " Recordings pause: full.",
    }


async def test_who_may_not_see_machines_sees_no_spools(door: Any) -> None:
    nobody = await door.sign_in_as("ada")
    assert (await door.client.get(URL, headers=nobody)).status_code == 403
