"""The route table: every spelling of a path reaches its one canonical form."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.api.paths import Route, RouteTable, canonical_query, decode_parameter

TABLE = RouteTable(
    [
        Route("GET", "/Sessions"),
        Route("GET", "/Sessions/RecordingStatus"),
        Route("POST", "/Sessions/$search"),
        Route("GET", "/Sessions/{id}"),
        Route("POST", "/Sessions/{id}/$startRecording"),
        Route("GET", "/Sites/{nameOrId}"),
        Route("GET", "/me"),
    ],
    [
        Route("GET", "/"),
        Route("GET", "/footlight/v1/recordings/{id}/segments/{n}"),
        Route("GET", "/console/{rest...}"),
    ],
)


@pytest.mark.parametrize(
    ("path", "template", "customer", "site", "base"),
    [
        ("/cvad/manage/Sessions", "/Sessions", None, None, "/cvad/manage"),
        ("//CVAD//manage/sessions//", "/Sessions", None, None, "/CVAD/manage"),
        ("/citrix/orchestration/api/me", "/me", None, None, "/citrix/orchestration/api"),
        ("/citrix/orchestration/api/Cust/sites/S1", "/Sites/{nameOrId}", "Cust", None,
         "/citrix/orchestration/api/Cust"),
        ("/citrix/orchestration/api/Cust/SITE/Sessions", "/Sessions", "Cust", "SITE",
         "/citrix/orchestration/api/Cust/SITE"),
        ("/citrix/orchestration/api/techpreview/me", "/me", None, None,
         "/citrix/orchestration/api/techpreview"),
        ("/citrix/orchestration/api/techpreview/C/S/Sessions", "/Sessions", "C", "S",
         "/citrix/orchestration/api/techpreview/C/S"),
        ("/cvadapis/S/sessions", "/Sessions", None, "S", "/cvadapis/S"),
        ("/cvadapis/me", "/me", None, None, "/cvadapis"),
    ],
)  # fmt: skip
def test_prefixes(
    path: str, template: str, customer: str | None, site: str | None, base: str
) -> None:
    matched = TABLE.match(path.encode())
    assert matched is not None
    assert matched.template == "/cvad/manage" + template
    assert (matched.customer, matched.site, matched.base) == (customer, site, base)
    assert matched.cvad


@pytest.mark.parametrize("dollar", ["$", "%24"])
def test_literals_in_any_case_before_parameters(dollar: str) -> None:
    search = TABLE.match(f"/cvad/manage/SESSIONS/{dollar}SEARCH")
    assert search is not None
    assert search.path == "/cvad/manage/Sessions/$search"
    assert set(search.methods) == {"POST"}
    start = TABLE.match(f"/cvad/manage/sessions/AbC/{dollar}startrecording")
    assert start is not None
    assert start.path == "/cvad/manage/Sessions/AbC/$startRecording"
    assert start.parameters == {"id": "AbC"}


def test_a_literal_that_leads_nowhere_gives_way_to_the_parameter() -> None:
    matched = TABLE.match("/cvad/manage/Sessions/RecordingStatus/$startRecording")
    assert matched is not None
    assert matched.parameters == {"id": "RecordingStatus"}


@pytest.mark.parametrize(
    "path",
    [
        "/cvad", "/cvad/manage", "/Sessions", "/cvad/manage/Sessions/a/b", "/cvad/manage/me/x",
        "/citrix/orchestration/api/a/b/c/Sessions", "/cvadapis/a/b/Sessions",
        "/cvad/manage/Sessions/%ff", "/cvad/manage/Sessions/%00", "/cvad/manage/Sessions/%0a",
        "/x" * 65, "/console/../secret", "/console/a%2F..%2Fb", "/console",
    ],
)  # fmt: skip
def test_unknown_paths(path: str) -> None:
    assert TABLE.match(path) is None


def test_own_paths_and_rest() -> None:
    root = TABLE.match("/")
    assert root is not None
    assert (root.path, root.cvad, root.base) == ("/", False, "")
    segment = TABLE.match("/Footlight/V1/Recordings/AB/segments/3")
    assert segment is not None
    assert segment.path == "/footlight/v1/recordings/AB/segments/3"
    file = TABLE.match("/console/assets/Index-x1.js")
    assert file is not None
    assert file.parameters == {"rest": "assets/Index-x1.js"}
    assert file.path == "/console/assets/Index-x1.js"


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40))
def test_any_printable_parameter_survives(value: str) -> None:
    matched = TABLE.match("/cvad/manage/Sites/" + quote(value, safe="$!'()*,:@"))
    assert matched is not None
    assert matched.parameters == {"nameOrId": value}
    assert matched.path.count("/") == 4
    assert "?" not in matched.path
    assert decode_parameter(matched.path.rsplit("/", 1)[1]) == value


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        (b"", b""),
        (b"LIMIT=1&ContinuationToken=A%2fB&x=Y", b"limit=1&continuationToken=A%2fB&x=Y"),
        (b"notifyuser=False", b"notifyUser=False"),
        (b"continuationtoken=", b"continuationToken="),
        (b"%69d=1&flag", b"id=1&flag"),
    ],
)
def test_query_names(query: bytes, canonical: bytes) -> None:
    assert canonical_query(query) == canonical


def test_contradicting_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        RouteTable([Route("GET", "/a"), Route("GET", "/A".lower())])
    with pytest.raises(ValueError, match="another name"):
        RouteTable([Route("GET", "/a/{id}"), Route("GET", "/a/{name}/b")])
    with pytest.raises(ValueError, match="spelled"):
        RouteTable([Route("GET", "/a"), Route("GET", "/A/b")])


def test_routes_are_listed_whole() -> None:
    listed = {(route.method, route.template) for route in TABLE.routes}
    assert ("GET", "/cvad/manage/Sessions/{id}") in listed
    assert ("GET", "/footlight/v1/recordings/{id}/segments/{n}") in listed


@pytest.mark.parametrize(
    "path",
    ["/citrix/orchestration/api", "/citrix/orchestration/api/x", "/cvadapis", "/cvad/manage"],
)
def test_a_prefix_with_nothing_behind_it_is_no_route(path: str) -> None:
    assert RouteTable([Route("GET", "/Sessions")]).match(path) is None
