"""`footlight policies`, and why a session is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PATH = "/footlight/v1/recording-policies"
THEN = {"record": "screen", "notify": True, "ifLost": "go-on"}
ONE = {
    "id": "p-1", "position": 1, "name": "Nights", "enabled": True, "description": "",
    "conditions": {"users": ["ops"], "tags": []}, "then": THEN,
}  # fmt: skip
TWO = {**ONE, "id": "p-2", "position": 2, "name": "Days"}
DECISION = {
    "sentence": "The policy 'Nights' decides: ...",
    "reasons": [{"kind": "policy", "name": "Nights"}, {"kind": "on-demand", "orderedBy": "EX\\a"}],
    "stopped": True,
    "policies": [{"position": 1, "name": "Nights", "sentence": "It fits, and decides."}],
}


def test_they_are_listed_and_shown(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", PATH, {"items": [ONE, TWO]})
    ended = run("policies", "list")
    assert (ended.code, "Nights" in ended.out, "go-on" in ended.out) == (0, True, True)
    assert run("policies", "list", "--json").json == [ONE, TWO]
    site.on("GET", f"{PATH}/Nights", ONE)
    shown = run("policies", "show", "Nights").out
    assert ("ops" in shown, "tags" in shown) == (True, False), "conditions that there are"
    assert run("policies", "show", "Nights", "--json").json == ONE


def test_one_is_made_of_options_over_a_body(run: Any, site: Any, data_dir: Path) -> None:
    site.on("POST", PATH, (201, ONE))
    body = json.dumps({"then": {"record": "events", "rollOverSeconds": 60}, "enabled": False})
    given = ("--who", "ops", "--who", "ada", "--address", "192.0.2.0/24", "--record", "screen",
             "--no-notify", "--position", "1", "--body", body)  # fmt: skip
    assert run("policies", "create", "Nights", *given).out == "p-1\n"
    assert json.loads(site.asked[-1].body) == {
        "name": "Nights",
        "position": 1,
        "enabled": False,
        "then": {"record": "screen", "rollOverSeconds": 60, "notify": False},
        "conditions": {"users": ["ops", "ada"], "clientAddresses": ["192.0.2.0/24"]},
    }


def test_a_change_keeps_what_is_not_named(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", f"{PATH}/p-1", ONE)
    site.on("PATCH", f"{PATH}/p-1", ONE)
    assert run("policies", "change", "p-1", "--if-lost", "end", "--disabled").code == 0
    assert json.loads(site.asked[-1].body) == {
        "enabled": False, "then": {**THEN, "ifLost": "end"},
    }  # fmt: skip
    assert run("policies", "change", "p-1", "--name", "Later").code == 0
    assert json.loads(site.asked[-1].body) == {"name": "Later"}


def test_those_that_are_named_come_first(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", PATH, {"items": [ONE, TWO]})
    site.on("PUT", f"{PATH}/order", {"items": [{**TWO, "position": 1}, {**ONE, "position": 2}]})
    ended = run("policies", "order", "DAYS")
    assert json.loads(site.asked[-1].body) == {"ids": ["p-2", "p-1"]}
    assert ended.out == "  1  Days\n  2  Nights\n"


def test_one_is_deleted(run: Any, site: Any, data_dir: Path) -> None:
    site.on("DELETE", f"{PATH}/p-1", (204, None))
    assert run("policies", "delete", "p-1", "--json").json == {"id": "p-1", "deleted": True}


def test_decisions_are_told(run: Any, site: Any, data_dir: Path) -> None:
    site.on("POST", f"{PATH}/test", DECISION)
    said = run("policies", "test", "--who", "bob", "--at", "2026-07-01T00:00:00Z")
    assert json.loads(site.asked[-1].body) == {
        "facts": {"user": "bob", "at": "2026-07-01T00:00:00Z"}
    }
    assert said.out.splitlines() == [
        DECISION["sentence"],
        "recorded because of policy: Nights",
        "recorded because of on-demand: EX\\a",
        "its recording was stopped by a call",
        "  1  Nights: It fits, and decides.",
    ]
    assert run("policies", "test", "--session", "s-1", "--json").json == DECISION
    assert json.loads(site.asked[-1].body) == {"sessionId": "s-1"}
    site.on("GET", "/footlight/v1/sessions/s-1/recording-decision", DECISION)
    assert run("sessions", "why-recorded", "s-1").out == said.out


def test_a_forecast_is_two_tables(run: Any, site: Any, data_dir: Path) -> None:
    amount = {"bytesPerHour": 25_000_000, "hours": 3.5, "recordings": 4}
    found = {
        "days": 30, **amount,
        "resources": [{"resourceName": "Desktop", **amount}],
        "policies": [{"id": "p-1", "name": "Nights", "sessions": 2, "bytesPerHour": None}],
    }  # fmt: skip
    site.on("GET", f"{PATH}/forecast", found)
    said = run("policies", "forecast").out
    assert ("Desktop" in said, "25000000" in said, "Nights" in said) == (True, True, True)
    assert run("policies", "forecast", "--json").json == found
