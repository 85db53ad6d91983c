from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BASE = "/footlight/v1/recordings/r1"
MARKER = {
    "id": "m1",
    "atMs": 3_723_400,
    "kind": "marker",
    "text": "here\x1b",
    "author": "EX\\zoe",
    "createdAt": "2026-01-07T09:05:03Z",
    "changedAt": None,
    "own": True,
}


def test_events(run: Any, site: Any, data_dir: Path) -> None:
    items = [{"atMs": 1500, "type": "idle", "sinceMs": 5, "note": None}]
    site.on("GET", f"{BASE}/events", {"items": items, "continuationToken": None})
    asked = run(
        *("recordings", "events", "r1", "--type", "idle,active", "--text", "x"),
        *("--from", "1.5", "--to", "60", "--json"),
    )
    assert asked.json == items
    query = {"type": "idle,active", "text": "x", "fromMs": "1500", "toMs": "60000"}
    assert site.asked[0].query == query
    out = run("recordings", "events", "r1").out
    assert "0:00:01.5" in out
    assert "sinceMs 5" in out
    assert "note" not in out


def test_markers(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", f"{BASE}/markers", {"items": [MARKER]})
    site.on("POST", f"{BASE}/markers", (201, MARKER))
    site.on("PATCH", f"{BASE}/markers/m1", MARKER)
    site.on("DELETE", f"{BASE}/markers/m1", (204, b""))
    assert run("recordings", "markers", "list", "r1", "--json").json == [MARKER]
    out = run("recordings", "markers", "list", "r1").out
    assert "1:02:03.4" in out
    assert "\x1b" not in out
    made = run("recordings", "markers", "add", "r1", "here", "--at", "2.5", "--comment", "--json")
    assert made.json == MARKER
    assert json.loads(site.asked[-1].body) == {"text": "here", "atMs": 2500, "kind": "comment"}
    assert "m1" in run("recordings", "markers", "add", "r1", "here").err
    assert json.loads(site.asked[-1].body) == {"text": "here", "kind": "marker"}
    assert run("recordings", "markers", "change", "r1", "m1", "there", "--json").json == MARKER
    assert json.loads(site.asked[-1].body) == {"text": "there"}
    assert run("recordings", "markers", "delete", "r1", "m1").code == 0
    assert site.asked[-1].method == "DELETE"
