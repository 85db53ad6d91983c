"""`footlight launch`."""

from __future__ import annotations

import json
from typing import Any

SESSION = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"


def test_launch_passes_all_it_was_told(run: Any, site: Any, data_dir: Any) -> None:
    launched = {"sessionId": SESSION, "machine": "EX\\HOST", "displayPath": f"/s/{SESSION}"}
    site.on("POST", "/footlight/v1/launches", (201, launched))
    ended = run("launch", "Desktop", "--as", "zoe", "--machine", "EX\\HOST", "--new", "--wait", "5")
    assert ended.out == f"{SESSION}\n"
    assert f"{site.base_url}/s/{SESSION}" in ended.err
    assert json.loads(site.asked[0].body) == {
        "resource": "Desktop",
        "machine": "EX\\HOST",
        "user": "zoe",
        "new": True,
        "waitSeconds": 5,
    }
    assert run("launch", "Desktop", "--json").json == launched


def test_alone_it_says_only_the_resource(run: Any, site: Any, data_dir: Any) -> None:
    launched = {"sessionId": SESSION, "machine": "EX\\HOST", "displayPath": f"/s/{SESSION}"}
    site.on("POST", "/footlight/v1/launches", launched)
    assert run("launch", "Text Editor").code == 0
    assert json.loads(site.asked[0].body) == {"resource": "Text Editor"}


def test_no_capacity_is_1_and_an_unknown_resource_3(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", "/footlight/v1/launches", (409, {"detail": "No machine is free."}))
    ended = run("launch", "Desktop")
    assert (ended.code, ended.out) == (1, "")
    assert "No machine is free." in ended.err
    site.on("POST", "/footlight/v1/launches", (404, {"detail": "No such resource."}))
    assert run("launch", "Desktop").code == 3
