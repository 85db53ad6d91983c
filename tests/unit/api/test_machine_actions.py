from __future__ import annotations

from typing import Any

from tests.unit.api.test_session_relations import launch

MACHINES = "/cvad/manage/Machines"


async def test_all_sessions_of_a_machine_end_together(door: Any) -> None:
    sessions = [await launch(door, name) for name in ("Desktop", "Terminal")]
    over = await door.post(f"{MACHINES}/desk1/$logoff")
    assert (over.status_code, over.json()["SessionCount"]) == (200, 0)
    for session in sessions:
        assert (await door.get(f"/cvad/manage/Sessions/{session}")).status_code == 404
    brief = await door.post(f"{MACHINES}/desk1/$disconnect?detailresponserequired=false")
    assert brief.status_code == 200
    assert set(over.json()) > set(brief.json())


async def test_power_is_refused_with_its_reason(door: Any) -> None:
    for action in ("start", "shutdown", "reboot", "suspend", "resume"):
        answer = await door.post(f"{MACHINES}/desk1/${action}")
        assert (answer.status_code, answer.json()["SdkErrorId"]) == (
            409,
            "PowerActionsNotSupported",
        )
