"""Handlers are made by files, when the first request of a file comes."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.di import Provide

from footlight.api import app, framework
from footlight.api.framework import Framework
from footlight.api.paths import CVAD_PREFIX

V1 = "/footlight/v1"


async def nothing() -> None:
    return None


def scope(path: str, method: str = "GET") -> dict[str, Any]:
    matched = app.route_table().match(path)
    assert matched is not None

    class Entry:
        route = matched.methods[method]

    return {"type": "http", "path": path, "method": method, "state": {"entry": Entry}}


async def test_a_file_is_made_once_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[set[str]] = []
    heard: list[tuple[set[str], str]] = []

    def litestar(route_handlers: list[Any], **options: Any) -> Any:
        assert set(options["dependencies"]) == {"parts"}
        paths = {path for handler in route_handlers for path in handler.paths}
        made.append(paths)

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            heard.append((paths, scope["path"]))

        return serve

    monkeypatch.setattr(framework, "Litestar", litestar)
    tried = Framework(app.BOUND, {"parts": Provide(nothing)})
    assert made == []
    zones = f"{CVAD_PREFIX}/Zones"
    for path in (zones, f"{zones}/x", zones, f"{V1}/recordings"):
        await tried(scope(path), None, None)
    assert [path for _, path in heard] == [zones, f"{zones}/x", zones, f"{V1}/recordings"]
    assert len(made) == 2
    assert zones in made[0]
    assert f"{V1}/recordings" in made[1]
    assert heard[0][0] is heard[1][0] is heard[2][0] is made[0]


def test_each_route_has_its_file_and_no_two_have_one() -> None:
    named = [(bound.route.method, bound.path) for bound in app.BOUND]
    assert len(named) == len(set(named))
    known = {(route.method, route.template) for route in app.route_table().routes}
    assert known == set(named)
