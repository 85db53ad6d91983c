from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.archive.conftest import Archive

from footlight.access import roles
from footlight.archive import leaves
from footlight.archive.leaves import LEAVE_MS
from footlight.config import SiteConfig
from footlight.errors import Forbidden, Invalid
from footlight.ids import ZERO_GUID
from footlight.store import schema

CONFIG = SiteConfig()


async def auditor(archive: Archive) -> Any:
    account = await archive.rooms.account("vera")

    def write(tx: Any) -> None:
        tx.connection.execute(
            schema.administrators.insert().values(account_id=account.id, enabled=True)
        )
        tx.connection.execute(
            schema.administrator_rights.insert().values(
                account_id=account.id, role_id=roles.AUDITOR.id, scope_id=ZERO_GUID
            )
        )

    await archive.rooms.store.write(write)
    return archive.rooms.caller(account)


async def must(archive: Archive, caller: Any, config: SiteConfig = CONFIG) -> bool:
    return bool(await archive.rooms.store.read(lambda c: leaves.must_give(c, caller, config)))


async def test_who_must_give_a_reason(archive: Archive) -> None:
    vera, admin = await auditor(archive), archive.rooms.admin
    assert await must(archive, vera)
    assert not await must(archive, admin)
    client = replace(vera, client_id="c")
    assert not await must(archive, client)
    assert await must(archive, client, replace(CONFIG, opening_reasons_of_clients=True))
    assert not await must(archive, vera, replace(CONFIG, opening_reasons=""))
    assert await must(archive, admin, replace(CONFIG, opening_reasons="*"))
    named = "Help Desk Administrator, session recording AUDITOR"
    assert await must(archive, vera, replace(CONFIG, opening_reasons=named))
    assert not await must(archive, admin, replace(CONFIG, opening_reasons=named))


async def test_a_reason_is_good_for_a_while(archive: Archive) -> None:
    vera, recording_id = await auditor(archive), await archive.add()

    async def reason(now_ms: int, caller: Any = vera) -> str:
        return str(
            await archive.rooms.store.read(
                lambda c: leaves.reason_for(c, caller, CONFIG, recording_id, now_ms)
            )
        )

    with pytest.raises(Forbidden) as refused:
        await reason(0)
    assert refused.value.code == "ReasonWanted"
    assert await reason(0, archive.rooms.admin) == ""
    for text in ("first", "second"):
        until_ms = await archive.rooms.store.write(
            lambda tx, why=text: leaves.give(tx, vera, recording_id, "FOOTLIGHT\\ada", why)
        )
    assert until_ms - LEAVE_MS <= archive.rooms.clock.now_ms()
    assert await reason(until_ms - 1) == "second"
    with pytest.raises(Forbidden):
        await reason(until_ms)
    entries = await archive.entries("RecordingViewed")
    assert '"Reason":"first"' in entries[0].entry
    with pytest.raises(Invalid):
        await archive.rooms.store.write(
            lambda tx: leaves.give(tx, vera, recording_id, "FOOTLIGHT\\ada", " ")
        )
