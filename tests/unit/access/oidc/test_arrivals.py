from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.access.oidc.conftest import Place

from footlight.access import accounts
from footlight.access.oidc import arrivals
from footlight.access.oidc.settings import OidcSettings
from footlight.errors import Forbidden
from footlight.store import schema


@pytest.fixture
def arrive(place: Place, settings: OidcSettings) -> Any:
    async def arrive(subject: str, called: Any = "ada", **claims: Any) -> Any:
        said = {"sub": subject, "preferred_username": called, **claims}
        return await place.store.write(
            lambda tx: arrivals.arrive(tx, said, settings, "FOOTLIGHT", "192.0.2.1")
        )

    return arrive


async def test_who_comes_again_is_the_same_and_keeps_his_name(place: Place, arrive: Any) -> None:
    first = await arrive("u-1", "ada", groups=["Staff", "b"])
    assert (first.name, first.source, first.password_hash) == ("ada", "oidc", None)
    again = await arrive("u-1", "renamed", groups=["c"])
    assert (again.id, again.name) == (first.id, "ada")
    told = await place.store.read(lambda c: accounts.groups_of(c, first.id))
    assert told == [("oidc", "c")]  # those that are taken away are gone
    await arrive("u-1", groups=None)
    assert await place.store.read(lambda c: accounts.groups_of(c, first.id)) == []


async def test_the_display_name_follows(arrive: Any) -> None:
    assert (await arrive("u-1")).display_name == "ada"
    assert (await arrive("u-1", name="Ada Lovelace")).display_name == "Ada Lovelace"


async def test_a_name_that_is_anothers_gives_nothing_of_his(place: Place, arrive: Any) -> None:
    owner = await place.account("ada")
    newcomer = await arrive("u-1")
    other = await arrive("u-2")
    admin = await arrive("u-3", "ADMIN")
    ids = {owner.id, newcomer.id, other.id, admin.id, place.admin.id}
    assert len(ids) == 5
    assert newcomer.name != other.name
    assert newcomer.name.startswith("ada-")
    assert len({one.name.lower() for one in (owner, newcomer, other)}) == 3
    assert (await arrive("u-1")).id == newcomer.id


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Ada Lövelace", "Ada-Lovelace"),
        ("ada@example.com", "ada@example.com"),
        ("EX\\ada", "EX-ada"),
        ("../../etc", "etc"),
        ("x" * 200, "x" * 64),
    ],
)
async def test_names_are_cleaned(arrive: Any, told: str, name: str) -> None:
    assert (await arrive("u-1", told)).name == name


@pytest.mark.parametrize("told", [None, "", "   ", "--", "漢字", 7, ["ada"], "a\nb"])
async def test_without_a_name_nobody_comes_in(place: Place, arrive: Any, told: Any) -> None:
    with pytest.raises(Forbidden, match="oidc_name_claim"):
        await arrive("u-1", told)
    query = select(schema.accounts).where(schema.accounts.c.source == "oidc")
    assert await place.store.read(lambda c: c.execute(query).all()) == []


async def test_the_audit_tells_of_the_new_one(place: Place, arrive: Any) -> None:
    made = await arrive("u-1")
    await arrive("u-1")
    query = select(schema.audit.c.text).where(schema.audit.c.object_id == made.id)
    texts = await place.store.read(lambda c: c.execute(query).scalars().all())
    assert list(texts) == ["Create account 'ada' at its first sign-in"]


def test_where_groups_are_looked_for() -> None:
    claims = {"groups": ["a", 7, "b"], "one": "x", "realm": {"roles": ["r"]}, "a.b": ["c"]}
    assert arrivals.groups_in(claims, "groups") == ["a", "b"]
    assert arrivals.groups_in(claims, "one") == ["x"]
    assert arrivals.groups_in(claims, "realm.roles") == ["r"]
    assert arrivals.groups_in(claims, "a.b") == ["c"]
    for missing in ("none", "realm.none", "groups.x"):
        assert arrivals.groups_in(claims, missing) == []
