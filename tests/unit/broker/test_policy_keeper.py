"""Policies over the sessions of a host that obeys at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.broker import policy_keeper
from footlight.broker.action import StopRecording
from footlight.broker.decision import LaunchRequest
from footlight.broker.policy_keeper import PolicyKeeper
from footlight.clock import SystemClock
from footlight.errors import Conflict
from footlight.policies import health, kept, reasons, reviews, rolling
from footlight.sessions import queries
from footlight.store import schema
from footlight.store.outbox import newest
from footlight.wire.host import RecordingFacts
from footlight.wire.policies import (
    NewPolicy,
    PolicyChange,
    PolicyConditions,
    PolicyOutcome,
    PolicyTimes,
)

WITHIN_S = 20


class LaterClock(SystemClock):
    """Runs ahead of the others'."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


class Story:
    """A site with policies, one keeper that looks when it is told to, and sessions."""

    def __init__(self, rooms: Any) -> None:
        self.rooms = rooms
        self.clock = LaterClock()
        self.keeper = PolicyKeeper(rooms.store, self.clock)

    async def policy(self, name: str, then: Any = "screen", **given: Any) -> str:
        outcome = then if isinstance(then, PolicyOutcome) else PolicyOutcome(record=then)
        wanted = NewPolicy(name=name, then=outcome, **given)
        row = await self.rooms.store.write(
            lambda tx: kept.create(tx, self.rooms.admin, wanted, "FOOTLIGHT")
        )
        return str(row.id)

    async def change(self, policy_id: str, **given: Any) -> None:
        wanted = PolicyChange(**given)
        await self.rooms.store.write(
            lambda tx: kept.change(tx, self.rooms.admin, policy_id, wanted, "FOOTLIGHT")
        )

    async def launch(self, caller: Any = None, resource: str = "Desktop") -> str:
        whose = caller or self.rooms.admin
        made = await self.rooms.launcher.launch(whose, LaunchRequest(resource, new=True))
        return str(made.session_id)

    async def row(self, session_id: str) -> Any:
        return await self.rooms.store.read(lambda c: queries.row(c, session_id))

    async def why(self, session_id: str) -> Any:
        return await self.rooms.store.read(lambda c: reasons.row(c, session_id))

    async def recordings(self, session_id: str) -> list[Any]:
        table = schema.recordings
        query = table.select().where(table.c.session_id == session_id).order_by(table.c.uid)
        found: list[Any] = await self.rooms.store.read(lambda c: list(c.execute(query)))
        return found

    async def until(self, session_id: str, holds: Any) -> Any:
        """The session's row and its reasons once that is so; the keeper of the rooms is at work, too."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                row, why = await self.rooms.store.read(
                    lambda c: (queries.row(c, session_id), reasons.row(c, session_id))
                )
                if holds(row, why):
                    return why
                await asyncio.sleep(0.02)

    async def health(self, session_id: str, state: str | None) -> Any:
        return await self.until(
            session_id, lambda _, why: (None if why is None else why.health) == state
        )

    async def report(self, session_id: str, **facts: Any) -> None:
        running = self.rooms.host.sessions[session_id].recording
        values = {name: getattr(running, name) for name in RecordingFacts.__struct_fields__}
        await self.rooms.host.change(session_id, recording=RecordingFacts(**{**values, **facts}))


@pytest.fixture
def story(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr(policy_keeper, "LOOK_EACH_S", 0.1)
    monkeypatch.setattr(health, "LATE_MS", 500)
    return Story(rooms)


async def test_the_first_order_of_a_session_has_it_recorded(story: Story) -> None:
    policy_id = await story.policy(
        "Everybody",
        PolicyOutcome(record="screen", notify=False, if_lost="cover", clipboard_text=True),
    )
    session_id = await story.launch()
    first = next(one for one in story.rooms.host.orders if one.session_id == session_id)
    assert first.recording is not None
    assert (first.recording.reason, first.recording.notify) == ("Everybody", False)
    assert (first.recording.if_lost, first.recording.clipboard_text) == ("cover", True)
    why = await story.health(session_id, "recording")
    assert (why.policy_id, why.on_demand_by) == (policy_id, None)
    assert (await story.row(session_id)).recording_live


async def test_without_a_policy_that_fits_nothing_is_recorded_or_kept(story: Story) -> None:
    await story.policy("Others", conditions=PolicyConditions(users=["eve"]))
    session_id = await story.launch()
    assert await story.why(session_id) is None
    assert (await story.row(session_id)).wanted_recording_id is None


async def test_a_policy_of_groups_knows_the_users_of_a_launch(story: Story) -> None:
    ada = story.rooms.caller(await story.rooms.account("ada"))
    await story.policy("Ada", conditions=PolicyConditions(users=["FOOTLIGHT\\ada"]))
    theirs, ours = await story.launch(ada), await story.launch()
    assert (await story.row(theirs)).wanted_recording_id is not None
    assert (await story.row(ours)).wanted_recording_id is None
    await story.keeper.look()
    assert (await story.row(theirs)).wanted_recording_id is not None, "the same said again"
    assert (await story.row(ours)).wanted_recording_id is None


async def test_sessions_that_run_gain_and_lose_the_reason_with_the_rules(story: Story) -> None:
    session_id = await story.launch()
    policy_id = await story.policy("Desktops", conditions=PolicyConditions(resources=["Desktop"]))
    await story.health(session_id, "recording")
    await story.change(policy_id, enabled=False)
    await story.until(
        session_id,
        lambda row, why: why is None and row.generation == row.reported_generation,
    )
    assert (await story.row(session_id)).wanted_recording_id is None
    [recording] = await story.recordings(session_id)
    assert (recording.reason, recording.status) == ("Desktops", "completed")


async def test_a_change_while_the_policies_are_read_is_one_for_the_next_look(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy_id = await story.policy("All")
    decided_by: list[list[bool]] = []
    read, here = story.rooms.store.read, asyncio.current_task()

    async def read_then_changed(work: Any) -> Any:
        found = await read(work)
        # Not when the keeper of the rooms reads them.
        if work is kept.in_order and not decided_by and asyncio.current_task() is here:
            await story.change(policy_id, enabled=False)
        return found

    async def note(policies: Any) -> None:
        decided_by.append([policy.enabled for policy in policies])

    monkeypatch.setattr(story.rooms.store, "read", read_then_changed)
    monkeypatch.setattr(story.keeper, "_decide_all", note)
    await story.keeper.look()
    await story.keeper.look()
    assert decided_by == [[True], [False]]


async def test_many_sessions_are_decided_on_in_small_writes(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_keeper, "WRITE_AT_ONCE", 2)
    monkeypatch.setattr(policy_keeper, "READ_AT_ONCE", 3)
    ids = [await story.launch() for _ in range(5)]
    await story.policy("All")
    for session_id in ids:
        await story.health(session_id, "recording")


async def test_a_window_that_opens_and_closes_begins_and_ends_recordings(story: Story) -> None:
    session_id = await story.launch()
    now_ms = story.clock.now_ms()
    minute = (now_ms // 60_000 + 720) % 1440  # in twelve hours, whatever the time is now
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    later = (minute + 30) % 1440
    times = [PolicyTimes(start=clock, end=f"{later // 60:02d}:{later % 60:02d}")]
    await story.policy("Nightly", conditions=PolicyConditions(times=times))
    await story.keeper.look()
    assert await story.why(session_id) is None
    story.clock.ahead_ms = 12 * 3_600_000 + 60_000
    await story.keeper.look()
    assert (await story.row(session_id)).wanted_recording_id is not None
    story.clock.ahead_ms += 45 * 60_000
    await story.keeper.look()
    assert (await story.row(session_id)).wanted_recording_id is None


async def test_a_client_at_another_address_is_decided_on_anew(story: Story) -> None:
    await story.policy("Outside", conditions=PolicyConditions(client_addresses=["198.51.100.0/24"]))
    session_id = await story.launch()
    assert await story.why(session_id) is None
    await story.rooms.store.write(lambda tx: reviews.ask(tx, session_id, "198.51.100.9"))
    await story.health(session_id, "recording")
    assert (await story.row(session_id)).client_address == "203.0.113.5"


async def test_a_call_is_a_reason_of_its_own_and_stop_names_the_policy(story: Story) -> None:
    rooms = story.rooms
    policy_id = await story.policy("Everybody")
    session_id = await story.launch()
    await story.health(session_id, "recording")
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    assert len(await story.recordings(session_id)) == 1, "one recorder"
    assert (await story.why(session_id)).on_demand_by == "FOOTLIGHT\\admin"
    await story.change(policy_id, enabled=False)
    await story.until(session_id, lambda _, why: why.policy_id is None)
    assert (await story.row(session_id)).recording_live, "the call still holds"
    await story.change(policy_id, enabled=True)
    await story.until(session_id, lambda _, why: why.policy_id == policy_id)
    with pytest.raises(Conflict, match="Everybody"):
        await rooms.actions.stop_recording(rooms.admin, session_id)
    why = await story.why(session_id)
    assert (why.on_demand_by, why.policy_id) == (None, policy_id)
    assert (await story.row(session_id)).recording_live
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    with pytest.raises(Conflict, match="Everybody"):  # before there is a job
        await rooms.actions.begin(rooms.admin, session_id, StopRecording())
    assert (await story.why(session_id)).on_demand_by is None


async def test_a_policy_may_allow_that_its_recording_is_stopped(story: Story) -> None:
    rooms = story.rooms
    await story.policy("Polite", PolicyOutcome(record="screen", stop_allowed=True))
    session_id = await story.launch()
    await rooms.actions.stop_recording(rooms.admin, session_id)
    assert not (await story.row(session_id)).recording_live
    await story.keeper.look()
    assert (await story.row(session_id)).wanted_recording_id is None, "it stays stopped"
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    assert (await story.row(session_id)).recording_live


async def test_events_alone_are_no_recording_of_the_screen(story: Story) -> None:
    rooms = story.rooms
    await story.policy("Events", PolicyOutcome(record="events"))
    session_id = await story.launch()
    await story.health(session_id, "recording")
    assert not (await story.row(session_id)).recording_live
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    assert (await story.row(session_id)).recording_live
    await rooms.actions.stop_recording(rooms.admin, session_id)
    assert not (await story.row(session_id)).recording_live
    events, screen, again = await story.recordings(session_id)
    assert (screen.continues, again.continues) == (events.id, screen.id)
    assert [one.status for one in (events, screen)] == ["completed", "completed"]
    assert [bool(one.notify) for one in (events, screen, again)] == [True, True, True]


async def test_what_came_before_is_kept_where_a_policy_asks_for_it(story: Story) -> None:
    rooms = story.rooms
    await story.policy("Keep", PolicyOutcome(record="no", pre_roll_seconds=30))
    session_id = await story.launch()
    row = await story.row(session_id)
    assert (row.wanted_pre_roll_s, row.wanted_recording_id) == (30, None)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    order = rooms.host.orders[-1]
    assert (order.pre_roll_s, order.recording.pre_roll_s) == (30, 30)


async def test_a_full_recording_goes_on_as_a_new_one(story: Story) -> None:
    await story.policy("Rolling", PolicyOutcome(record="screen", roll_over_bytes=1_000_000))
    session_id = await story.launch()
    await story.health(session_id, "recording")
    await story.keeper.look()
    assert len(await story.recordings(session_id)) == 1
    was = (await story.row(session_id)).wanted_recording_id
    await story.report(session_id, size_bytes=1_000_000)
    await story.until(session_id, lambda row, _: row.wanted_recording_id != was)
    first, second = await story.recordings(session_id)
    assert second.continues == first.id
    assert second.roll_over_bytes == 1_000_000
    assert (await story.why(session_id)).health == "recording", "it was never away"


async def test_a_long_recording_goes_on_as_a_new_one(story: Story) -> None:
    await story.policy("Rolling", PolicyOutcome(record="screen", roll_over_seconds=3600))
    session_id = await story.launch()
    await story.health(session_id, "recording")
    now_ms = story.clock.now_ms()
    early = await story.rooms.store.read(lambda c: rolling.due(c, now_ms + 3_500_000))
    late = await story.rooms.store.read(lambda c: rolling.due(c, now_ms + 3_700_000))
    assert (early, late) == ([], [session_id])


async def test_a_bound_that_changes_holds_for_the_recording_that_runs(story: Story) -> None:
    then = PolicyOutcome(record="screen")
    policy_id = await story.policy("All", then)
    session_id = await story.launch()
    await story.health(session_id, "recording")
    await story.change(policy_id, then=PolicyOutcome(record="screen", roll_over_seconds=60))
    await story.until(session_id, lambda _, why: "60" in why.outcome)
    [recording] = await story.recordings(session_id)
    assert recording.roll_over_ms == 60_000, "and it is the same"


async def test_another_notice_is_another_recording(story: Story) -> None:
    policy_id = await story.policy("All", PolicyOutcome(record="screen", notify=False))
    session_id = await story.launch()
    await story.health(session_id, "recording")
    await story.change(policy_id, then=PolicyOutcome(record="screen"))
    await story.until(session_id, lambda row, why: row.recording_live and row.generation > 2)
    first, second = await story.recordings(session_id)
    assert (bool(first.notify), bool(second.notify), second.continues) == (False, True, first.id)


async def test_a_recording_that_fails_is_tried_again(story: Story) -> None:
    await story.policy("All")
    story.rooms.host.fail_recordings = "the disk is full"
    session_id = await story.launch()
    why = await story.health(session_id, "failed")
    assert (why.health_reason, why.failures) == ("the disk is full", 1)
    story.rooms.host.fail_recordings = None
    await story.rooms.store.write(
        lambda tx: tx.connection.execute(
            schema.recording_reasons.update().values(retry_at_ms=tx.now_ms)
        )
    )
    why = await story.health(session_id, "recording")
    assert (why.failures, why.retry_at_ms, why.health_reason) == (0, None, None)
    failed, made = await story.recordings(session_id)
    assert (failed.status, made.status, made.continues) == ("failed", "recording", None)


async def test_one_that_the_host_refuses_says_so(story: Story) -> None:
    await story.policy("All")
    story.rooms.host.fail_recordings = "refused: the notice could not be shown"
    session_id = await story.launch()
    await story.health(session_id, "refused")


async def test_what_is_not_recorded_in_time_is_delayed_with_an_event(story: Story) -> None:
    session_id = await story.launch()
    story.rooms.host.silent = True
    await story.policy("All")
    why = await story.health(session_id, "starting")
    assert why.late_at_ms - why.health_since_ms == health.LATE_MS
    before = await story.rooms.store.read(newest)
    why = await story.health(session_id, "delayed")
    assert why.health_reason == health.NOT_BEGUN
    after = schema.outbox.select().where(schema.outbox.c.seq > before)
    told = await story.rooms.store.read(lambda c: list(c.execute(after)))
    assert [(one.kind, one.object_id) for one in told] == [("recording_health", session_id)]


async def test_a_gap_that_lasts_is_a_delay_with_its_cause(story: Story) -> None:
    await story.policy("All")
    session_id = await story.launch()
    await story.health(session_id, "recording")
    gap_ms = story.clock.now_ms()
    await story.report(session_id, gap="the spool is full", gap_since_ms=gap_ms)
    assert (await story.why(session_id)).health == "recording", "for a while"
    why = await story.health(session_id, "delayed")
    assert why.health_reason == "the spool is full"
    await story.rooms.host.change(session_id, covered=True)
    assert (await story.why(session_id)).covered
    await story.report(session_id, gap=None, gap_since_ms=None)
    await story.rooms.host.change(session_id, covered=False)
    why = await story.why(session_id)
    assert (why.health, why.covered, why.late_at_ms) == ("recording", False, None)


async def test_of_a_silent_host_nobody_knows_whether_it_records(story: Story) -> None:
    await story.policy("All")
    session_id = await story.launch()
    await story.health(session_id, "recording")
    await story.rooms.store.write(
        lambda tx: tx.connection.execute(
            schema.sessions.update().values(state="Unknown", state_changed_at_ms=tx.now_ms)
        )
    )
    why = await story.health(session_id, "delayed")
    assert why.health_reason == health.SILENT


async def test_the_reasons_of_a_session_go_with_it(story: Story) -> None:
    rooms = story.rooms
    await story.policy("All")
    session_id = await story.launch()
    await rooms.actions.log_off(rooms.admin, session_id)
    await story.until(session_id, lambda row, why: row.ended_at_ms is not None and why is None)


async def test_a_recording_that_nobody_wanted_any_more_before_it_began_is_closed(
    story: Story,
) -> None:
    session_id = await story.launch()
    story.rooms.host.silent = True
    policy_id = await story.policy("All")
    await story.until(session_id, lambda row, _: row.wanted_recording_id is not None)
    await story.change(policy_id, enabled=False)
    await story.until(session_id, lambda row, _: row.wanted_recording_id is None)
    story.rooms.host.silent = False
    await story.until(session_id, lambda row, _: row.reported_generation == row.generation)
    later_ms = story.clock.now_ms() + rolling.NEVER_BEGUN_MS + 1000
    [recording] = await story.recordings(session_id)
    found = await story.rooms.store.read(lambda c: rolling.never_begun(c, later_ms))
    assert found == [recording.id]
    await story.rooms.store.write(lambda tx: rolling.close_never_begun(tx, found))
    [recording] = await story.recordings(session_id)
    assert recording.status == "failed"
