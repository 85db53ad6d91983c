"""`footlight accounts`."""

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
