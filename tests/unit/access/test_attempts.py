"""Attempts one after the other: delay, lock-out, what resets it, and that nothing is learned meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.access import attempts as attempts_module
from footlight.access.attempts import Attempts
from footlight.access.lockout import Lockout
from footlight.clock import FakeClock
from footlight.errors import LimitReached
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store

LOCKOUT = Lockout(name_attempts=5, address_attempts=8, lock_ms=60_000)
FAR = "203.0.113.9"


class Place:
    """A server's attempts; `right` is what a check finds. Sleeping moves the clock."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.slept: list[float] = []
        self.checked: list[bool] = []
        self.attempts = self.server()

    def server(self) -> Attempts:
        return Attempts(self.store, self.clock, LOCKOUT, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(round(seconds * 1000))

    async def attempt(self, name: str, right: bool, address: str = "127.0.0.1") -> bool:
        async def check(is_open: bool) -> str | None:
            self.checked.append(is_open)
            await asyncio.sleep(0)
            return "in" if right and is_open else None

        return await self.attempts.run(name, address, check) == "in"


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    clock = FakeClock()
    store = await open_store(database, clock)
    yield Place(store, clock)
    await store.close()


async def test_wrong_ones_are_delayed_more_and_more_then_locked(place: Place) -> None:
    for _ in range(5):
        assert not await place.attempt("ada", right=False)
    assert place.slept == [0.5, 1.0]
    assert not await place.attempt("ada", right=True), "the right one is refused while locked"
    assert place.checked == [True] * 5 + [False], "and is checked all the same"
    assert await place.attempt("bob", right=True)
    place.clock.advance(60_000)
    assert await place.attempt("ada", right=True)


async def test_attempts_while_locked_do_not_prolong_it(place: Place) -> None:
    for _ in range(5):
        await place.attempt("ada", right=False)
    place.clock.advance(59_000)
    assert not await place.attempt("ada", right=False)
    place.clock.advance(1_000)
    assert await place.attempt("ada", right=True)


async def test_success_resets(place: Place) -> None:
    for _ in range(2):
        for _ in range(4):
            await place.attempt("ada", right=False)
        assert await place.attempt("ada", right=True)


async def test_servers_and_a_restart_share_the_count(place: Place) -> None:
    for _ in range(5):
        await place.attempt("ada", right=False)
        place.attempts = place.server()
    assert not await place.attempt("ada", right=True)


async def test_an_address_is_locked_over_all_names_and_success_does_not_help(place: Place) -> None:
    for number in range(7):
        await place.attempt(f"user{number}", right=False, address=FAR)
    assert await place.attempt("ada", right=True, address=FAR)
    await place.attempt("other", right=False, address=FAR)
    assert not await place.attempt("ada", right=True, address=FAR)
    assert await place.attempt("ada", right=True, address="203.0.113.10")


async def test_loopback_is_never_locked(place: Place) -> None:
    for number in range(20):
        await place.attempt(f"user{number}", right=False)
    assert await place.attempt("ada", right=True)


async def test_many_at_once_guess_no_more_than_one_after_the_other(place: Place) -> None:
    await asyncio.gather(*(place.attempt("ada", right=False) for _ in range(30)))
    assert place.checked.count(True) == 5
    place.checked.clear()
    names = (place.attempt(f"user{n}", right=False, address=FAR) for n in range(30))
    await asyncio.gather(*names)
    assert place.checked.count(True) <= 9, "the limit, and who was being checked"


async def test_right_ones_at_once_all_pass(place: Place) -> None:
    assert all(await asyncio.gather(*(place.attempt("ada", right=True) for _ in range(20))))


async def test_a_queue_for_one_name_is_bounded(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts_module, "MAX_WAITING", 3)
    tried = await asyncio.gather(
        *(place.attempt("ada", right=True) for _ in range(4)), return_exceptions=True
    )
    assert [isinstance(one, LimitReached) for one in tried] == [False, False, False, True]
    assert await place.attempt("ada", right=True)


async def test_who_waits_too_long_is_told_to_come_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts_module, "TURN_WITHIN_S", 0.01)
    inside = asyncio.Event()

    async def slow(is_open: bool) -> str:
        await inside.wait()
        return "in"

    first = asyncio.create_task(place.attempts.run("ada", "", slow))
    await asyncio.sleep(0)
    with pytest.raises(LimitReached):
        await place.attempt("ada", right=True)
    inside.set()
    assert await first == "in"
