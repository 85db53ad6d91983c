from __future__ import annotations

from typing import Any

import pytest

from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.site import icons
from footlight.store import schema
from footlight.store.store import Tx


async def test_an_icon_that_is_shown_is_not_removed(rooms: Any) -> None:
    icon = await rooms.store.write(lambda tx: icons.add(tx, rooms.admin, b"raw", "image/png"))
    r = schema.resources

    def show(tx: Tx, uid: int | None) -> None:
        tx.connection.execute(r.update().where(r.c.name == "Terminal").values(icon_uid=uid))

    await rooms.store.write(lambda tx: show(tx, icon.uid))
    with pytest.raises(Conflict):
        await rooms.store.write(lambda tx: icons.delete(tx, rooms.admin, icon))
    await rooms.store.write(lambda tx: show(tx, None))
    await rooms.store.write(lambda tx: icons.delete(tx, rooms.admin, icon))
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: icons.get(c, str(icon.uid)))


async def test_removing_needs_the_right_everywhere(rooms: Any) -> None:
    icon = await rooms.store.write(lambda tx: icons.add(tx, rooms.admin, b"raw", "image/png"))
    grant = Grant(frozenset({Permission.ICON_MANAGE}), frozenset({"some"}))
    ada = rooms.caller(await rooms.account("ada"), grants=(grant,))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: icons.delete(tx, ada, icon))


async def test_there_is_one_for_everything(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = await rooms.store.read(icons.default_uid)
    assert (await rooms.store.read(lambda c: icons.get(c, str(uid)))).is_built_in
    monkeypatch.setattr(icons, "MAX_ICONS", 5)
    with pytest.raises(Conflict):
        await rooms.store.write(lambda tx: icons.add(tx, rooms.admin, b"raw", "image/png"))
