from __future__ import annotations

from typing import Any

from tests.unit.api.test_session_relations import launch

MACHINES = "/cvad/manage/Machines"


async def test_a_registered_machine_is_available_until_it_is_used(door: Any) -> None:
    shown = (await door.get(f"{MACHINES}/desk1")).json()
    assert (shown["SummaryState"], shown["RegistrationState"]) == ("Available", "Registered")
    assert shown["PublishedApplications"] == ["Terminal", "Text Editor", "Web Browser"]
    await launch(door, "Terminal")
    shown = (await door.get(f"{MACHINES}/desk1")).json()
    assert (shown["SummaryState"], shown["SessionCount"]) == ("InUse", 1)
    assert [one["Name"] for one in shown["ApplicationsInUse"]] == ["Terminal"]
    assert (await door.get(f"{MACHINES}?fields=Name")).json()["Items"] == [
        {"Name": "FOOTLIGHT\\DESK1"}
    ]


async def test_maintenance_keeps_new_sessions_away_but_not_the_old_ones(door: Any) -> None:
    running = await launch(door, "Desktop")
    path = f"{MACHINES}/desk1"
    changed = await door.client.patch(path, json={"InMaintenanceMode": True}, headers=door.headers)
    assert changed.status_code == 204
    url = "/footlight/v1/launches"
    again = await door.post(url, json={"resource": "Desktop"})
    assert (again.status_code, again.json()["sessionId"]) == (200, running)
    new = await door.post(url, json={"resource": "Desktop", "new": True})
    assert new.status_code == 503
    named = await door.post(url, json={"resource": "Desktop", "new": True, "machine": "desk1"})
    assert (named.status_code, named.json()["SdkErrorId"]) == (409, "InMaintenanceMode")
