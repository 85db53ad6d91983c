"""Limits kept on the sessions of a host that obeys at once."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts, visits
from footlight.access.visits import Bounds
from footlight.broker.decision import LaunchRequest
from footlight.broker.timekeeper import Timekeeper
from footlight.clock import SystemClock
from footlight.sessions import limits, queries
from footlight.sessions.limits import Limits
from footlight.site import entitlement
from footlight.site.entitlement import Rule
from footlight.store import schema
from footlight.wire.host import ViewerFacts

MINUTE_MS = 60_000


class LaterClock(SystemClock):
    """Runs ahead of the others'."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


class Story:
    """A session of a group with limits."""

    def __init__(self, rooms: Any) -> None:
        self.rooms = rooms
        self.clock = LaterClock()
        self.keeper = Timekeeper(rooms.store, self.clock, "FOOTLIGHT")
        self.id = ""

    async def begin(self, **given: Any) -> None:
        launched = await self.rooms.launcher.launch(self.rooms.admin, LaunchRequest("Desktop"))
        self.id = launched.session_id
        group = await self.rooms.store.read(
            lambda c: c.execute(schema.delivery_groups.select()).first()
        )
        await self.rooms.store.write(lambda tx: limits.put(tx, group.id, Limits(**given)))

    async def row(self) -> Any:
        return await self.rooms.store.read(lambda c: queries.row(c, self.id))

    async def work_in_it(self, **facts: Any) -> None:
        viewer = ViewerFacts(
            viewer_id="v", user_name="u", own=True, mode="interactive", address="192.0.2.1",
            via_address=None, client_name="", platform="Linux", version="1",
            attached_at_ms=self.rooms.clock.now_ms(),
        )  # fmt: skip
        await self.rooms.host.change(
            self.id, viewers=[viewer], viewers_changed_at_ms=self.rooms.clock.now_ms(), **facts
        )

    async def look_after(self, minutes: float) -> None:
        self.clock.ahead_ms += int(minutes * MINUTE_MS)
        await self.keeper.look()

    def shown(self) -> list[str]:
        return [message.text for message in self.rooms.host.shown]


@pytest.fixture
async def story(rooms: Any) -> Story:
    return Story(rooms)


async def settled(story: Story) -> Any:
    """The row once the host has acted on what is wanted."""
    await story.rooms.watch.until(lambda c: _acted(queries.row(c, story.id)), 5)
    return await story.row()


def _acted(row: Any) -> Any:
    return row if row.reported_generation == row.generation else None


async def test_nobody_came_back(story: Story) -> None:
    await story.begin(disconnected_s=600)
    await story.look_after(9)
    assert (await story.row()).wanted == "run"
    await story.look_after(2)
    row = await settled(story)
    assert (row.phase, row.end_reason) == ("ended", "it was disconnected for too long")
    assert story.shown() == []


async def test_the_time_is_over_after_a_warning(story: Story) -> None:
    await story.begin(total_s=3600, warning_s=300)
    await story.work_in_it()
    await story.look_after(54)
    assert story.shown() == []
    await story.look_after(2)
    await settled(story)
    assert len(story.shown()) == 1
    assert "ends in 4 minutes" in story.shown()[0]
    await story.look_after(1)
    assert len(story.shown()) == 1
    await story.look_after(4)
    row = await settled(story)
    assert (row.phase, row.end_reason) == ("ended", "its time was over")


async def test_an_idle_session_is_disconnected(story: Story) -> None:
    await story.begin(idle_s=600, warning_s=60)
    await story.work_in_it(idle_since_ms=story.rooms.clock.now_ms())
    await story.look_after(9.5)
    await settled(story)
    assert "disconnected in 1 minute unless" in story.shown()[0]
    await story.look_after(1)
    row = await settled(story)
    assert (row.state, row.phase) == ("Disconnected", "running")


async def test_who_goes_on_working_stays(story: Story) -> None:
    await story.begin(idle_s=600, warning_s=60)
    await story.work_in_it(idle_since_ms=story.rooms.clock.now_ms())
    await story.look_after(9.5)
    await settled(story)
    await story.rooms.host.change(story.id, idle_since_ms=None)
    await story.look_after(30)
    row = await story.row()
    assert (row.state, row.wanted_disconnects) == ("Active", 0)


async def test_a_visitors_session_ends_soon_after_nobody_is_on_it(story: Story) -> None:
    rooms = story.rooms
    group = await rooms.store.read(lambda c: c.execute(schema.delivery_groups.select()).first())
    await rooms.store.write(lambda tx: entitlement.put(tx, group.id, Rule(allow_anonymous=True)))
    bounds = Bounds(5, 5, 3 * MINUTE_MS)
    visitor, _ = await rooms.store.write(lambda tx: visits.begin(tx, "192.0.2.1", bounds))
    launched = await rooms.launcher.launch(rooms.caller(visitor), LaunchRequest("Desktop"))
    story.id = launched.session_id
    await story.work_in_it()
    await story.look_after(5)
    assert (await story.row()).wanted == "run", "somebody is on it, and so it may last"
    await rooms.host.change(story.id, viewers=[], viewers_changed_at_ms=story.clock.now_ms())
    await story.look_after(0.5)
    assert (await story.row()).wanted == "run"
    await story.look_after(1)
    row = await story.row()
    assert (row.wanted, row.wanted_end_reason) == ("end", "it was disconnected for too long")
    ended = await rooms.watch.until(lambda c: queries.row(c, story.id).ended_at_ms, 10)
    assert ended is not None
    await story.look_after(1)
    account = await rooms.store.read(lambda c: accounts.by_id(c, visitor.id))
    assert not account.enabled
