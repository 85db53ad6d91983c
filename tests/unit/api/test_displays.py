from __future__ import annotations

from typing import Any

import pytest

from footlight.access import roles
from footlight.access.tickets import Ticket
from footlight.api.displays import browser_of, may_watch
from footlight.broker.decision import LaunchRequest
from footlight.store import schema


@pytest.mark.parametrize(
    ("user_agent", "platform", "version"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "HeadlessChrome/140.0.0.0 Safari/537.36",
            "Linux",
            "140.0.0.0",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Windows",
            "143.0",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Safari/605.1.15",
            "macOS",
            "18.1",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.1 Mobile", "Android", "140.0.1"),
        ("curl/8.0", "Unknown", ""),
        ("", "Unknown", ""),
    ],
)
def test_platform_and_version_of_the_browser(user_agent: str, platform: str, version: str) -> None:
    assert browser_of(user_agent) == (platform, version)


async def test_who_may_watch_is_looked_at_while_one_watches(door: Any) -> None:
    rooms = door.rooms
    ada = await rooms.account("ada")
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    access = door.parts.access

    async def may(account_id: str) -> bool:
        ticket = Ticket(made.session_id, account_id, "view")
        found: bool = await rooms.store.read(lambda c: may_watch(c, access, ticket))
        return found

    assert await may(rooms.admin.account_id)
    assert not await may(ada.id)
    await rooms.store.write(lambda tx: roles.make_full(tx, ada.id))
    assert await may(ada.id)
    off = schema.administrators.update().where(schema.administrators.c.account_id == ada.id)
    gone = off.values(enabled=False)
    await rooms.store.write(lambda tx: tx.connection.execute(gone) and None)
    assert not await may(ada.id)
    assert not await may("nobody")
