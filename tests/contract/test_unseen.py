"""Nothing that a caller's scopes don't hold can be inferred: his answers are those of a site without it.

A random site is asked by a random caller everything that its routes can be asked. Then all that he does not see is
deleted, which is decided here and not by the code that is tested, and the same questions must have the same answers:
items, counts, order, tokens, and refusals with their reasons. The route table is walked, so new routes are asked too.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Response
from sqlalchemy import Connection, Engine, Table, select

from footlight.access import roles
from footlight.api.app import BOUND
from footlight.api.routing import Bound
from footlight.broker.decision import Terms
from footlight.caller import Caller
from footlight.clock import FakeClock
from footlight.config import SiteConfig
from footlight.errors import FootlightError
from footlight.ids import ZERO_GUID
from footlight.store import schema, sight
from footlight.store.migrate import migrate
from footlight.store.sqlite import _engine

NOW_MS = 1_800_000_000_000
ME, OTHER = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
KIND = {"c": sight.CATALOG, "g": sight.GROUP}

# What is not asked, and why.
NOT_ASKED = {
    "/footlight/v1/events": "a stream (access/changes.py has its own test)",
    "/footlight/v1/sessions/{id}/logs": "what the host tells of a session that is seen",
    "/footlight/v1/sessions/{id}/files": "what the host tells of a session that is seen",
    "/footlight/v1/sessions/{id}/files/{name}": "what the host tells of a session that is seen",
    "/footlight/v1/resources": "what users may launch goes by entitlement, not by scopes",
    "/Jobs": "jobs are their maker's only",
    "/Jobs/{id}": "jobs are their maker's only",
    "/Jobs/{id}/Results": "jobs are their maker's only",
    "/footlight/v1/jobs/{id}": "jobs are their maker's only",
    "/footlight/v1/jobs/{id}/result": "jobs are their maker's only",
    "/footlight/v1/audit/verification": "the file of the chain's head",
    "/footlight/v1/faults": "switches of a stand-in",
    "/footlight/v1/simulation": "the simulation",
    "/Sites/{nameOrId}/Status": "a probe of the running server",
    "/Sites/{nameOrId}/TestReport": "a probe of the running server",
    "/Sites/{nameOrId}/ErrorWarning": "a probe of the running server",
    "/ping/status": "a probe of the running server",
    "/readyz": "a probe of the running server",
}
_FILES = ("/footlight/v1/recordings/{id}/", "/assets", "/openapi", "/docs", "/s/", "/r/")


def guid(kind: str, number: int) -> str:
    return f"{ord(kind):08x}-0000-4000-8000-{number:012}"


@dataclass(frozen=True)
class World:
    """Places are numbers, or None: nowhere."""

    machines: list[tuple[int | None, int | None]]  # catalog, group
    sessions: list[tuple[int, bool]]  # machine, of the caller
    recordings: list[tuple[int | None, int | None, bool]]  # catalog, group, of the caller
    applications: list[int | None]  # group
    scopes: list[tuple[set[int], set[int]]]  # catalogs, groups
    rights: list[tuple[str, int | None]]  # of the caller: role, scope (None: All)
    others: list[int | None]  # scopes in which another administrator has rights
    separate_duties: bool


_PLACE = st.none() | st.integers(0, 1)
# Roles that read what they manage: who reads a catalog but no machine learns how many it has all the same.
_ROLES = [roles.FULL, roles.READ_ONLY, roles.HELP_DESK, roles.CATALOG, roles.GROUP, roles.AUDITOR]
WORLDS = st.builds(
    World,
    machines=st.lists(st.tuples(_PLACE, _PLACE), min_size=1, max_size=4),
    sessions=st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6),
    recordings=st.lists(st.tuples(_PLACE, _PLACE, st.booleans()), max_size=4),
    applications=st.lists(_PLACE, max_size=3),
    scopes=st.lists(
        st.tuples(st.sets(st.integers(0, 1)), st.sets(st.integers(0, 1))), min_size=3, max_size=3
    ),
    rights=st.lists(
        st.tuples(
            st.sampled_from([role.id for role in _ROLES]),
            # Mostly a scope: who has All sees everything.
            st.sampled_from([0, 1, 0, 1, None]),
        ),
        max_size=3,
    ),
    others=st.lists(st.none() | st.integers(0, 2), min_size=1, max_size=2, unique=True),
    separate_duties=st.booleans(),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("unseen") / "site.db"
    migrate(file)
    made = _engine(file, "BEGIN", read_only=False)
    yield made
    made.dispose()


def build(connection: Connection, world: World) -> None:
    """Write the world."""

    def put(table: Table, **values: Any) -> None:
        connection.execute(table.insert().values(**values))

    s = schema
    put(s.site, id=guid("t", 0), name="SITE", customer_id="c", token_key=b"k" * 32, created_at_ms=1)
    put(s.zones, id=guid("z", 0), name="Primary", is_primary=True)
    for id, name in ((ME, "me"), (OTHER, "other")):
        put(
            s.accounts, id=id, name=name, name_key=name, display_name=name, enabled=True,
            created_at_ms=1,
        )  # fmt: skip
        put(s.administrators, account_id=id, enabled=True)
    for number in range(2):
        put(s.catalogs, id=guid("c", number), name=f"C{number}", zone_id=guid("z", 0))
        put(s.delivery_groups, id=guid("g", number), name=f"G{number}")
    for number, place in enumerate(world.machines):
        put(
            s.machines, id=guid("m", number), name=f"SITE\\M{number}", dns_name=f"m{number}.test",
            os_type="Debian 12", os_version="12", agent_version="1", as_root=True,
            agent_public_key="00", zone_id=guid("z", 0), registered=True, last_seen_ms=NOW_MS,
            **_placed(place),
        )  # fmt: skip
    for number, (machine, mine) in enumerate(world.sessions):
        put(
            s.sessions, id=guid("s", number), **_whose(mine), user_display_name="U",
            machine_id=guid("m", machine % len(world.machines)), resource_id=guid("a", 0),
            resource_name="A0", session_type="Application", launch="{}", brokered_at_ms=NOW_MS,
            brokered_by="SITE\\x", generation=1, wanted="run", phase="running", state="Active",
            state_changed_at_ms=NOW_MS, app_state="Active", app_state_changed_at_ms=NOW_MS,
            established_at_ms=NOW_MS, started_at_ms=NOW_MS,
        )  # fmt: skip
    for number, (catalog, group, mine) in enumerate(world.recordings):
        put(
            s.recordings, id=guid("r", number), session_id=guid("s", number), **_whose(mine),
            machine_id=guid("m", 0), machine_name="SITE\\M0", resource_name="A0", reason="x",
            ordered_by="x", notify=True, ordered_at_ms=1, status="completed", started_at_ms=2,
            **_placed((catalog, group)),
        )  # fmt: skip
    for number, place in enumerate(world.applications):
        put(
            s.resources, id=guid("a", number), name=f"A{number}", published_name=f"A{number}",
            kind="Application", command='["x"]', enabled=True,
        )  # fmt: skip
        if place is not None:
            put(
                s.resource_groups, resource_id=guid("a", number), delivery_group_id=guid("g", place)
            )
    put(s.tags, id=guid("t", 1), name="Red")
    for number in range(len(world.machines)):
        put(s.tag_objects, tag_id=guid("t", 1), object_kind="Machine", object_id=guid("m", number))
    for number, (catalogs, groups) in enumerate(world.scopes):
        put(s.scopes, id=guid("o", number), name=f"S{number}")
        for kind, members in (("c", catalogs), ("g", groups)):
            for member in members:
                put(
                    s.scope_objects, scope_id=guid("o", number), object_kind=KIND[kind],
                    object_id=guid(kind, member),
                )  # fmt: skip
    for account, rights in (
        (ME, world.rights),
        (OTHER, [(roles.HELP_DESK.id, scope) for scope in world.others]),
    ):
        for role, scope in dict.fromkeys(rights):
            scope_id = ZERO_GUID if scope is None else guid("o", scope)
            put(s.administrator_rights, account_id=account, role_id=role, scope_id=scope_id)


def _placed(place: tuple[int | None, int | None]) -> dict[str, str | None]:
    catalog, group = place
    return {
        "catalog_id": None if catalog is None else guid("c", catalog),
        "delivery_group_id": None if group is None else guid("g", group),
    }


def _whose(mine: bool) -> dict[str, str]:
    return {
        "account_id": ME if mine else OTHER,
        "user_name": "SITE\\me" if mine else "SITE\\other",
    }


class Oracle:
    """Who sees what, from the world's own words."""

    def __init__(self, world: World) -> None:
        self.world = world

    def everywhere(self, permission: str) -> bool:
        return any(
            scope is None and self._grants(role, permission) for role, scope in self.world.rights
        )

    def scopes(self, permission: str) -> set[int]:
        return {
            scope
            for role, scope in self.world.rights
            if scope is not None and self._grants(role, permission)
        }

    def holds(self, permission: str, catalog: int | None, group: int | None) -> bool:
        if self.everywhere(permission):
            return True
        held = [self.world.scopes[scope] for scope in self.scopes(permission)]
        return any(catalog in catalogs or group in groups for catalogs, groups in held)

    def _grants(self, role: str, permission: str) -> bool:
        hidden = ("Recording_View", "Recording_Export", "Recording_DeleteAndHold")
        if role == roles.FULL.id and self.world.separate_duties and permission in hidden:
            return False
        return permission in roles.BUILT_IN[role].permissions

    # by number
    def catalog(self, number: int) -> bool:
        return self.holds("Catalog_Read", number, None)

    def group(self, number: int) -> bool:
        return self.holds("DesktopGroup_Read", None, number)

    def machine(self, number: int) -> bool:
        return self.holds("Machine_Read", *self.world.machines[number])

    def session(self, number: int) -> bool:
        machine, mine = self.world.sessions[number]
        place = self.world.machines[machine % len(self.world.machines)]
        return mine or self.holds("Session_Read", *place)

    def recording(self, number: int) -> bool:
        catalog, group, mine = self.world.recordings[number]
        if mine and self.world.separate_duties:
            return False
        return self.holds("Recording_View", catalog, group)

    def application(self, number: int) -> bool:
        group = self.world.applications[number]
        if group is None:
            return self.everywhere("Application_Read")
        return self.holds("Application_Read", None, group)


