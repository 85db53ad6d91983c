"""Operations declared by their route: what each family sends."""

from __future__ import annotations

import inspect
import json
from typing import Any

import httpx
import pytest

from footlight.sdk import Footlight
from footlight.sdk.collection import (
    Route,
    action,
    addition,
    change,
    creation,
    existence,
    item,
    member_action,
    member_change,
    pages,
    pages_of,
    search,
    value,
)
from footlight.sdk.nouns import Nouns
from footlight.sdk.operation import Resource, S, parameters_of


class Things(Resource[S]):
    list = pages("GET /Things", "All things.")
    parts = pages_of("GET /Things/{nameOrId}/Parts", "Its parts.")
    search = search("POST /Things/$search", "Some things.")
    about = value("GET /About", "About.")
    get = item("GET /Things/{nameOrId}", "One thing. Raises NotFound.")
    create = creation("POST /Things", "A new thing.")
    update = change("PATCH /Things/{nameOrId}", "Another thing.")
    delete = action("DELETE /Things/{nameOrId}", "No thing.")
    remove_part = member_action("DELETE /Things/{nameOrId}/Parts/{part}", "Without it.")
    change_part = member_change("PATCH /Things/{nameOrId}/Parts/{part}", "With another.")
    exists = existence("HEAD /Things/{name}", "Whether.")
    add_part = addition("POST /Things/{nameOrId}/Parts", "With another, by a job.")
    own = value("GET /footlight/v1/things", "Ours.")


class Site:
    """Answers everything with `answer`, keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answer = httpx.Response(200, json={"Items": [{"Id": "1"}]})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        return self.answer

    @property
    def last(self) -> tuple[str, dict[str, str], Any]:
        request = self.asked[-1]
        path = request.url.raw_path.decode().partition("?")[0].replace("/cvad/manage", "")
        body = json.loads(request.content) if request.content else None
        return f"{request.method} {path}", dict(request.url.params), body


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def things(site: Site) -> Things[Any]:
    client = Footlight("http://x.test", token="t", transport=httpx.MockTransport(site))
    return Things(client._sender)


def test_lists(site: Site, things: Things[Any]) -> None:
    assert list(things.list(limit=3, fields=["Id", "Name"], admin_folder="A|B")) == [{"Id": "1"}]
    query = {"limit": "3", "fields": "Id,Name", "adminFolder": "A|B"}
    assert site.last == ("GET /Things", query, None)
    list(things.parts("DOM\\X"))
    assert site.last == ("GET /Things/DOM%5CX/Parts", {}, None)
    list(things.search({"BasicSearchString": "a"}, skip=2, time_zone="UTC"))
    assert site.last == ("POST /Things/$search", {"skip": "2"}, {"BasicSearchString": "a"})
    assert site.asked[-1].headers["X-TimeZone"] == "UTC"


def test_objects(site: Site, things: Things[Any]) -> None:
    calls: list[tuple[Any, tuple[str, dict[str, str], Any]]] = [
        (lambda: things.about(), ("GET /About", {}, None)),
        (lambda: things.own(), ("GET /footlight/v1/things", {}, None)),
        (lambda: things.get("a/b", fields=["Id"]), ("GET /Things/a%2Fb", {"fields": "Id"}, None)),
        (lambda: things.create({"Name": "x"}), ("POST /Things", {}, {"Name": "x"})),
        (
            lambda: things.update("x", {"On": True}, detail_response_required=False),
            ("PATCH /Things/x", {"detailResponseRequired": "false"}, {"On": True}),
        ),
        (lambda: things.delete("x", force=True), ("DELETE /Things/x", {"force": "true"}, None)),
        (lambda: things.remove_part("x", "y"), ("DELETE /Things/x/Parts/y", {}, None)),
        (lambda: things.change_part("x", "y", {}), ("PATCH /Things/x/Parts/y", {}, {})),
    ]
    for call, expected in calls:
        assert call() == {"Items": [{"Id": "1"}]}
        assert site.last == expected


def test_repeated_parameters(site: Site, things: Things[Any]) -> None:
    things.about(user=["a", "b"], none=None)
    assert site.asked[-1].url.params.multi_items() == [("user", "a"), ("user", "b")]


def test_existence_is_a_truth_value(site: Site, things: Things[Any]) -> None:
    site.answer = httpx.Response(204)
    assert things.exists("x") is True
    site.answer = httpx.Response(404)
    assert things.exists("y") is False
    assert site.last == ("HEAD /Things/y", {}, None)


def test_an_addition_is_waited_for() -> None:
    answers = iter(
        (
            httpx.Response(202, headers={"Location": "http://x.test/cvad/manage/Jobs/j"}),
            httpx.Response(200, json={"Id": "j", "Status": "Complete"}),
            httpx.Response(200, json={"Id": "part"}),
        )
    )
    transport = httpx.MockTransport(lambda request: next(answers))
    client = Footlight("http://x.test", token="t", transport=transport)
    assert Things(client._sender).add_part("x", {"Name": "y"}) == {"Id": "part"}


def test_only_what_changes_nothing_is_sent_again() -> None:
    repeated = {
        name: Route.parse(f"{name} /X").request().repeatable
        for name in ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE")
    }
    assert [name for name, again in repeated.items() if again] == ["GET", "HEAD", "PUT"]


def test_declarations_tell_name_parameters_and_meaning(things: Things[Any]) -> None:
    assert things.get.__name__ == "get"
    assert things.get.__doc__ == "One thing. Raises NotFound."
    assert [*inspect.signature(things.get).parameters] == ["name", "fields", "timeout_s", "query"]
    assert [*parameters_of(Things.update).parameters] == ["name", "body", "timeout_s", "query"]


def test_every_declared_route_has_the_names_that_its_family_takes() -> None:
    """A declaration whose path needs more names than the call gives would fail only when it is used."""
    wrong = []
    for resource in {type(v) for v in vars(Nouns(object())).values() if isinstance(v, Resource)}:
        for name, declared in vars(resource).items():
            route = getattr(declared, "route", "")
            if route:
                parameters = parameters_of(declared).parameters.values()
                given = [p for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name != "body"]
                if len(given) != len(Route.parse(route).names):
                    wrong.append(f"{resource.__name__}.{name}")
    assert wrong == []
