"""`footlight hosts`, against a site that is played."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOSTS = "/footlight/v1/hosts"
CODES = "/footlight/v1/enrolments"
HOST = {
    "id": "11111111-1111-4111-8111-111111111111",
    "name": "LAB\\DESK7",
    "status": "enrolled",
    "registered": True,
    "lastSeenAt": "2026-11-22T10:00:00Z",
    "agentVersion": "1.0",
    "expiresAt": "2026-12-22T10:00:00Z",
}


def test_a_code_is_printed_as_the_command_to_run(run: Any, site: Any, data_dir: Path) -> None:
    made = {"code": "fle1-x", "command": "footlight agent --enroll fle1-x", "expiresAt": "12:00"}
    site.on("POST", CODES, made)
    ended = run("hosts", "enroll", "--minutes", "5", "--delivery-group", "Lab", "--catalog", "Mine")
    assert ended.out == "footlight agent --enroll fle1-x\n"
    assert "good once" in ended.err
    assert json.loads(site.asked[-1].body) == {
        "minutes": 5,
        "description": "",
        "deliveryGroup": "Lab",
        "catalog": "Mine",
    }
    assert run("hosts", "enroll", "--json").json == made
    site.on("POST", CODES, {**made, "warning": "Hosts can't come yet."})
    ended = run("hosts", "enroll")
    assert (ended.out, "can't come yet" in ended.err) == (made["command"] + "\n", True)


def test_hosts_are_a_table_or_objects(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", HOSTS, {"items": [HOST]})
    site.on("GET", f"{HOSTS}/desk7", HOST)
    ended = run("hosts", "list")
    assert "CREDENTIALS UNTIL" in ended.out
    assert "LAB\\DESK7" in ended.out
    assert run("hosts", "list", "--json").json == [HOST]
    assert run("hosts", "show", "desk7", "--json").json == HOST


def test_what_is_done_to_a_host_is_said(run: Any, site: Any, data_dir: Path) -> None:
    site.on("POST", f"{HOSTS}/desk7/revoke", HOST)
    site.on("POST", f"{HOSTS}/desk7/rotate", HOST)
    site.on("DELETE", f"{HOSTS}/desk7", None)
    assert "LAB\\DESK7 is revoked" in run("hosts", "revoke", "desk7").err
    assert "makes new keys" in run("hosts", "rotate", "desk7").err
    assert "is forgotten" in run("hosts", "forget", "desk7").err


def test_codes_are_listed_and_revoked(run: Any, site: Any, data_dir: Path) -> None:
    code = {"id": "c", "description": "rack 2", "status": "open"}
    site.on("GET", CODES, {"items": [code]})
    site.on("DELETE", f"{CODES}/c", None)
    assert "rack 2" in run("hosts", "codes").out
    assert run("hosts", "codes", "--json").json == [code]
    assert "code c is revoked" in run("hosts", "revoke-code", "c").err
