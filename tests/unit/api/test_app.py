"""The door's route table and the framework's agree."""

from __future__ import annotations

import re
from typing import Any

from footlight.api import app
from footlight.api.paths import CVAD_PREFIX
from footlight.api.routing import Bound

GUID = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"
HTTP = [bound for bound in app.BOUND if bound.route.method != "WS"]
# An event stream does not end; its handler is looked at in test_events.py.
ENDLESS = "/footlight/v1/events"
SIGN_IN = ["POST /tokens"]  # 401 of its own: it wants name and password


def path_of(bound: Bound) -> str:
    path = re.sub(r"\{\w+(\.\.\.)?\}", GUID, bound.route.template)
    return (CVAD_PREFIX if bound.cvad else "") + path


def name_of(bound: Bound) -> str:
    return f"{bound.route.method} {bound.route.template}"


def test_every_route_is_declared_once_and_found_by_the_door() -> None:
    table = app.route_table()
    keys = [(b.route.method, path_of(b)) for b in app.BOUND]
    assert len(keys) == len(set(keys)) > 40
    for bound in app.BOUND:
        matched = table.match(path_of(bound))
        assert matched is not None, name_of(bound)
        found = matched.methods[bound.route.method]
        assert found.template.endswith(bound.route.template)
        assert (found.open, matched.cvad) == (bound.route.open, bound.cvad)


def test_only_sign_in_health_and_pages_are_open() -> None:
    """Displays are opened by their one-time tickets, and uploads are taken by theirs."""
    opened = {name_of(bound) for bound in app.BOUND if bound.route.open}
    assert opened == {
        "POST /tokens", "POST /cctrustoauth2/{customer}/tokens/clients", "POST /footlight/v1/sign-in",
        "GET /footlight/v1/sign-in", "GET /footlight/v1/sign-in/oidc",
        "GET /footlight/v1/sign-in/oidc/callback",
        "GET /footlight/v1/enroll", "POST /footlight/v1/enroll", "POST /footlight/v1/enroll/standing",
        "GET /footlight/v1/visits", "POST /footlight/v1/visits",
        "GET /", "GET /console/{path...}", "GET /portal", "GET /s/{id}", "GET /r/{id}", "GET /docs",
        "GET /assets/{path...}", "GET /favicon.ico",
        "GET /ping", "GET /ping/status", "GET /HealthCheck", "GET /healthz", "GET /readyz",
        "WS /footlight/v1/sessions/{id}/display", "PUT /footlight/v1/uploads/{ticket}",
        "WS /footlight/v1/streams/{ticket}",
        "GET /openapi.json", "GET /openapi.yaml",
        "GET /metrics",  # which looks at the token itself, where it wants one
    }  # fmt: skip


async def test_every_route_reaches_its_handler(door: Any) -> None:
    """Whatever a handler says of an object that is not there, no router says that there is no route."""
    strange = {}
    for bound in HTTP:
        if bound.route.template == ENDLESS:
            continue
        # A token for each: some routes end the one that they are called with.
        token = (await door.parts.access.sign_in("admin", "correct horse")).text
        headers = {**door.headers, "Authorization": f"Bearer {token}", "Accept": "*/*"}
        answer = await door.client.request(bound.route.method, path_of(bound), headers=headers)
        no_route = answer.status_code == 404 and (
            "such resource" in answer.text or "Not Found" in answer.text
        )
        refused = answer.status_code in (403, 405, 406, 415, 500)
        if no_route or refused or (answer.status_code == 401) is not (name_of(bound) in SIGN_IN):
            strange[name_of(bound)] = answer.text
    assert strange == {}


async def test_without_a_token_no_handler_is_reached(door: Any) -> None:
    reached = [
        name_of(bound)
        for bound in HTTP
        if not bound.route.open
        and (await door.client.request(bound.route.method, path_of(bound))).status_code != 401
    ]
    assert reached == []
