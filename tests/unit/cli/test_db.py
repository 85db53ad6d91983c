"""`footlight db` over a SQLite file; over PostgreSQL in tests/stores/test_postgres_backup.py."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footlight.datadir import DataDir
from footlight.store.backup import newest_revision


@pytest.fixture
def folder(run: Any, tmp_path: Path) -> Path:
    """A data folder with a site in its database."""
    data = tmp_path / "data"
    ended = run("db", "migrate", "--data-dir", str(data), "--json")
    assert ended.json == {"engine": "sqlite", "revision": newest_revision()}
    rename(data, "before")
    return data


def rename(data: Path, name: str) -> None:
    with closing(sqlite3.connect(data / "footlight.db")) as opened, opened:
        opened.execute("DELETE FROM site")
        opened.execute(
            "INSERT INTO site (id, name, customer_id, token_key, created_at_ms)"
            " VALUES ('i', ?, 'c', x'00', 1)",
            (name,),
        )


def name_of(data: Path) -> str:
    with closing(sqlite3.connect(data / "footlight.db")) as opened:
        return str(opened.execute("SELECT name FROM site").fetchone()[0])


def test_a_backup_of_a_site_that_runs_and_its_way_back(
    run: Any, folder: Path, tmp_path: Path
) -> None:
    file, where = tmp_path / "backup", ("--data-dir", str(folder))
    running = DataDir(folder)
    with running.held():
        made = run("db", "backup", str(file), *where, "--json")
        assert made.json == {
            "file": str(file),
            "engine": "sqlite",
            "revision": newest_revision(),
            "sizeBytes": file.stat().st_size,
        }
        rename(folder, "after")
        refused = run("db", "restore", str(file), "--force", *where)
        assert (refused.code, name_of(folder)) == (1, "after")
        assert "a site is running on" in refused.err
    again = run("db", "backup", str(file), *where)
    assert (again.code, again.err) == (1, f"footlight: {file} exists already\n")
    kept = run("db", "restore", str(file), *where)
    assert (kept.code, name_of(folder)) == (1, "after")
    assert "--force" in kept.err
    done = run("db", "restore", str(file), "--force", *where)
    assert (done.code, done.err, name_of(folder)) == (0, f"{file} is in place\n", "before")


def test_a_backup_starts_another_folder(run: Any, folder: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "backup", tmp_path / "other"
    assert run("db", "backup", str(file), "--data-dir", str(folder)).code == 0
    assert json.loads(run("db", "restore", str(file), "--data-dir", str(other), "--json").out)
    assert name_of(other) == "before"
    assert (other / "footlight.db").stat().st_mode & 0o777 == 0o600


def test_what_makes_no_sense_is_usage(run: Any, folder: Path, tmp_path: Path) -> None:
    nothing = run("db", "backup", str(tmp_path / "b"), "--data-dir", str(tmp_path / "empty"))
    assert (nothing.code, "no site's database" in nothing.err) == (2, True)
    assert not (tmp_path / "empty").exists()
    (tmp_path / "text").write_text("text")
    wrong = run("db", "restore", str(tmp_path / "text"), "--force", "--data-dir", str(folder))
    assert (wrong.code, "is no backup" in wrong.err) == (2, True)
    url = "postgresql://u:sesame@h/site"
    open_secret = run("db", "migrate", "--database", url, "--data-dir", str(folder))
    assert (open_secret.code, "sesame" in open_secret.err) == (2, False)
