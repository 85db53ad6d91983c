from __future__ import annotations

from typing import Any

import pytest

from footlight.caller import Grant, Permission
from footlight.errors import Forbidden, Invalid
from footlight.site import settings
from footlight.wire.rest.site import SiteSettings


async def test_what_is_not_given_stays(rooms: Any) -> None:
    assert await rooms.store.read(settings.read) == settings.DEFAULT
    banner = SiteSettings(security_banner_on_login_page="Mind the gap")
    await rooms.store.write(lambda tx: settings.change(tx, rooms.admin, banner))
    shown = SiteSettings(show_security_banner_on_login_page=True)
    await rooms.store.write(lambda tx: settings.change(tx, rooms.admin, shown))
    found = await rooms.store.read(settings.read)
    assert (found.security_banner_on_login_page, found.show_security_banner_on_login_page) == (
        "Mind the gap",
        True,
    )
    long = SiteSettings(security_banner_on_login_page="x" * 5000)
    with pytest.raises(Invalid):
        await rooms.store.write(lambda tx: settings.change(tx, rooms.admin, long))


async def test_the_site_is_everywhere(rooms: Any) -> None:
    grant = Grant(frozenset({Permission.SITE_CONFIGURE}), frozenset({"some"}))
    ada = rooms.caller(await rooms.account("ada"), grants=(grant,))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: settings.change(tx, ada, SiteSettings()))
