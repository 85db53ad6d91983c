from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from footlight.broker.intake import Intake
from footlight.broker.reception import Reception
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Unavailable
from footlight.site import machines
from footlight.wire.host import (
    HostFacts,
    HostReport,
    ReportTaken,
    SessionFacts,
    decode,
    encode,
)

MACHINE = "aaaaaaaa-0000-4000-8000-000000000000"


def report(sequence: int, *, full: bool = False, **members: Any) -> HostReport:
    facts = HostFacts(
        machine_id=MACHINE,
        host_name="one",
        dns_name="one.test",
        ip_address=None,
        os_type="Debian 12",
        os_version="12",
        agent_version="1",
        as_root=True,
        agent_public_key="00",
    )
    said = {"machine_id": MACHINE, "boot_id": "b", "at_ms": 0, **members}
    return HostReport(sequence=sequence, full=full, host=facts if full else None, **said)


class Story:
    """A host at a reception."""

    def __init__(self, rooms: Any) -> None:
        self.store = rooms.store
        self.bus = InProcessBus()
        self.answers: asyncio.Queue[ReportTaken] = asyncio.Queue()
        self.reception = Reception(self.bus, Intake(rooms.store, "SITE"), self._order)

    async def _order(self, machine_id: str, orders: list[Any]) -> None:
        raise AssertionError("nothing is to be ordered")

    async def start(self) -> None:
        await self.bus.serve(subjects.taken(MACHINE), self._hear)
        await self.reception.start()

    async def _hear(self, payload: bytes) -> bytes:
        self.answers.put_nowait(decode(ReportTaken, payload))
        return b""

    async def post(self, said: HostReport, machine_id: str = MACHINE) -> None:
        await self.bus.post(subjects.of_host(machine_id, subjects.REPORTS), encode(said), 5)

    async def answer(self, said: HostReport) -> ReportTaken:
        await self.post(said)
        return await asyncio.wait_for(self.answers.get(), 5)

    async def beat(self, sequence: int, **members: Any) -> ReportTaken:
        said = encode(report(sequence, beat=True, **members))
        subject = subjects.of_host(MACHINE, subjects.BEATS)
        return decode(ReportTaken, await self.bus.request(subject, said, 5))

    async def machine(self) -> Any:
        return await self.store.read(lambda c: machines.get(c, MACHINE))


@pytest.fixture
async def story(rooms: Any) -> AsyncIterator[Story]:
    made = Story(rooms)
    await made.start()
    yield made
    await made.reception.stop()
    await made.bus.close()


async def test_a_report_is_answered_to_its_host(story: Story) -> None:
    assert await story.answer(report(1, full=True)) == ReportTaken(boot_id="b", sequence=1)
    assert await story.answer(report(2)) == ReportTaken(boot_id="b", sequence=2)
    assert (await story.machine()).sequence == 2


async def test_one_that_comes_twice_changes_nothing_and_is_answered(story: Story) -> None:
    await story.answer(report(1, full=True))
    ended = SessionFacts(session_id="s", generation=1, phase="ended")
    assert (await story.answer(report(2, sessions=[ended]))).forget_sessions == ["s"]
    assert await story.answer(report(2, sessions=[ended])) == ReportTaken(boot_id="b", sequence=2)


async def test_a_gap_is_written_and_everything_is_asked_for(story: Story) -> None:
    await story.answer(report(1, full=True))
    answer = await story.answer(report(4))
    assert (answer.sequence, answer.want_full) == (4, True)
    assert (await story.machine()).sequence == 4
    assert not (await story.answer(report(7, full=True))).want_full


async def test_of_another_start_nothing_is_written_but_a_full_report(story: Story) -> None:
    await story.answer(report(8, full=True))
    answer = await story.answer(report(2, boot_id="c"))
    assert (answer.boot_id, answer.sequence, answer.want_full) == ("c", 2, True)
    assert (await story.machine()).boot_id == "b"
    await story.answer(report(3, boot_id="c", full=True))
    assert (await story.machine()).boot_id == "c"


async def test_a_report_that_names_another_machine_is_refused(story: Story) -> None:
    other = "bbbbbbbb-0000-4000-8000-000000000000"
    await story.post(report(1, full=True), other)
    await story.bus.post(subjects.of_host(MACHINE, subjects.REPORTS), b"{", 5)
    assert (await story.answer(report(1, full=True))).sequence == 1
    assert await story.store.read(lambda c: machines.get(c, other)) is None


async def test_a_beat_is_told_how_far_the_server_is(story: Story) -> None:
    assert (await story.beat(3)).want_full
    await story.answer(report(1, full=True))
    assert await story.beat(3) == ReportTaken(boot_id="b", sequence=1)
    assert (await story.machine()).sequence == 1
    answer = await story.beat(3, boot_id="c")
    assert (answer.boot_id, answer.sequence, answer.want_full) == ("c", 0, True)


async def test_a_beat_says_that_the_host_lives_and_tells_again_what_is_over(story: Story) -> None:
    await story.answer(report(1, full=True))

    def fall_silent(tx: Any) -> None:
        gone = machines.schema.machines.update().values(registered=False, last_seen_ms=0)
        tx.connection.execute(gone)

    await story.store.write(fall_silent)
    ended = SessionFacts(session_id="s", generation=1, phase="ended")
    assert (await story.beat(1, sessions=[ended])).forget_sessions == ["s"]
    assert (await story.machine()).registered


async def test_a_beat_of_another_machine_is_refused(story: Story) -> None:
    with pytest.raises(Unavailable, match="refused"):
        await story.beat(1, machine_id="bbbbbbbb-0000-4000-8000-000000000000")


async def test_it_can_be_stopped_and_started_again(story: Story) -> None:
    await story.answer(report(1, full=True))
    await story.reception.stop()
    await story.reception.stop()
    await story.post(report(2))
    with pytest.raises(Unavailable):
        await story.beat(2)
    assert story.answers.empty()
    await story.reception.start()
    assert (await asyncio.wait_for(story.answers.get(), 5)).sequence == 2
    assert (await story.beat(2)).sequence == 2
