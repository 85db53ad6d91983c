from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts, passwords, sign_ins
from footlight.access.access import Access
from footlight.access.tokens import TokenPolicy
from footlight.errors import Unauthenticated
from footlight.store import schema


@pytest.fixture
async def access(rooms: Any) -> Access:
    async def at_once(_: float) -> None:
        """No delay after wrong passwords."""

    stored = await passwords.hash_password("right one")
    await rooms.store.write(lambda tx: accounts.set_password(tx, rooms.admin_account.id, stored))
    return Access(
        rooms.store,
        rooms.clock,
        rooms.site.name,
        rooms.site.token_key,
        TokenPolicy(3_600_000, 7_200_000),
        sleep=at_once,
    )


async def entries(rooms: Any) -> list[tuple[str, str, bool]]:
    query = schema.audit.select().order_by(schema.audit.c.seq)
    rows = await rooms.store.read(lambda c: list(c.execute(query)))
    return [(row.text, row.user_name, row.succeeded) for row in rows]


async def test_signing_in_and_out_is_written(rooms: Any, access: Access) -> None:
    signed = await access.sign_in("ADMIN", "right one", "203.0.113.5")
    await access.sign_out(await access.caller(signed.text, "203.0.113.5", ""))
    assert await entries(rooms) == [
        ("Sign in as 'admin'", "FOOTLIGHT\\admin", True),
        ("Sign out as 'admin'", "FOOTLIGHT\\admin", True),
    ]


async def test_refusals_name_accounts_and_never_what_was_typed(rooms: Any, access: Access) -> None:
    for user, password in (("admin", "hunter2"), ("my secret passphrase", "x")):
        with pytest.raises(Unauthenticated):
            await access.sign_in(user, password, "203.0.113.5")
    with pytest.raises(Unauthenticated):
        await access.sign_in_client("no such client", "x", "203.0.113.5")
    written = await entries(rooms)
    assert written == [
        ("Refused to sign in as 'admin'", "", False),
        ("Refused to sign in by an unknown name", "", False),
        ("Refused to sign in by an unknown name", "", False),
    ]
    raw = await rooms.store.read(
        lambda c: "".join(row.entry for row in c.execute(schema.audit.select()))
    )
    assert "hunter2" not in raw
    assert "secret" not in raw


async def test_one_address_writes_so_many_refusals_a_minute(
    rooms: Any, access: Access, monkeypatch: Any
) -> None:
    for _ in range(sign_ins.PER_ADDRESS + 3):
        with pytest.raises(Unauthenticated):
            await access.sign_in("nobody", "x", "203.0.113.5")
    assert len(await entries(rooms)) == sign_ins.PER_ADDRESS
    with pytest.raises(Unauthenticated):
        await access.sign_in("nobody", "x", "203.0.113.6")
    assert len(await entries(rooms)) == sign_ins.PER_ADDRESS + 1
