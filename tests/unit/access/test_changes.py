from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footlight.access.changes import seen_changes
from footlight.broker.decision import LaunchRequest
from footlight.store import schema
from footlight.store.store import Tx


@pytest.fixture
async def news(staff: Any) -> Any:
    """A session on the machine of "Linux hosts", and administrators of that and of another scope."""
    made = await staff.rooms.launcher.launch(staff.boss, LaunchRequest("Desktop"))
    await staff.scope("Here", "Linux hosts")
    await staff.scope("There", "Lab")
    roles = ("Read Only Administrator",)
    here = await staff.administrator("here", *((role, "Here") for role in roles))
    there = await staff.administrator("there", *((role, "There") for role in roles))
    return SimpleNamespace(staff=staff, session_id=made.session_id, here=here, there=there)


async def heard(news: Any, caller: Any, *changes: tuple[str, str, str | None]) -> list[str]:
    """The kinds of which the caller hears, of these changes."""

    def write(tx: Tx) -> None:
        for change in changes:
            tx.emit(*change)

    await news.staff.write(write)
    table = schema.outbox
    newest = table.select().order_by(table.c.seq.desc()).limit(len(changes))

    def read(connection: Any) -> list[str]:
        rows = list(connection.execute(newest))[::-1]
        return [row.kind for row in seen_changes(connection, caller, rows)]

    found: list[str] = await news.staff.read(read)
    return found


async def test_a_change_is_heard_by_who_sees_its_object(news: Any) -> None:
    machine_id = "11111111-1111-4111-8111-111111111111"
    changes = (
        ("session", news.session_id, None),
        ("machine", machine_id, None),
        ("machine", "gone", None),
        ("tag", "any", None),
        ("scope", "any", None),
        ("job", "any", None),
        ("of a later release", "any", None),
    )
    assert await heard(news, news.here, *changes) == ["session", "machine", "tag"]
    assert await heard(news, news.there, *changes) == ["tag"]
    boss = await heard(news, news.staff.boss, *changes)
    assert boss == ["session", "machine", "machine", "tag", "scope", "of a later release"]


async def test_ones_own_changes_are_heard_whatever_one_may(news: Any) -> None:
    bob = news.staff.rooms.caller(await news.staff.rooms.account("bob"))
    changes = (
        ("session", news.session_id, bob.account_id),
        ("job", "any", bob.account_id),
        ("recording", "any", None),
        ("tag", "any", None),
    )
    assert await heard(news, bob, *changes) == ["session", "job"]
