"""The groups as the command line has them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.api.app import route_table
from footlight.cli import call
from footlight.cli.collection import declared
from footlight.cli.inventory import GROUPS
from footlight.sdk import Footlight
from footlight.sdk.collection import Route
from footlight.sdk.nouns import Nouns
from footlight.sdk.operation import parameters_of

ROUTES = route_table()


def test_every_group_is_a_noun_of_the_client() -> None:
    nouns = Nouns(object())
    wrong = [
        g.name for g in GROUPS if not isinstance(getattr(nouns, g.attribute, None), g.resource)
    ]
    assert wrong == []
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_every_command_sends_its_own_request(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        matched = ROUTES.match(request.url.raw_path)
        assert matched is not None
        if matched.methods[request.method].always_job:
            return httpx.Response(202, headers={"Location": "http://x.test/Jobs/j"})
        status = {"Id": "j", "Status": "Complete"} if "/Jobs/" in request.url.path else {}
        return httpx.Response(200, json={"Items": [{"Name": "one", "Id": "1"}], **status})

    client = Footlight("http://x.test", token="t", transport=httpx.MockTransport(answer))
    monkeypatch.setattr(call, "find_place", lambda *_: None)
    monkeypatch.setattr(call, "open_client", lambda *_: client)
    monkeypatch.setattr(client, "close", lambda: None)
    for group in GROUPS:
        for name, operation in declared(group.resource).items():
            route = Route.parse(operation.route)
            words = [
                group.name,
                name.replace("_", "-"),
                *(f"p{n}" for n, _ in enumerate(route.names)),
            ]
            if "body" in parameters_of(operation).parameters:
                words += ["--set", "Name=x"]
            before = len(asked)
            ended = run(*words)
            assert ended.code == 0, (words, ended.err)
            wanted = route.request(*words[2 : 2 + len(route.names)])
            first = asked[before]
            assert (first.method, first.url.path) == (wanted.method, wanted.path), words


def test_a_group_works(run: Any, site: Any, data_dir: Any) -> None:
    site.on("GET", "/cvad/manage/HealthCheck", True)
    assert run("server", "health").out == "true\n"
    site.on("GET", "/cvad/manage/Machines/H/Sessions", {"Items": [{"Id": "s", "State": "Active"}]})
    assert run("machines", "sessions", "H").out.split() == ["STATE", "ID", "Active", "s"]
