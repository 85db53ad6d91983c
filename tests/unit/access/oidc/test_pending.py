from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.unit.access.oidc.conftest import Place

from footlight.access.oidc import pending
from footlight.errors import LimitReached
from footlight.store import schema


async def test_each_is_taken_once_by_the_browser_that_began_it(place: Place) -> None:
    begun = await place.store.write(lambda tx: pending.begin(tx, None, "/s/x"))
    take = place.store.write
    assert await take(lambda tx: pending.take(tx, begun.state, "another")) is None
    assert await take(lambda tx: pending.take(tx, "another", begun.browser)) is None
    found = await take(lambda tx: pending.take(tx, begun.state, begun.browser))
    assert (found.nonce, found.verifier, found.return_to) == (begun.nonce, begun.verifier, "/s/x")
    assert await take(lambda tx: pending.take(tx, begun.state, begun.browser)) is None


async def test_its_time_ends(place: Place) -> None:
    begun = await place.store.write(lambda tx: pending.begin(tx, None, "/"))
    place.clock.advance(pending.LIFE_MS)
    take = place.store.write
    assert await take(lambda tx: pending.take(tx, begun.state, begun.browser)) is None


async def test_a_browser_keeps_its_cookie_and_brings_none_of_its_own_making(place: Place) -> None:
    first = await place.store.write(lambda tx: pending.begin(tx, None, "/"))
    second = await place.store.write(lambda tx: pending.begin(tx, first.browser, "/"))
    assert second.browser == first.browser
    assert second.state != first.state
    third = await place.store.write(lambda tx: pending.begin(tx, "short", "/"))
    assert third.browser not in ("short", first.browser)


async def test_only_so_many(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MAX_PENDING", 2)
    for _ in range(2):
        await place.store.write(lambda tx: pending.begin(tx, None, "/"))
    with pytest.raises(LimitReached):
        await place.store.write(lambda tx: pending.begin(tx, None, "/"))
    place.clock.advance(pending.LIFE_MS)  # those whose time is over go
    await place.store.write(lambda tx: pending.begin(tx, None, "/"))


async def test_neither_state_nor_cookie_is_kept(place: Place) -> None:
    begun = await place.store.write(lambda tx: pending.begin(tx, None, "/"))
    rows = await place.store.read(lambda c: c.execute(select(schema.oidc_sign_ins)).all())
    assert begun.state not in str(rows)
    assert begun.browser not in str(rows)
    assert begun.verifier not in repr(begun)