def delete_unseen(connection: Connection, world: World) -> None:
    """Leave what the caller sees, and what that names: a seen machine's catalog, a seen session's machine and
    application (the first one), the machines of a seen container, which it counts."""
    sees = Oracle(world)
    places = world.machines
    sessions = [n for n in range(len(world.sessions)) if sees.session(n)]
    catalogs = {n for n in range(2) if sees.catalog(n)}
    groups = {n for n in range(2) if sees.group(n)}
    named = {world.sessions[n][0] % len(places) for n in sessions}
    machines = {
        n
        for n, (catalog, group) in enumerate(places)
        if sees.machine(n) or n in named or catalog in catalogs or group in groups
    }
    kept_catalogs = catalogs | {places[n][0] for n in machines}
    kept_groups = groups | {places[n][1] for n in machines}
    mine = {scope for _, scope in world.rights if scope is not None}
    # Who may read something everywhere is shown all scopes of it.
    scopes = set(range(3)) if any(scope is None for _, scope in world.rights) else mine
    applications = [
        n
        for n, group in enumerate(world.applications)
        if sees.application(n) or (group is not None and group in groups) or (n == 0 and sessions)
    ]
    kept_groups |= {world.applications[n] for n in applications}
    if not sees.everywhere("Admin_Read"):
        hidden = schema.administrator_rights.c
        seen_rights = {guid("o", scope) for scope in sees.scopes("Admin_Read")}
        connection.execute(
            schema.administrator_rights.delete().where(
                hidden.account_id == OTHER, hidden.scope_id.not_in(seen_rights)
            )
        )
    kept: list[tuple[Table, str, str, Any]] = [
        (schema.recordings, "id", "r", [n for n in range(9) if _there(world.recordings, n, sees.recording)]),
        (schema.sessions, "id", "s", sessions),
        (schema.tag_objects, "object_id", "m", machines),
        (schema.resource_groups, "resource_id", "a", applications),
        (schema.resources, "id", "a", applications),
        (schema.scope_objects, "scope_id", "o", scopes),
        (schema.administrator_rights, "scope_id", "o", scopes),
        (schema.scopes, "id", "o", scopes),
        (schema.machines, "id", "m", machines),
        (schema.catalogs, "id", "c", kept_catalogs),
        (schema.delivery_groups, "id", "g", kept_groups),
    ]  # fmt: skip
    for table, column, kind, numbers in kept:
        ids = [guid(kind, number) for number in numbers if number is not None]
        connection.execute(table.delete().where(table.c[column].not_in([*ids, ZERO_GUID])))


