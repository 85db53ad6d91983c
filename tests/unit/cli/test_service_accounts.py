"""`footlight admin service-accounts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PATH = "/footlight/v1/service-accounts"
ONE = {"id": "c-1", "name": "nightly", "accountName": "robot", "expiresAt": "2027-01-01T00:00:00Z"}
MADE = {"clientId": "c-1", "clientSecret": "s3cret", "serviceAccount": ONE}
COMMAND = ("admin", "service-accounts")


def test_they_are_listed_and_shown(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", PATH, {"items": [ONE]})
    ended = run(*COMMAND, "list")
    assert (ended.code, "nightly" in ended.out, "robot" in ended.out) == (0, True, True)
    assert run(*COMMAND, "list", "--json").json == [ONE]
    site.on("GET", f"{PATH}/c-1", ONE)
    assert "nightly" in run(*COMMAND, "show", "c-1").out
    assert run(*COMMAND, "show", "c-1", "--json").json == ONE
    assert run(*COMMAND, "show", "nobody").code == 3


def test_a_new_one_prints_its_id_and_secret(run: Any, site: Any, data_dir: Path) -> None:
    site.on("POST", PATH, (201, MADE))
    given = ("--account", "robot", "--expires-at", "2027-01-01T00:00:00Z")
    ended = run(*COMMAND, "add", "nightly", *given)
    assert ended.out == "c-1\ns3cret\n"
    assert "good until 2027" in ended.err
    assert json.loads(site.asked[-1].body) == {
        "name": "nightly", "account": "robot", "expiresAt": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    assert run(*COMMAND, "add", "nightly", "--json").json == MADE


def test_its_secret_is_changed(run: Any, site: Any, data_dir: Path) -> None:
    site.on("POST", f"{PATH}/c-1/rotate", MADE)
    ended = run(*COMMAND, "rotate", "c-1", "--old-valid", "3600")
    assert ended.out == "c-1\ns3cret\n"
    assert json.loads(site.asked[-1].body) == {"oldValidSeconds": 3600}


def test_it_is_ended(run: Any, site: Any, data_dir: Path) -> None:
    site.on("DELETE", f"{PATH}/c-1", (204, b""))
    ended = run(*COMMAND, "revoke", "c-1")
    assert (ended.code, ended.out) == (0, "")
    assert run(*COMMAND, "revoke", "c-1", "--json").json == {"id": "c-1", "revoked": True}
