"""The three lists: what REST has, the SDK has (both clients, same names), and the command line has."""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from footlight.api.app import route_table
from footlight.cli import jobs, recordings, sessions
from footlight.cli.collection import declared
from footlight.cli.inventory import GROUPS
from footlight.cli.main import app as cli_app
from footlight.sdk import AsyncFootlight, Footlight
from footlight.sdk.credentials import Token
from footlight.sdk.flow import OwnToken, Save
from footlight.sdk.operation import ListOperation, Operation, Resource, parameters_of
from footlight.sdk.requests.request import Request

ADDED = (
    jobs.OPERATIONS,
    recordings.OPERATIONS,
    sessions.OPERATIONS,
)  # beside commands of their own
CLI = Path(__file__).parents[2] / "src" / "footlight" / "cli"
PAGE = "a page or file of the console"
COOKIE = "the console's own cookie; clients have tokens"
STREAM = "a stream for the console"
HOSTS = "for hosts that bring what was asked of them"
VISITOR = "for people without an account, on the portal"
PROBE = "for load balancers and probes"
DOCUMENT = "the description of the API"

# Routes that neither SDK nor command line has, and why.
NEITHER = {
    "GET /": PAGE,
    "GET /console/{path...}": PAGE,
    "GET /portal": PAGE,
    "GET /s/{id}": PAGE,
    "GET /r/{id}": PAGE,
    "GET /assets/{path...}": PAGE,
    "GET /favicon.ico": PAGE,
    "GET /healthz": PROBE,
    "GET /readyz": PROBE,
    "GET /docs": PAGE,
    "GET /openapi.json": DOCUMENT,
    "GET /openapi.yaml": DOCUMENT,
    "GET /footlight/v1/events": STREAM,
    "WS /footlight/v1/sessions/{id}/display": STREAM,
    "GET /footlight/v1/enroll": HOSTS,
    "POST /footlight/v1/enroll": HOSTS,
    "POST /footlight/v1/enroll/standing": HOSTS,
    "WS /footlight/v1/streams/{ticket}": HOSTS,
    "PUT /footlight/v1/uploads/{ticket}": HOSTS,
    "POST /footlight/v1/sign-in": COOKIE,
    "POST /footlight/v1/sign-out": COOKIE,
    "GET /footlight/v1/visits": VISITOR,
    "POST /footlight/v1/visits": VISITOR,
    "GET /footlight/v1/sign-in": COOKIE,
    "GET /footlight/v1/sign-in/oidc": COOKIE,
    "GET /footlight/v1/sign-in/oidc/callback": COOKIE,
}
# Routes that the SDK has and no command calls by name, and why.
NO_COMMAND = {
    "POST /cvad/manage/tokens": "footlight login, and every command with --user",
    "POST /cvad/manage/tokens/$refresh": "done by the client when a token is due",
    "POST /cctrustoauth2/{customer}/tokens/clients": "every command with FOOTLIGHT_CLIENT_ID",
}


def table() -> set[str]:
    """Every route as METHOD /template."""
    return {f"{route.method} {route.template}" for route in route_table().routes}


def operations(nouns: Resource[Any], path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(dotted name, resource, declaration) of everything a client can be asked for."""
    for name, member in inspect.getmembers_static(type(nouns)):
        if isinstance(member, Operation | ListOperation):
            yield path + name, nouns, member
    for name, value in vars(nouns).items():
        if isinstance(value, Resource) and name != "in_background":
            yield from operations(value, f"{path}{name}.")


def first_request(at: Any, operation: Any) -> Request:
    """What the operation sends first when it is given the least that it takes."""
    made = operation.make(at, *_least(operation))
    if isinstance(operation, ListOperation):
        return cast(Request, made.request)
    step = next(made)
    if isinstance(step, OwnToken):
        step = made.send(Token("t"))
    made.close()
    return step.request if isinstance(step, Save) else cast(Request, step)


def _least(operation: Any) -> list[Any]:
    return [
        _stand_in(parameter)
        for parameter in parameters_of(operation).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]


def _stand_in(parameter: inspect.Parameter) -> Any:
    """Any value of the parameter's type, by the first word of its annotation."""
    kind = re.match(r"\w+", str(parameter.annotation))
    values = {"str": "x", "int": 1, "float": 0.5, "BinaryIO": io.BytesIO()}
    return values.get(kind.group() if kind else "", {})


def covered() -> dict[str, set[str]]:
    """The SDK's operations by the route that they call."""
    routes, found = route_table(), dict[str, set[str]]()
    with Footlight("http://x.test", token="t") as client:
        for name, at, operation in operations(client):
            if name == "token":  # no call
                continue
            request = first_request(at, operation)
            matched = routes.match(request.path)
            assert matched is not None, f"{name}: there is no {request.path}"
            assert request.path == matched.path, "in the canonical spelling"
            found.setdefault(f"{request.method} {matched.template}", set()).add(name)
    return found


def commanded() -> set[str]:
    """The SDK's operations that a command calls: those of the groups, and those that stand in the source."""
    calls = {f"{g.attribute}.{name}" for g in (*GROUPS, *ADDED) for name in declared(g.resource)}
    for file in {*CLI.glob("*.py")} - {*CLI.glob("demo*.py")}:
        calls |= set(re.findall(r"\bclient\.([a-z_]+(?:\.[a-z_]+)*)\(", file.read_text()))
    return calls


def test_the_sdk_has_every_route() -> None:
    assert table() - set(covered()) - set(NEITHER) == set()


def test_the_command_line_has_every_route() -> None:
    calls = commanded()
    missing = {
        route
        for route, names in covered().items()
        if route in table() and route not in NO_COMMAND and not names & calls
    }
    assert missing == set()


def test_the_sdk_calls_nothing_that_is_not_there() -> None:
    assert set(covered()) - table() == set()


def test_exceptions_are_routes_without_what_they_are_excepted_from() -> None:
    assert (set(NEITHER) | set(NO_COMMAND)) - table() == set()
    assert set(NEITHER) & set(covered()) == set()


async def test_both_clients_have_the_same_calls() -> None:
    with Footlight("http://x.test", token="t") as client:
        async with AsyncFootlight("http://x.test", token="t") as twin:
            one = {name: parameters_of(made) for name, _, made in operations(client)}
            other = {name: parameters_of(made) for name, _, made in operations(twin)}
    assert one == other
    assert len(one) > 40


def test_groups_are_commands() -> None:
    groups = {group.name for group in cli_app.registered_groups}
    assert {group.name for group in GROUPS} <= groups