def _there(listed: list[Any], number: int, seen: Callable[[int], bool]) -> bool:
    return number < len(listed) and seen(number)


class At:
    """A store that is one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read(self, work: Any) -> Any:
        return work(self._connection)


def caller_of(connection: Connection, world: World) -> Caller:
    duties = world.separate_duties
    return Caller(
        account_id=ME, name="me", user_name="SITE\\me", display_name="me",
        grants=roles.grants_of(connection, ME, separate_duties=duties),
        token_id="t", expires_at_ms=NOW_MS, refresh_until_ms=NOW_MS, address="127.0.0.1",
        separate_duties=duties,
    )  # fmt: skip


PARAMETERS: Mapping[str, list[str]] = {
    "Sessions": [guid("s", n) for n in range(4)],
    "sessions": [guid("s", n) for n in range(4)],
    "recordings": [guid("r", n) for n in range(3)],
    "Machines": [guid("m", 0), guid("m", 1), "M2", "SITE\\M3"],
    "MachineCatalogs": [guid("c", 0), "c1"],
    "DeliveryGroups": [guid("g", 0), "g1"],
    "Applications": [guid("a", 0), "a1"],
    "Tags": ["red"],
    "Administrators": ["me", "SITE\\other"],
    "Scopes": ["All", guid("o", 0), "S1", "s2"],
    "Roles": ["Full Administrator"],
}
SEARCHES: list[dict[str, Any]] = [
    {},
    {"SortCriteria": {"Property": "SessionCount", "SortDirection": "Descending"}},
    {"SearchFilters": [{"Property": "MachineCatalog", "Operator": "Equals", "Value": "C0"}]},
    {"SearchFilters": [{"Property": "SessionCount", "Operator": "GreaterThan", "Value": "0"}]},
    {"BasicSearchString": "m0"},
]


def asked() -> list[Bound]:
    """Routes that answer without changing anything."""
    return [
        bound
        for bound in BOUND
        if (bound.route.method == "GET" or bound.route.template.endswith("/$search"))
        and bound.route.template not in NOT_ASKED
        and not bound.route.template.startswith(_FILES)
        and "caller" in inspect.signature(bound.function).parameters
    ]


ASKED = asked()


def questions(bound: Bound) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Arguments and body of each way to ask the route."""
    words = [word for word in bound.route.template.split("/") if word]
    names = [word[1:-1] for word in words if word.startswith("{")]
    group = (
        words[1] if words[0] in ("Admin", "Identity", "ConfigLog") and len(words) > 1 else words[0]
    )
    if words[:2] == ["footlight", "v1"]:
        group = words[2]
    bodies = SEARCHES if words[-1] == "$search" else [{}]
    for value in PARAMETERS.get(group, []) if names else [""]:
        for body in bodies:
            # Of two parameters the second is the other's (a group's catalog).
            rest = {name: guid("c", 0) for name in names[1:]}
            yield ({names[0]: value, **rest} if names else {}), msgspec.json.encode(body)
    if bound.route.template == "/Sessions/RecordingStatus":
        for value in PARAMETERS["Sessions"]:
            yield {"id": value}, b""


