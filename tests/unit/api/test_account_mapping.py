from __future__ import annotations

from typing import Any

from footlight.bus import subjects
from footlight.store import schema
from footlight.wire.host import decode, encode
from footlight.wire.logon import HostAccount, LogonAnswer, LogonOrder, LookUp


async def test_an_account_is_mapped_shown_and_unmapped(door: Any) -> None:
    async def agent(payload: bytes) -> bytes:
        order = decode(LogonOrder, payload)  # type: ignore[arg-type]
        assert isinstance(order, LookUp)
        if order.name == "root":
            return encode(LogonAnswer(refusal="not-allowed", words="root is a system account"))
        found = HostAccount(name=order.name, uid=1000, display_name="", groups=[])
        return encode(LogonAnswer(account=found))

    machine = await door.parts.store.read(lambda c: c.execute(schema.machines.select()).one())
    await door.rooms.bus.serve(subjects.logons(machine.id), agent)
    ada = await door.rooms.account("ada")
    url = f"/footlight/v1/accounts/{ada.name}/os-account"
    put = door.client.put
    mapped = await put(url, headers=door.headers, json={"name": "pia"})
    assert (mapped.status_code, mapped.json()["osAccount"]) == (200, "pia")
    refused = await put(url, headers=door.headers, json={"name": "root"})
    assert refused.status_code == 409
    assert "root is a system account" in refused.json()["detail"]
    accounts = (await door.get("/footlight/v1/accounts")).json()["items"]
    assert [one["osAccount"] for one in accounts if one["name"] == "ada"] == ["pia"]
    unmapped = await door.client.delete(url, headers=door.headers)
    assert (unmapped.status_code, unmapped.json()["osAccount"]) == (200, None)
    missing = await put(url.replace("ada", "nobody"), headers=door.headers, json={"name": "pia"})
    assert missing.status_code == 404
