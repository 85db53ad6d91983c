"""API clients: their secrets, their ends, and what tokens have of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from footlight.access import accounts, clients, groups, passwords, roles
from footlight.access.access import Access, SignedIn
from footlight.access.accounts import Account
from footlight.access.tokens import TokenPolicy
from footlight.caller import Caller
from footlight.clock import FakeClock
from footlight.errors import Conflict, Invalid, NotFound, Unauthenticated
from footlight.site.founding import found_site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store, Tx

HOUR_MS = 3_600_000
POLICY = TokenPolicy(life_ms=HOUR_MS, refresh_ms=12 * HOUR_MS)


@dataclass
class Place:
    """A site with an account and a clock that a test moves."""

    store: Store
    clock: FakeClock
    access: Access
    account: Account

    async def client(self, secret: str, name: str = "ci", **options: Any) -> str:
        stored = await passwords.hash_password(secret)
        return await self.store.write(
            lambda tx: clients.create(tx, stored, self.account.id, name=name, **options)
        )

    async def change(self, id: str, secret: str, **options: Any) -> None:
        stored = await passwords.hash_password(secret)
        await self.store.write(lambda tx: clients.set_secret(tx, id, stored, **options))

    async def known(self, id: str) -> clients.Client:
        return await self.store.read(lambda c: clients.require(c, id))

    async def sign_in(self, id: str, secret: str) -> SignedIn:
        return await self.access.sign_in_client(id, secret)

    async def caller(self, text: str) -> Caller:
        return await self.access.caller(text, "", "")

    async def dead(self, text: str) -> bool:
        try:
            await self.caller(text)
        except Unauthenticated:
            return True
        return False


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    clock = FakeClock()
    store = await open_store(database, clock)

    def found(tx: Tx) -> Account:
        found_site(tx, "FOOTLIGHT", samples=False)
        return accounts.create(tx, "robot")

    account = await store.write(found)
    yield Place(store, clock, Access(store, clock, "FOOTLIGHT", b"k" * 32, POLICY), account)
    await store.close()


async def test_it_acts_as_its_account_and_its_use_is_noted(place: Place) -> None:
    id = await place.client("hidden")
    assert (await place.known(id)).last_used_at_ms is None
    signed_in = await place.sign_in(id.upper(), "hidden")
    caller = await place.caller(signed_in.text)
    assert (caller.account_id, caller.client_id) == (place.account.id, id)
    assert (await place.known(id)).last_used_at_ms == place.clock.now_ms()
    first = place.clock.now_ms()
    place.clock.advance(clients.USE_NOTED_EVERY_MS - 1)
    await place.sign_in(id, "hidden")
    assert (await place.known(id)).last_used_at_ms == first
    with pytest.raises(Unauthenticated):
        await place.sign_in(id, "wrong")


async def test_the_moment_it_expires_it_and_its_tokens_are_dead(place: Place) -> None:
    end_ms = place.clock.now_ms() + 90_000
    id = await place.client("hidden", expires_at_ms=end_ms)
    signed_in = await place.sign_in(id, "hidden")
    assert signed_in.token.expires_at_ms <= end_ms
    caller = await place.caller(signed_in.text)
    place.clock.advance(60_000)
    refreshed = await place.access.refresh(caller)  # no further than the end
    assert refreshed.token.expires_at_ms <= end_ms
    assert not await place.dead(refreshed.text)
    place.clock.advance(30_000)
    assert await place.dead(signed_in.text)
    assert await place.dead(refreshed.text)
    with pytest.raises(Unauthenticated):
        await place.store.read(lambda c: place.access.renewed(c, caller))
    with pytest.raises(Unauthenticated):
        await place.sign_in(id, "hidden")
    # An expiry that is brought forward counts for tokens that are out.
    await place.change(id, "other", expires_at_ms=place.clock.now_ms() + HOUR_MS)
    good = (await place.sign_in(id, "other")).text
    await place.change(id, "other", expires_at_ms=place.clock.now_ms() + 1)
    place.clock.advance(1)
    assert await place.dead(good)


async def test_the_old_secret_is_good_for_the_stated_time(place: Place) -> None:
    id = await place.client("old")
    before = (await place.sign_in(id, "old")).text
    await place.change(id, "new", overlap_ms=10_000)
    overlapping = await place.sign_in(id, "old")
    assert overlapping.token.expires_at_ms <= place.clock.now_ms() + 10_000
    after = (await place.sign_in(id, "new")).text
    renewed = await place.access.refresh(await place.caller(before))
    place.clock.advance(9_999)
    assert not await place.dead(before)
    place.clock.advance(1)
    assert [await place.dead(one) for one in (before, overlapping.text, renewed.text)] == [True] * 3
    assert not await place.dead(after)
    with pytest.raises(Unauthenticated):
        await place.sign_in(id, "old")
    # Without an overlap at once; and of two before only the last may be good.
    await place.change(id, "third")
    assert await place.dead(after)
    await place.change(id, "fourth", overlap_ms=10_000)
    await place.change(id, "fifth", overlap_ms=10_000)
    await place.sign_in(id, "fourth")
    with pytest.raises(Unauthenticated):
        await place.sign_in(id, "third")


async def test_what_is_revoked_is_dead_at_once(place: Place) -> None:
    id = await place.client("hidden")
    text = (await place.sign_in(id, "hidden")).text
    caller = await place.caller(text)
    assert await place.store.read(lambda c: place.access.renewed(c, caller))
    await place.store.write(lambda tx: clients.delete(tx, id))
    assert await place.dead(text)
    with pytest.raises(Unauthenticated):
        await place.store.read(lambda c: place.access.renewed(c, caller))
    with pytest.raises(Unauthenticated):
        await place.sign_in(id, "hidden")
    with pytest.raises(NotFound):
        await place.known(id)


async def test_all_of_an_account_are_revoked(place: Place) -> None:
    first = await place.client("one", name="")
    second = await place.client("two")
    text = (await place.sign_in(first, "one")).text
    unusable = await passwords.hash_password("nobody has it")
    revoke = clients.revoke_all
    assert await place.store.write(lambda tx: revoke(tx, place.account.id, unusable)) == 2
    assert await place.dead(text)
    for id, secret in ((first, "one"), (second, "two")):
        with pytest.raises(Unauthenticated):
            await place.sign_in(id, secret)
    # That of the first start stays known, so that later starts can tell its id.
    assert await place.store.read(lambda c: clients.first(c, place.account.id)) == first


async def test_it_has_no_rights_of_groups(place: Place) -> None:
    id = await place.client("hidden")

    def write(tx: Tx) -> None:
        group = groups.fresh("oidc", groups.OIDC_DOMAIN, "chiefs")
        groups.keep(tx, group)
        roles.make_full(tx, group.id)
        accounts.set_groups(tx, place.account.id, "oidc", ["chiefs"])

    await place.store.write(write)
    person = await place.access.let_in(place.account, "", "oidc")
    assert (await place.caller(person.text)).grants != ()
    text = (await place.sign_in(id, "hidden")).text
    caller = await place.caller(text)
    assert caller.grants == ()
    renewed = await place.store.read(lambda c: place.access.renewed(c, caller))
    assert renewed.grants == ()


async def test_only_so_many(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MAX_OF_ACCOUNT", 1)
    id = await place.client("one")
    with pytest.raises(Conflict):
        await place.client("two")
    assert [one.id for one in await place.store.read(clients.every)] == [id]


async def test_the_first_of_an_account(place: Place) -> None:
    with pytest.raises(NotFound):
        await place.store.read(lambda c: clients.first(c, place.account.id))
    first = await place.client("one")
    place.clock.advance(1)
    await place.client("two")
    assert await place.store.read(lambda c: clients.first(c, place.account.id)) == first
    assert await place.store.read(lambda c: clients.get(c, "nobody")) is None


def test_what_a_client_may_be_called_and_when_it_may_end() -> None:
    assert clients.checked_name(" nightly build ") == "nightly build"
    for wrong in ("", "  ", "x" * 65, "a\nb"):
        with pytest.raises(Invalid):
            clients.checked_name(wrong)
    now_ms = 1000
    last = now_ms + clients.LONGEST_LIFE_MS
    assert clients.checked_expiry(last, now_ms) == last
    for moment in (now_ms, 0, last + 1):
        with pytest.raises(Invalid):
            clients.checked_expiry(moment, now_ms)


async def test_its_repr_keeps_its_hash_to_itself(place: Place) -> None:
    known = await place.known(await place.client("hidden"))
    assert known.secret_hash not in repr(known)
    assert clients.print_of(known.secret_hash) not in known.secret_hash