async def ask(
    parts: Any, caller: Caller, bound: Bound, values: dict[str, Any], body: bytes
) -> list[Any]:
    """The answers, page by page; a refusal with all that it tells."""
    accepted = inspect.signature(bound.function).parameters
    given: dict[str, Any] = {"parts": parts, "caller": caller, **values}
    request = SimpleNamespace(headers={}, scope={"state": {"entry": SimpleNamespace(base_url="x")}})

    async def read_body() -> bytes:
        return body

    request.body = read_body
    if "request" in accepted:
        given["request"] = request
    paged = "continuationToken" in accepted
    if paged:
        given["limit"] = 1
    found: list[Any] = []
    for _ in range(20):
        call = {name: value for name, value in given.items() if name in accepted}
        try:
            answer = await _called(bound.function, call)
        except FootlightError as error:
            found.append((type(error).__name__, error.code, error.message, error.facts))
            return found
        found.append(answer)
        token = _token_of(answer) if paged else None
        if token is None:
            return found
        given["continuationToken"] = token
    raise AssertionError(f"{bound.path}: the pages do not end")


async def _called(function: Callable[..., Any], call: dict[str, Any]) -> Any:
    answer = await function(**call)
    content = answer.content if isinstance(answer, Response) else answer
    raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return msgspec.json.decode(raw) if raw else None


def _token_of(answer: Any) -> str | None:
    if not isinstance(answer, dict):
        return None
    token = answer.get("ContinuationToken") or answer.get("continuationToken")
    return str(token) if token else None


