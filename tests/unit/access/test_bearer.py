"""A token is as good as the account, read anew each time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, update

from footlight.access import accounts, roles, tokens
from footlight.access.bearer import bearer_of
from footlight.access.tokens import Token
from footlight.caller import ALL_PERMISSIONS
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.store import Store

_a = schema.accounts


@pytest.fixture
async def token(store: Store) -> Token:
    """Of an administrator of everything."""

    def write(tx: Any) -> str:
        found_site(tx, "EX", samples=False)
        account = accounts.create(tx, "ada")
        roles.make_full(tx, account.id)
        return account.id

    return Token(await store.write(write), "t", 1000, 2**50, 2**50, False)


async def found(store: Store, token: Token) -> Any:
    return await store.read(lambda c: bearer_of(c, token, 2000))


async def test_account_and_grants(store: Store, token: Token) -> None:
    bearer = await found(store, token)
    assert bearer.account.name == "ada"
    (grant,) = bearer.grants
    assert (grant.permissions, grant.scope_ids) == (ALL_PERMISSIONS, None)


async def test_who_has_no_role_has_no_grant(store: Store, token: Token) -> None:
    await store.write(
        lambda tx: tx.connection.execute(schema.administrator_rights.delete()) and None
    )
    assert (await found(store, token)).grants == ()


async def test_a_disabled_administrator_has_no_grant(store: Store, token: Token) -> None:
    disable = update(schema.administrators).values(enabled=False)
    await store.write(lambda tx: tx.connection.execute(disable) and None)
    assert (await found(store, token)).grants == ()


async def test_a_revoked_token_is_dead(store: Store, token: Token) -> None:
    await store.write(lambda tx: tokens.revoke(tx, token.token_id, 2**50))
    assert await found(store, token) is None
    assert await found(store, replace(token, token_id="another")) is not None


@pytest.mark.parametrize(
    "change", [update(_a).values(enabled=False), update(_a).values(tokens_after_ms=1001)], ids=str
)
async def test_an_account_may_turn_them_all_down(store: Store, token: Token, change: Any) -> None:
    await store.write(lambda tx: tx.connection.execute(change) and None)
    assert await found(store, token) is None


async def test_nobody_has_no_bearer(store: Store, token: Token) -> None:
    assert await found(store, replace(token, account_id="gone")) is None


async def test_of_local_ones_the_last_is_good(store: Store, token: Token) -> None:
    local = replace(token, local=True, issued_at_ms=0)
    assert await found(store, local) is None
    name = update(schema.site).values(local_token_id="t")
    await store.write(lambda tx: tx.connection.execute(name) and None)
    assert await found(store, local) is not None
    assert await found(store, replace(local, token_id="before")) is None


async def test_it_is_one_query(store: Store, token: Token) -> None:
    def read(connection: Any) -> list[str]:
        asked: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        bearer_of(connection, token, 2000)
        return asked

    assert len(await store.read(read)) == 1
