from __future__ import annotations

import json
from typing import Any

import pytest

from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.hooks import webhooks
from footlight.store import schema
from footlight.wire.own import WebhookChange

URL = "https://hooks.test/x"
IN_ONE_SCOPE = Grant(frozenset((Permission.SITE_CONFIGURE,)), frozenset(("scope",)))


async def audited(hooks: Any) -> list[str]:
    rows = await hooks.rooms.store.read(lambda c: list(c.execute(schema.audit.select())))
    return [row.text for row in rows]


async def test_a_webhook_is_made_with_a_secret(hooks: Any) -> None:
    made = await hooks.make(URL, "session", "recording", "session", description="to chat")
    assert json.loads(made.events) == ["recording", "session"]
    assert made.secret.startswith("fls_")
    assert made.account_id == hooks.rooms.admin.account_id
    assert (await hooks.row(made)).description == "to chat"
    assert f"Create webhook to {URL}" in await audited(hooks)
    entries = await hooks.rooms.store.read(lambda c: list(c.execute(schema.audit.select())))
    assert not any(made.secret in row.entry for row in entries)


@pytest.mark.parametrize(
    ("url", "events", "description"),
    [
        ("https://10.0.0.1/", [], ""),
        (URL, ["nonsense"], ""),
        (URL, [], "x" * 201),
        (URL, [], "a\nb"),
    ],
)
async def test_wrong_ones_are_refused(
    hooks: Any, url: str, events: list[str], description: str
) -> None:
    with pytest.raises(Invalid):
        await hooks.make(url, *events, description=description)


async def test_who_may_configure_the_site_keeps_webhooks(hooks: Any) -> None:
    rooms = hooks.rooms
    ada = rooms.caller(await rooms.account("ada"), grants=(IN_ONE_SCOPE,))
    eve = rooms.caller(await rooms.account("eve"))
    with pytest.raises(Forbidden):
        await hooks.make(URL, by=eve)
    with pytest.raises(Forbidden):
        await rooms.store.read(lambda c: webhooks.every(c, eve))
    own, admins = await hooks.make(URL, by=ada), await hooks.make(URL)
    seen = await rooms.store.read(lambda c: webhooks.every(c, ada))
    assert [row.id for row in seen] == [own.id]
    seen = await rooms.store.read(lambda c: webhooks.every(c, rooms.admin))
    assert [row.id for row in seen] == [own.id, admins.id]
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: webhooks.get(c, ada, admins.id))


async def test_one_of_somebody_with_more_rights_stays_as_it_is(hooks: Any) -> None:
    rooms = hooks.rooms
    everywhere = Grant(frozenset((Permission.SITE_CONFIGURE,)))
    ada = rooms.caller(await rooms.account("ada"), grants=(everywhere,))
    made = await hooks.make(URL)
    there = hooks.post.destinations
    change = WebhookChange(url="https://mine.test/")
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: webhooks.change(tx, ada, made, change, there))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: webhooks.rotate(tx, ada, made, 1))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: webhooks.note_asked(tx, ada, made))


async def test_what_is_named_changes(hooks: Any) -> None:
    rooms, there = hooks.rooms, hooks.post.destinations
    made = await hooks.make(URL, "session")
    failing = {"failures": 4, "failing_since_ms": 1, "next_attempt_ms": 2**50}
    table = schema.webhooks
    await rooms.store.write(
        lambda tx: tx.connection.execute(table.update().values(**failing)) and None
    )

    async def change(**members: Any) -> Any:
        wanted = WebhookChange(**members)
        row = await hooks.row(made)
        return await rooms.store.write(
            lambda tx: webhooks.change(tx, rooms.admin, row, wanted, there)
        )

    assert (await change(description="x")).failures == 4
    assert (await change(events=["tag"])).events == '["tag"]'
    moved = await change(url="https://other.test/")
    assert (moved.url, moved.failures, moved.next_attempt_ms) == ("https://other.test/", 0, None)
    assert (await change(enabled=False)).enabled is False
    entries = len(await audited(hooks))
    assert (await change(enabled=False)).enabled is False
    assert len(await audited(hooks)) == entries
    assert (await change(enabled=True)).enabled is True
    with pytest.raises(Invalid):
        await change(url="http://x.test/")


async def test_two_secrets_are_valid_for_a_time(hooks: Any) -> None:
    rooms = hooks.rooms
    made = await hooks.make(URL)
    fresh = await rooms.store.write(lambda tx: webhooks.rotate(tx, rooms.admin, made, 2))
    row = await hooks.row(made)
    until_ms = row.previous_until_ms
    assert webhooks.keys(row, until_ms - 1) == [fresh, made.secret]
    assert webhooks.keys(row, until_ms) == [fresh]
    last = await rooms.store.write(lambda tx: webhooks.rotate(tx, rooms.admin, row, 0))
    assert webhooks.keys(await hooks.row(made), 0) == [last]
    for hours in (-1, 169):
        with pytest.raises(Invalid):
            await rooms.store.write(
                lambda tx, hours=hours: webhooks.rotate(tx, rooms.admin, row, hours)
            )


async def test_a_deleted_one_is_gone(hooks: Any) -> None:
    made = await hooks.make(URL)
    await hooks.rooms.store.write(lambda tx: webhooks.delete(tx, hooks.rooms.admin, made))
    with pytest.raises(NotFound):
        await hooks.row(made)
    assert f"Delete webhook to {URL}" in await audited(hooks)


async def test_there_is_a_most(hooks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS", 1)
    await hooks.make(URL)
    with pytest.raises(Conflict):
        await hooks.make(URL)
