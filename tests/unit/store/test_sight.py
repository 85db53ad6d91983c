from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from footlight.broker.decision import LaunchRequest
from footlight.caller import Caller, Grant, Permission
from footlight.store import schema, sight
from footlight.store.store import Tx


@pytest.fixture
async def scoped(rooms: Any) -> Any:
    """The rooms with a session, and three scopes: of its catalog, of its group, and of nothing that is there."""
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))

    def write(tx: Tx) -> None:
        run = tx.connection.execute
        for scope, kind, table in (
            ("catalog", sight.CATALOG, schema.catalogs),
            ("group", sight.GROUP, schema.delivery_groups),
        ):
            held = run(select(table.c.id)).scalar_one()
            run(schema.scopes.insert().values(id=scope, name=scope))
            run(
                schema.scope_objects.insert().values(
                    scope_id=scope, object_kind=kind, object_id=held
                )
            )
        run(schema.scopes.insert().values(id="empty", name="empty"))

    await rooms.store.write(write)
    return rooms


async def seen(rooms: Any, caller: Caller) -> dict[str, int]:
    """How many of each the caller sees."""
    queries = {
        "catalogs": select(schema.catalogs.c.id).where(sight.catalogs(caller)),
        "groups": select(schema.delivery_groups.c.id).where(sight.groups(caller)),
        "machines": select(schema.machines.c.id).where(sight.machines(caller)),
        "sessions": select(schema.sessions.c.id).where(sight.sessions(caller)),
        "applications": select(schema.resources.c.id).where(sight.applications(caller)),
    }
    return {
        name: len(await rooms.store.read(lambda c, q=query: c.execute(q).all()))
        for name, query in queries.items()
    }


READ = frozenset(p for p in Permission if p.endswith("_Read"))
NAMES = ("catalogs", "groups", "machines", "sessions", "applications")


@pytest.mark.parametrize(
    ("scope", "counts"),
    [
        ("catalog", (1, 0, 1, 1, 0)),
        ("group", (0, 1, 1, 1, 4)),
        ("empty", (0, 0, 0, 0, 0)),
        (None, (1, 1, 1, 1, 4)),
    ],
)
async def test_a_scope_shows_what_it_holds(
    scoped: Any, scope: str | None, counts: tuple[int, ...]
) -> None:
    ada = await scoped.account("ada")
    scopes = None if scope is None else frozenset({scope})
    caller = scoped.caller(ada, grants=(Grant(READ, scopes),))
    assert await seen(scoped, caller) == dict(zip(NAMES, counts, strict=True))


async def test_everybody_sees_own_sessions_and_acts_on_no_others(scoped: Any) -> None:
    ada = scoped.caller(await scoped.account("ada"))
    await scoped.launcher.launch(ada, LaunchRequest("Terminal"))
    assert (await seen(scoped, ada))["sessions"] == 1
    assert (await seen(scoped, scoped.admin))["sessions"] == 2
    acts = select(schema.sessions.c.id).where(sight.sessions(ada, Permission.SESSION_HIDE))
    assert await scoped.store.read(lambda c: c.execute(acts).all()) == []
