"""The table of routes against the tests: each documented status of each CVAD route has one that names it."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from footlight.api.app import BOUND, route_table
from footlight.api.openapi.operation import gives, takes

# Statuses by route, as the route table tells them (Routes.add). 401 of open routes is their own refusal.
DOCUMENTED = {
    f"{bound.route.method} {bound.route.template}": set(bound.told.statuses)
    for bound in BOUND
    if bound.cvad or bound.route.template.startswith("/cctrustoauth2")
}
# What of a handler's text shows that it reads a body by itself.
READS_BODY = re.compile(r"json_body\(|\.body\(\)|\.json\(\)|\.form\(\)")
# Routes that succeed without saying anything but their status, or what another route would have said.
SILENT = {
    "GET /cvad/manage/Jobs/{id}/Results",
    "POST /cvad/manage/Applications",
    "POST /cvad/manage/DeliveryGroups/{nameOrId}/Applications",
    "POST /cvad/manage/Zones",
}


HTTP = [bound for bound in BOUND if bound.route.method != "WS"]


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
    untold = [f"{bound.route.method} {bound.path}" for bound in HTTP if not bound.told.statuses]
    assert untold == [], "Routes.add(..., statuses=...)"


def test_every_route_tells_what_it_takes() -> None:
    untold = [
        f"{bound.route.method} {bound.path}"
        for bound in HTTP
        if READS_BODY.search(inspect.getsource(bound.function)) and takes(bound) is None
    ]
    assert untold == [], "Routes.add(..., takes=MODEL)"


def test_every_route_tells_what_it_gives() -> None:
    untold = {
        f"{bound.route.method} {bound.path}"
        for bound in HTTP
        if bound.told.statuses & {200, 201} and gives(bound) is None
    }
    assert untold <= SILENT, "Routes.add(..., gives=MODEL or media type)"


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
