from __future__ import annotations

from typing import Any

V1 = "/footlight/v1"


def test_a_fleet_is_started_shown_and_stopped(scripted: Any) -> None:
    scripted.answer = {"running": True}
    assert scripted.client.simulation.start(200, 5000, churn=50)["running"]
    wanted = {"machines": 200, "sessions": 5000, "churn": 50, "seed": 1}
    assert scripted.asked == (f"POST {V1}/simulation", {}, wanted)
    scripted.client.simulation.show()
    assert scripted.asked == (f"GET {V1}/simulation", {}, None)
    scripted.client.simulation.stop()
    assert scripted.asked == (f"DELETE {V1}/simulation", {}, None)


def test_faults_are_set_shown_and_cleared(scripted: Any) -> None:
    scripted.answer = {"switches": {}, "counts": {}}
    scripted.client.faults.set({"throttle": {"share": 0.1}})
    assert scripted.asked == (f"PUT {V1}/faults", {}, {"throttle": {"share": 0.1}})
    scripted.client.faults.show()
    assert scripted.asked == (f"GET {V1}/faults", {}, None)
    scripted.client.faults.clear()
    assert scripted.asked == (f"DELETE {V1}/faults", {}, None)
