from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from footlight.archive import retention
from footlight.archive.retention import RetentionClass
from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound

SHORT = RetentionClass("Short", "a month", 30, False)


async def write(archive: Any, work: Any) -> Any:
    return await archive.rooms.store.write(work)


async def every(archive: Any) -> list[RetentionClass]:
    return list(await archive.rooms.store.read(retention.every))


async def test_a_new_site_keeps_for_ever(archive: Any) -> None:
    (standard,) = await every(archive)
    assert (standard.name, standard.keep_days, standard.is_default) == ("Standard", None, True)
    recording = await archive.row(await archive.add())
    assert recording.retention_class == "Standard"


async def test_classes_are_made_changed_and_deleted(archive: Any) -> None:
    admin = archive.rooms.admin
    await write(archive, lambda tx: retention.create(tx, admin, SHORT))
    with pytest.raises(Conflict):
        await write(archive, lambda tx: retention.create(tx, admin, replace(SHORT, name="sHORT")))
    changed = replace(SHORT, keep_days=None, is_default=True)
    await write(archive, lambda tx: retention.change(tx, admin, "short", changed))
    assert {one.name: one.is_default for one in await every(archive)} == {
        "Short": True,
        "Standard": False,
    }
    assert (await archive.row(await archive.add())).retention_class == "Short"
    with pytest.raises(Conflict):  # the default
        await write(archive, lambda tx: retention.delete(tx, admin, "Short"))
    await write(archive, lambda tx: retention.delete(tx, admin, "standard"))
    with pytest.raises(NotFound):
        await write(archive, lambda tx: retention.delete(tx, admin, "standard"))
    texts = [row.text for row in await archive.entries("ConfigurationChange")]
    assert texts[-3:] == [
        "Create retention class 'Short'",
        "Edit retention class 'Short'",
        "Delete retention class 'Standard'",
    ]


async def test_a_class_of_recordings_stays(archive: Any) -> None:
    admin = archive.rooms.admin
    await write(archive, lambda tx: retention.create(tx, admin, SHORT))
    await archive.add(retention_class="Short")
    with pytest.raises(Conflict, match="have this class"):
        await write(archive, lambda tx: retention.delete(tx, admin, "Short"))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SHORT, name=" "),
        replace(SHORT, name="a/b"),
        replace(SHORT, name="x" * 65),
        replace(SHORT, keep_days=0),
        replace(SHORT, keep_days=36_501),
        replace(SHORT, description="x" * 1001),
    ],
)
async def test_what_cannot_be_is_refused(archive: Any, wrong: RetentionClass) -> None:
    with pytest.raises(Invalid):
        await write(archive, lambda tx: retention.create(tx, archive.rooms.admin, wrong))


async def test_it_needs_the_permission_everywhere(archive: Any) -> None:
    account = await archive.rooms.account("ada")
    some = Grant(frozenset((Permission.RECORDING_POLICY,)), frozenset(("scope",)))
    ada = archive.rooms.caller(account, grants=(some,))
    with pytest.raises(Forbidden):
        await write(archive, lambda tx: retention.create(tx, ada, SHORT))
    retention.require_reader(ada)
    with pytest.raises(Forbidden):
        retention.require_reader(archive.rooms.caller(account))
