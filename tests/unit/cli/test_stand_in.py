"""`footlight simulation` and `footlight faults`."""

from __future__ import annotations

import json
from typing import Any

V1 = "/footlight/v1"
FLEET = {"running": True, "machines": 2, "sessions": 9, "churn": 1.5, "seed": 4}
FAULTS = {"switches": {"seed": 1, "expiredTokens": 0.5}, "counts": {"calls": 3}}


def test_a_fleet_is_started_shown_and_stopped(run: Any, site: Any, data_dir: Any) -> None:
    for method in ("GET", "POST"):
        site.on(method, f"{V1}/simulation", FLEET)
    site.on("DELETE", f"{V1}/simulation", (204, None))
    options = ("--machines", "2", "--sessions", "9", "--churn", "1.5", "--seed", "4")
    assert run("simulation", "start", *options, "--json").json == FLEET
    asked = {"machines": 2, "sessions": 9, "churn": 1.5, "seed": 4}
    assert json.loads(site.asked[-1].body) == asked
    assert "1.5" in run("simulation", "show").out
    assert run("simulation", "stop", "--json").code == 0


def test_faults_are_named_as_on_the_command_line(run: Any, site: Any, data_dir: Any) -> None:
    for method in ("GET", "PUT"):
        site.on(method, f"{V1}/faults", FAULTS)
    site.on("DELETE", f"{V1}/faults", (204, None))
    assert run("faults", "set", "expired-tokens=0.5", "delay=20+5", "--json").json == FAULTS
    sent = json.loads(site.asked[-1].body)
    assert (sent["expiredTokens"], sent["delay"]) == (0.5, {"ms": 20, "jitterMs": 5})
    assert "0.5" in run("faults", "show").out
    assert run("faults", "clear").code == 0
    assert run("faults", "set", "sleep=1").code != 0