def answers(connection: Connection, caller: Caller) -> dict[str, list[Any]]:
    """All answers, by what was asked."""
    parts = SimpleNamespace(
        store=At(connection),
        site=SimpleNamespace(id=guid("t", 0), name="SITE", customer_id="c", token_key=b"k" * 32),
        clock=FakeClock(NOW_MS),
        config=SiteConfig(),
        launcher=SimpleNamespace(terms=Terms(), waiting=3),
        faults=None,
        simulation=None,
    )

    async def every() -> dict[str, list[Any]]:
        return {
            f"{bound.route.method} {bound.path} {values} {body!r}": await ask(
                parts, caller, bound, values, body
            )
            for bound in ASKED
            for values, body in questions(bound)
        }

    return asyncio.run(every())


@given(world=WORLDS)
@settings(
    max_examples=5,
    deadline=None,
    # To shrink one that fails takes longer than the whole stage may.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_answers_are_those_of_a_site_without_what_is_not_seen(engine: Engine, world: World) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        build(connection, world)
        caller = caller_of(connection, world)
        before = answers(connection, caller)
        delete_unseen(connection, world)
        after = answers(connection, caller)
        transaction.rollback()
    different = {
        question: (before[question], after[question])
        for question in before
        if before[question] != after[question]
    }
    assert different == {}


def test_a_caller_with_everything_sees_everything(engine: Engine) -> None:
    """That the questions above are answered at all."""
    world = World(
        machines=[(0, 0), (1, None), (None, None)], sessions=[(0, False), (1, True)],
        recordings=[(0, 0, False)], applications=[0, None], scopes=[({0}, set())] * 3,
        rights=[(roles.FULL.id, None)], others=[0], separate_duties=False,
    )  # fmt: skip
    with engine.connect() as connection, connection.begin() as transaction:
        build(connection, world)
        caller = caller_of(connection, world)
        found = answers(connection, caller)
        count = len(list(connection.execute(select(schema.machines.c.id))))
        delete_unseen(connection, world)
        assert count == len(list(connection.execute(select(schema.machines.c.id))))
        transaction.rollback()
    assert len(found["GET /cvad/manage/Sessions {} b'{}'"]) == 2
    assert len(found["GET /footlight/v1/recordings {} b'{}'"]) == 1
    refused = {question for question, pages in found.items() if isinstance(pages[0], tuple)}
    assert len(refused) < len(found) / 3, refused


def test_nobody_is_told_the_name_of_what_he_does_not_see(stage: Any, staff: httpx.Client) -> None:
    """Over the wire: an administrator of an empty scope asks every route that there is."""
    mark = "Xanadu"
    catalog = {
        "Name": f"{mark} catalog", "ProvisioningType": "Manual", "SessionSupport": "MultiSession",
        "AllocationType": "Random",
    }  # fmt: skip
    made = [
        staff.post("/MachineCatalogs", json=catalog),
        staff.post("/DeliveryGroups", json={"Name": f"{mark} group"}),
        staff.post("/Admin/Scopes", json={"Name": f"{mark} scope"}),
        staff.post("/Admin/Scopes", json={"Name": "Nothing at all"}),
        staff.post(
            f"{stage.base_url}/footlight/v1/accounts", json={"name": "una", "password": "long one"}
        ),
    ]
    assert [answer.status_code for answer in made] == [200, 200, 201, 201, 201]
    right = {"Role": "Full Administrator", "Scope": "Nothing at all"}
    body = {"User": "una", "Rights": [right]}
    assert staff.post("/Admin/Administrators", json=body).status_code == 204
    token = staff.post("/tokens", auth=("una", "long one")).json()["Token"]
    ids = [answer.json()["Id"] for answer in made[:3]]
    left_out = (*_FILES, "/footlight/v1/events", "/Jobs/{id}/Results")
    told = []
    with httpx.Client(
        base_url=stage.base_url,
        verify=stage.tls(),
        headers={**stage.headers(), "Authorization": f"Bearer {token}"},
        timeout=40,
    ) as una:
        for bound in BOUND:
            if bound.route.method != "GET" or bound.route.template.startswith(left_out):
                continue
            for one in ids if "{" in bound.path else [""]:
                path = re.sub(r"\{[^}]*\}", one, bound.path)
                answer = una.get(path)
                assert answer.status_code < 500, (path, answer.text)
                if mark in answer.text:
                    told.append((path, answer.text[:300]))
    for name in ("Nothing at all", f"{mark} scope"):
        staff.delete(f"/Admin/Scopes/{name}")
    staff.delete("/Admin/Administrators/una")
    staff.delete(f"/MachineCatalogs/{ids[0]}")
    staff.delete(f"/DeliveryGroups/{ids[1]}")
    assert told == []


def test_what_is_not_asked_is_there() -> None:
    templates = {bound.route.template for bound in BOUND}
    assert set(NOT_ASKED) <= templates
