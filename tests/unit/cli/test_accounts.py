"""`footlight accounts`, `resources` and `admin`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footlight.cli.accounts import site_of
from footlight.cli.exits import NoSite

ACCOUNT = {"id": "a", "name": "zoe", "displayName": "Zoë", "administrator": False}


def test_list_and_add(run: Any, site: Any, data_dir: Path, tmp_path: Path) -> None:
    site.on("GET", "/footlight/v1/accounts", {"items": [ACCOUNT]})
    site.on("POST", "/footlight/v1/accounts", (201, ACCOUNT))
    assert run("accounts", "list", "--json").json == [ACCOUNT]
    assert "Zoë" in run("accounts", "list").out
    (tmp_path / "pw").write_text("long enough\n")
    ended = run("accounts", "add", "zoe", "--new-password-file", str(tmp_path / "pw"))
    assert ended.out == "a\n"
    assert json.loads(site.asked[-1].body) == {"name": "zoe", "password": "long enough"}


def test_resources(run: Any, site: Any, data_dir: Path) -> None:
    item = {"id": "r", "name": "Desktop", "kind": "Desktop"}
    site.on("GET", "/footlight/v1/resources", {"items": [item]})
    assert run("resources", "list", "--json").json == [item]


def test_reset_password_of_a_running_site(run: Any, site: Any, data_dir: Path) -> None:
    answer = {"name": "admin", "password": "made-up"}
    site.on("POST", "/footlight/v1/accounts/admin/password", answer)
    assert run("admin", "reset-password").out == "made-up\n"
    assert run("admin", "reset-password", "--json").json == answer


def test_only_the_administrator_is_helped_while_no_site_runs(run: Any, home: Path) -> None:
    assert run("admin", "reset-password", "zoe").code == 2


def test_prune_finds_the_site_of_a_data_folder(tmp_path: Path) -> None:
    with pytest.raises(NoSite):
        site_of(tmp_path)
    with closing(sqlite3.connect(tmp_path / "footlight.db")) as db:
        db.execute("CREATE TABLE site (id TEXT)")
        db.execute("INSERT INTO site VALUES ('s-1')")
        db.commit()
    assert site_of(tmp_path) == "s-1"


def test_prune_of_an_unknown_site_removes_nothing(run: Any) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert run("accounts", "prune", "--site-id", nobody, "--json").json == []
