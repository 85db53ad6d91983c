from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from footlight.clock import FakeClock
from footlight.simulation.keeper import LOG_ON_S, SimulatedKeeper
from footlight.wire.host import Account

ADA = Account(kind="managed", account_id="a", name="ada")


class Told:
    """A session as its keeper knows it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.said = 0
        self.since: list[int | None] = []
        self.keeper = SimulatedKeeper(
            *(self.clock, random.Random(7), 0.0), told=self._told, logged_on=self.since.append
        )

    def _told(self) -> None:
        self.said += 1

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - timers tell nobody but the session
                await asyncio.sleep(0)


async def test_it_comes_up_runs_and_goes() -> None:
    session = Told()
    keeper = session.keeper
    assert keeper.phase is None
    assert keeper.facts(ADA)["linux_user"] is None
    keeper.launch(None)
    assert keeper.phase == "starting"
    await session.until(lambda: bool(session.since))
    assert (keeper.facts(ADA)["phase"], session.since, session.said) == ("running", [None], 1)
    assert keeper.facts(ADA)["linux_user"] == "fl-ada"
    keeper.end()
    assert (keeper.end_asked, keeper.programs_gone) == (True, False)
    await session.until(lambda: keeper.programs_gone)
    keeper.over("logged off")
    facts = keeper.facts(ADA)
    assert (facts["phase"], facts["end_reason"], facts["exit_code"]) == ("ended", "logged off", 0)
    assert not keeper.programs_gone


def test_one_that_began_some_time_ago_runs_at_once() -> None:
    session = Told()
    session.keeper.launch(1000)
    facts = session.keeper.facts(ADA)
    assert facts["phase"] == "running"
    assert session.since == [facts["established_at_ms"]]
    assert 1000 + LOG_ON_S[0] * 1000 <= facts["established_at_ms"] <= 1000 + LOG_ON_S[1] * 1000
    assert session.said == 0


async def test_nothing_comes_up_after_the_end_or_the_close() -> None:
    ended, closed = Told(), Told()
    ended.keeper.launch(None)
    ended.keeper.over("never mind")
    closed.keeper.launch(None)
    closed.keeper.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert ended.keeper.facts(ADA)["exit_code"] is None
    assert (ended.keeper.display, closed.keeper.display) == (None, None)


def test_an_account_has_one_number_in_all_its_sessions() -> None:
    one, other = Told().keeper, Told().keeper
    one.launch(1000)
    other.launch(2000)
    assert one.facts(ADA)["linux_uid"] == other.facts(ADA)["linux_uid"]
