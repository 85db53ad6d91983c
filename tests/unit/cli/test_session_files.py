"""`footlight sessions files`: what is sent, what is written here, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

BASE = "/footlight/v1/sessions/s1/files"


@pytest.fixture
def folder(site: Any, data_dir: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def test_list(run: Any, site: Any, folder: Path) -> None:
    items = [{"name": "a.txt", "sizeBytes": 5, "modifiedAt": "2026-01-07T09:05:03Z"}]
    site.on("GET", BASE, {"items": items, "continuationToken": None})
    assert run("sessions", "files", "list", "s1", "--json").json == items
    assert "a.txt" in run("sessions", "files", "list", "s1").out


def test_get_writes_a_file_that_was_not_there(run: Any, site: Any, folder: Path) -> None:
    site.on("GET", f"{BASE}/a.txt", b"hello")
    got = run("sessions", "files", "get", "s1", "a.txt", "--json")
    assert got.json == {"name": "a.txt", "file": "a.txt", "sizeBytes": 5}
    assert (folder / "a.txt").read_bytes() == b"hello"
    (folder / "a.txt").write_text("mine")
    again = run("sessions", "files", "get", "s1", "a.txt")
    assert (again.code, "--overwrite" in again.err) == (1, True)
    assert (folder / "a.txt").read_text() == "mine"
    assert run("sessions", "files", "get", "s1", "a.txt", "--overwrite").code == 0
    assert run("sessions", "files", "get", "s1", "a.txt", "--out", "b.txt").code == 0
    assert {one.name: one.read_text() for one in folder.iterdir()} == {
        "a.txt": "hello",
        "b.txt": "hello",
    }


def test_put_sends_the_bytes(run: Any, site: Any, folder: Path) -> None:
    data = bytes(range(256)) * 3000
    (folder / "f").write_bytes(data)
    stored = {"name": "g", "sizeBytes": len(data), "sha256": "ab"}
    site.on("PUT", f"{BASE}/g", (201, stored))
    answer = run("sessions", "files", "put", "s1", "f", "--name", "g", "--overwrite", "--json")
    assert answer.json == stored
    (asked,) = site.asked
    assert (asked.body, asked.query) == (data, {"overwrite": "true"})
    assert asked.headers["Content-Type"] == "application/octet-stream"
    assert run("sessions", "files", "put", "s1", "nothing").code == 1


def test_delete(run: Any, site: Any, folder: Path) -> None:
    site.on("DELETE", f"{BASE}/a.txt", (204, b""))
    assert run("sessions", "files", "delete", "s1", "a.txt").code == 0
    assert run("sessions", "files", "delete", "s1", "b.txt").code == 3
