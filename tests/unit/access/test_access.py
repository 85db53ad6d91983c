from __future__ import annotations

import pytest

from footlight.access import accounts, clients, passwords, roles, tokens
from footlight.access.access import Access
from footlight.access.accounts import Account
from footlight.access.lockout import Lockout
from footlight.caller import FULL_GRANT
from footlight.clock import FakeClock
from footlight.errors import Unauthenticated
from footlight.site.founding import found_site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store

POLICY = tokens.TokenPolicy(life_ms=3_600_000, refresh_ms=2 * 3_600_000)
KEY = b"k" * 32


class Place:
    """A site with one administrator, and a clock that a test moves."""

    def __init__(self, store: Store, clock: FakeClock, access: Access, account: Account) -> None:
        self.store, self.clock, self.access, self.account = store, clock, access, account


@pytest.fixture
async def place(database: Database):  # type: ignore[no-untyped-def]
    clock = FakeClock()
    store = await open_store(database, clock)
    await store.write(lambda tx: found_site(tx, "FOOTLIGHT", samples=False))
    stored = await passwords.hash_password("secret")
    account = await store.write(lambda tx: accounts.create(tx, "Ada", password_hash=stored))
    await store.write(lambda tx: roles.make_full(tx, account.id))
    yield Place(store, clock, Access(store, clock, "FOOTLIGHT", KEY, POLICY), account)
    await store.close()


async def test_sign_in_by_plain_and_domain_name(place: Place) -> None:
    for user in ("ada", "Ada", "FOOTLIGHT\\ada", "footlight\\ADA", ".\\ada"):
        assert (await place.access.sign_in(user, "secret")).account.id == place.account.id
    for user, password in (
        ("ada", "Secret"),
        ("OTHER\\ada", "secret"),
        ("bob", "secret"),
        ("", ""),
    ):
        with pytest.raises(Unauthenticated):
            await place.access.sign_in(user, password)


async def test_an_account_without_password_cannot_sign_in(place: Place) -> None:
    await place.store.write(lambda tx: accounts.create(tx, "carol"))
    with pytest.raises(Unauthenticated):
        await place.access.sign_in("carol", "")


async def test_a_token_names_its_caller_until_it_expires(place: Place) -> None:
    text = (await place.access.sign_in("ada", "secret")).text
    assert "=" not in text
    caller = await place.access.caller(text, "203.0.113.1", "agent")
    assert (caller.user_name, caller.address) == ("FOOTLIGHT\\Ada", "203.0.113.1")
    assert caller.grants == (FULL_GRANT,)
    place.clock.advance(POLICY.life_ms)
    with pytest.raises(Unauthenticated, match="expired"):
        await place.access.caller(text, "", "")


async def test_a_signed_out_token_is_dead_at_once(place: Place) -> None:
    text = (await place.access.sign_in("ada", "secret")).text
    other = (await place.access.sign_in("ada", "secret")).text
    await place.access.sign_out(await place.access.caller(text, "", ""))
    with pytest.raises(Unauthenticated):
        await place.access.caller(text, "", "")
    await place.access.caller(other, "", "")


async def test_refresh_keeps_the_first_sign_ins_limit(place: Place) -> None:
    text = (await place.access.sign_in("ada", "secret")).text
    for _ in range(3):
        place.clock.advance(40 * 60_000)
        caller = await place.access.caller(text, "", "")
        if place.clock.now_ms() >= caller.refresh_until_ms:
            break
        text = (await place.access.refresh(caller)).text
    with pytest.raises(Unauthenticated, match="sign in again"):
        await place.access.refresh(await place.access.caller(text, "", ""))


async def test_a_new_password_kills_tokens_issued_before(place: Place) -> None:
    text = (await place.access.sign_in("ada", "secret")).text
    place.clock.advance(10)
    stored = await passwords.hash_password("other")
    await place.store.write(lambda tx: accounts.set_password(tx, place.account.id, stored))
    with pytest.raises(Unauthenticated):
        await place.access.caller(text, "", "")
    place.clock.advance(10)
    await place.access.caller((await place.access.sign_in("ada", "other")).text, "", "")


async def test_calls_that_last_end_with_the_password_too(place: Place) -> None:
    signed = await place.access.caller((await place.access.sign_in("ada", "secret")).text, "", "")
    local = await place.access.caller(await place.access.local_token(place.account), "", "")
    place.clock.advance(10)
    stored = await passwords.hash_password("other")
    await place.store.write(lambda tx: accounts.set_password(tx, place.account.id, stored))
    with pytest.raises(Unauthenticated):
        await place.store.read(lambda c: place.access.renewed(c, signed))
    assert await place.store.read(lambda c: place.access.renewed(c, local))


async def test_only_the_newest_local_token_is_good(place: Place) -> None:
    first = await place.access.local_token(place.account)
    second = await place.access.local_token(place.account)
    with pytest.raises(Unauthenticated):
        await place.access.caller(first, "", "")
    await place.access.caller(second, "", "")
    await place.access.set_local_token(None)
    with pytest.raises(Unauthenticated):
        await place.access.caller(second, "", "")


@pytest.mark.parametrize("text", ["", "a.b.c", "x" * 5000, "eyJhbGciOiJub25lIn0.e30."])
async def test_what_is_no_token_is_refused(place: Place, text: str) -> None:
    with pytest.raises(Unauthenticated):
        await place.access.caller(text, "", "")


async def test_a_token_of_another_site_is_refused(place: Place) -> None:
    text, _ = tokens.issue(b"o" * 32, POLICY, place.account.id, "Ada", place.clock.now_ms())
    with pytest.raises(Unauthenticated):
        await place.access.caller(text, "", "")


async def test_a_locked_name_is_refused_with_the_same_words_by_both_ways(place: Place) -> None:
    lockout = Lockout(name_attempts=2, lock_ms=60_000)
    access = Access(place.store, place.clock, "FOOTLIGHT", KEY, POLICY, lockout)
    stored = await passwords.hash_password("hidden")
    client_id = await place.store.write(lambda tx: clients.create(tx, stored, place.account.id))
    for sign_in, name, right in (
        (access.sign_in, "ada", "secret"),
        (access.sign_in, "nobody", "secret"),
        (access.sign_in_client, client_id, "hidden"),
        (access.sign_in_client, "nobody", "hidden"),
    ):
        said = set()
        for password in ("wrong", "wrong", right):
            with pytest.raises(Unauthenticated) as refused:
                await sign_in(name, password)
            said.add((refused.value.message, str(refused.value.facts)))
        assert len(said) == 1
    # One name, however it is spelled.
    with pytest.raises(Unauthenticated):
        await access.sign_in("FOOTLIGHT\\ADA", "secret")
    # The local administrator's token is no attempt.
    local = await access.local_token(place.account)
    assert (await access.caller(local, "", "")).account_id == place.account.id
    # An administrator's reset unlocks.
    await place.store.write(lambda tx: accounts.set_password(tx, place.account.id, stored))
    assert (await access.sign_in("ada", "hidden")).account.id == place.account.id
    await place.store.write(lambda tx: clients.set_secret(tx, client_id, stored))
    assert (await access.sign_in_client(client_id, "hidden")).account.id == place.account.id


async def test_a_token_names_its_account_by_its_signature(place: Place) -> None:
    text = (await place.access.sign_in("ada", "secret")).text
    assert place.access.account_of(text) == place.account.id
    assert place.access.account_of(text[:-2]) is None
    place.clock.advance(POLICY.life_ms)
    assert place.access.account_of(text) is None
