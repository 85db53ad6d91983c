"""The table of routes against the tests: each documented status of each CVAD route has one that names it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from footlight.api.app import route_table

# Statuses by route, of the contract (docs/compat.md). 401 of open routes is their own refusal.
DOCUMENTED = {
    "GET /Sessions": {200, 202, 400, 401, 403, 405, 406},
    "GET /Sessions/RecordingStatus": {200, 400, 401, 404},
    "GET /Sessions/{id}": {200, 401, 404},
    "POST /Sessions/{id}/$disconnect": {200, 202, 401, 404},
    "POST /Sessions/{id}/$logoff": {204, 202, 401, 404, 503},
    "POST /Sessions/{id}/$hide": {204, 202, 401, 403, 404},
    "POST /Sessions/{id}/$unhide": {204, 202, 401, 403, 404},
    "POST /Sessions/{id}/$sendMessage": {200, 202, 400, 401, 404, 409, 415, 503},
    "POST /Sessions/{id}/$startRecording": {200, 202, 401, 404, 409, 415, 503},
    "POST /Sessions/{id}/$stopRecording": {200, 202, 401, 404},
    "GET /Jobs": {200, 401},
    "GET /Jobs/{id}": {200, 401, 404},
    "DELETE /Jobs/{id}": {204, 401, 404, 409},
    "GET /Jobs/{id}/Results": {200, 303, 401, 404, 409},
    "POST /Jobs/{id}/$cancel": {200, 401, 404, 409},
    "POST /Jobs/{id}/$SkipRemaining": {501, 401, 404},
    "GET /SessionsV2": {200, 400, 401},
    "POST /Sessions/$search": {200, 400, 401, 415},
    "GET /Sessions/{id}/Machine": {200, 401, 404},
    "GET /Sessions/{id}/Applications": {200, 401, 404},
    "GET /Machines/{nameOrId}/Sessions": {200, 401, 404},
    "GET /Applications/{nameOrId}/Sessions": {200, 400, 401, 404},
    "POST /tokens": {200, 401},
    "POST /tokens/$refresh": {200, 401},
    "DELETE /tokens": {204, 401},
    "GET /me": {200, 401},
    "GET /Sites": {200, 401},
    "GET /Sites/{nameOrId}": {200, 401, 404},
    "GET /HealthCheck": {200},
    "GET /ping": {200},
    "POST /cctrustoauth2/{customer}/tokens/clients": {200, 400},
}


def covered() -> dict[str, set[int]]:
    """What the `covers` markers of this folder name."""
    found: dict[str, set[int]] = {}
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.covers":
                route, *statuses = (ast.literal_eval(argument) for argument in node.args)
                found.setdefault(route, set()).update(statuses)
    return found


def routes() -> set[str]:
    """The CVAD routes of the server, relative to their prefix; our own are tested elsewhere."""
    shown = {f"{route.method} {route.template}" for route in route_table().routes}
    cvad = {line.replace("/cvad/manage", "", 1) for line in shown if " /cvad/manage" in line}
    return cvad | {line for line in shown if "/cctrustoauth2" in line}


def test_every_route_is_documented() -> None:
    assert routes() == set(DOCUMENTED)


def test_every_documented_status_is_tested() -> None:
    tested = covered()
    missing = {
        route: statuses - tested.get(route, set())
        for route, statuses in DOCUMENTED.items()
        if statuses - tested.get(route, set())
    }
    assert missing == {}
    assert set(tested) <= set(DOCUMENTED)


def test_every_route_stands_in_compat() -> None:
    page = (Path(__file__).parents[2] / "docs" / "compat.md").read_text()
    absent = [
        route for route in DOCUMENTED if not re.search(re.escape(route.split(" ", 1)[1]), page)
    ]
    assert absent == []
