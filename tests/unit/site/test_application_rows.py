from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from footlight.caller import Grant, Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import application_rows, folders, scoping
from footlight.store import schema, sight
from footlight.store.store import Tx

READ = frozenset({Permission.APPLICATION_READ, Permission.GROUP_READ})


@pytest.fixture
async def scoped(rooms: Any) -> Any:
    """A caller whose one scope holds a second group, which gives the terminal too."""

    def write(tx: Tx) -> None:
        run = tx.connection.execute
        terminal = run(
            select(schema.resources.c.id).where(schema.resources.c.name == "Terminal")
        ).scalar_one()
        run(schema.delivery_groups.insert().values(id="second", name="Second"))
        run(
            schema.resource_groups.insert().values(
                resource_id=terminal, delivery_group_id="second", priority=-1
            )
        )
        run(schema.scopes.insert().values(id="own", name="Own"))
        scoping.add(tx, sight.GROUP, "second", ["own"])

    await rooms.store.write(write)
    grant = Grant(READ, frozenset({"own"}))
    return rooms.caller(await rooms.account("ada"), grants=(grant,))


async def test_names_that_lead_to_an_application(rooms: Any) -> None:
    r = schema.resources

    def write(tx: Tx) -> str:
        folder = folders.reach(tx, rooms.admin, "A|B")
        chosen = r.update().where(r.c.name == "Terminal")
        tx.connection.execute(chosen.values(folder_id=folder.id))
        return folder.id

    await rooms.store.write(write)

    async def named(name: str) -> str | None:
        row = await rooms.store.read(lambda c: application_rows.find(c, rooms.admin, name))
        return None if row is None else str(row.name)

    assert [await named(name) for name in ("terminal", "a|b|TERMINAL", "A\\B\\Terminal", "2")] == [
        "Terminal"
    ] * 4
    for name in ("Desktop", "A|Terminal", "B|Terminal", "nothing"):
        assert await named(name) is None, name


async def test_a_scoped_caller_sees_its_groups_only(rooms: Any, scoped: Any) -> None:
    def look(who: Any) -> Any:
        def read(connection: Any) -> tuple[list[str], list[str], list[str]]:
            rows = list(connection.execute(application_rows.seen(who)))
            terminal = application_rows.get(connection, who, "Terminal")
            facts = application_rows.facts(connection, who, [terminal.id])[terminal.id]
            return (
                [row.name for row in rows],
                [group.name for group in facts.groups],
                [scope.name for scope in facts.scopes],
            )

        return rooms.store.read(read)

    assert await look(scoped) == (["Terminal"], ["Second"], ["Own"])
    names, groups, scopes = await look(rooms.admin)
    assert (len(names), groups, scopes) == (3, ["Second", "Everyone"], ["Own"])
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: application_rows.get(c, scoped, "Web Browser"))
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: application_rows.group(c, scoped, "Everyone"))
    with pytest.raises(Forbidden):
        await rooms.store.write(
            lambda tx: application_rows.changeable(
                tx, scoped, Permission.APPLICATION_EDIT, "Terminal"
            )
        )
