from __future__ import annotations

import pytest

from footlight.access import accounts
from footlight.errors import Conflict, Invalid, NotFound
from footlight.ids import new_guid
from footlight.store.store import Store


async def test_found_by_id_and_by_name_in_any_case(store: Store) -> None:
    made = await store.write(lambda tx: accounts.create(tx, "Ada", display_name="Ada L."))
    assert await store.read(lambda c: accounts.by_name(c, "aDA")) == made
    assert await store.read(lambda c: accounts.by_id(c, made.id)) == made
    assert (made.name, made.display_name) == ("Ada", "Ada L.")
    assert await store.read(lambda c: accounts.by_name(c, "bob")) is None


async def test_all_by_name(store: Store) -> None:
    for name in ("carol", "Ada", "bob"):
        await store.write(lambda tx, name=name: accounts.create(tx, name))
    assert [a.name for a in await store.read(accounts.every)] == ["Ada", "bob", "carol"]


async def test_a_name_is_taken_in_any_case(store: Store) -> None:
    await store.write(lambda tx: accounts.create(tx, "ada"))
    with pytest.raises(Conflict) as caught:
        await store.write(lambda tx: accounts.create(tx, "ADA"))
    assert (caught.value.code, caught.value.facts) == ("DuplicateObject", {"name": "ADA"})


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "a:b", ".a", "ada\n", "a\\b", "ä"])
async def test_names_out_of_shape_are_refused(store: Store, name: str) -> None:
    with pytest.raises(Invalid):
        await store.write(lambda tx: accounts.create(tx, name))
    assert await store.read(accounts.every) == []


async def test_a_new_password_is_stored_with_its_moment_and_told(store: Store) -> None:
    made = await store.write(lambda tx: accounts.create(tx, "ada"))
    told: list[frozenset[str]] = []
    store.on_commit(told.append)
    await store.write(lambda tx: accounts.set_password(tx, made.id, "hash"))
    now = await store.read(lambda c: accounts.by_id(c, made.id))
    assert now is not None
    assert now.password_hash == "hash"
    assert now.tokens_after_ms > 0
    assert told == [{"account"}]
    with pytest.raises(NotFound):
        await store.write(lambda tx: accounts.set_password(tx, new_guid(), "hash"))


async def test_an_accounts_repr_keeps_its_hash_to_itself(store: Store) -> None:
    made = await store.write(lambda tx: accounts.create(tx, "ada", password_hash="hash"))
    assert "hash" not in repr(made)
