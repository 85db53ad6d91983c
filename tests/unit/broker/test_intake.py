from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from footlight.broker import intake as intake_module
from footlight.broker import reports
from footlight.broker.broker import Broker
from footlight.broker.decision import LaunchRequest
from footlight.broker.intake import Intake
from footlight.broker.reports import Outcome
from footlight.site import machines
from footlight.store import schema
from footlight.telemetry.meters import Meters
from footlight.wire.host import HostFacts, HostFigures, HostReport, ReportTaken


def report(host: str, sequence: int = 1, *, full: bool = True) -> HostReport:
    facts = HostFacts(
        machine_id=host,
        host_name=host,
        dns_name=host,
        ip_address=None,
        os_type="Debian 12",
        os_version="12",
        agent_version="1",
        as_root=True,
        agent_public_key="00",
    )
    return HostReport(
        machine_id=host,
        boot_id="b",
        sequence=sequence,
        full=full,
        at_ms=0,
        host=facts if full else None,
    )


def taken(sequence: int) -> Outcome:
    return Outcome(ReportTaken(boot_id="b", sequence=sequence))


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[str, int]]]:
    """What was taken in one transaction each: host and sequence; a host called bad cannot be."""
    seen: list[list[tuple[str, int]]] = []
    take = reports.take

    def told(tx: Any, said: list[HostReport], site_name: str, scale: Any) -> list[Outcome]:
        seen.append([(r.machine_id, r.sequence) for r in said])
        if any(r.machine_id == "bad" for r in said):
            raise KeyError("bad")
        return take(tx, said, site_name, scale)

    monkeypatch.setattr(reports, "take", told)
    return seen


async def test_what_waits_together_is_written_together(rooms: Any, batches: Any) -> None:
    intake = Intake(rooms.store, rooms.site.name)
    outcomes = await asyncio.gather(*(intake.take(report(f"h{n}")) for n in range(5)))
    assert outcomes == [taken(1)] * 5
    assert batches == [[(f"h{n}", 1) for n in range(5)]]
    names = {m.id for m in await rooms.store.read(machines.every)}
    assert {f"h{n}" for n in range(5)} <= names


async def test_of_one_host_one_is_written_at_a_time_and_in_order(rooms: Any, batches: Any) -> None:
    intake = Intake(rooms.store, rooms.site.name)
    later = [report("h", 2, full=False), report("h", 3, full=False)]
    await asyncio.gather(*(intake.take(r) for r in [report("h"), report("i"), *later]))
    assert batches == [[("h", 1), ("i", 1)], [("h", 2)], [("h", 3)]]


async def test_a_full_report_takes_the_place_of_what_its_host_said_before(
    rooms: Any, batches: Any
) -> None:
    intake = Intake(rooms.store, rooms.site.name)
    said = [report("h"), report("h", 2, full=False), report("i"), report("h", 3)]
    outcomes = await asyncio.gather(*(intake.take(r) for r in said))
    assert outcomes == [taken(1), taken(2), taken(1), taken(3)]
    assert batches == [[("i", 1), ("h", 3)]]


async def test_one_that_cannot_be_written_keeps_no_other_from_it(rooms: Any, batches: Any) -> None:
    intake = Intake(rooms.store, rooms.site.name)
    said = [report("h"), report("bad"), report("i")]
    first, bad, last = await asyncio.gather(*(intake.take(r) for r in said), return_exceptions=True)
    assert first == last == taken(1)
    assert isinstance(bad, KeyError)
    assert {"h", "i"} <= {m.id for m in await rooms.store.read(machines.every)}


async def test_a_stopped_one_lets_nobody_wait(rooms: Any) -> None:
    intake = Intake(rooms.store, rooms.site.name)
    waiting = asyncio.ensure_future(intake.take(report("h")))
    await asyncio.sleep(0)
    await intake.stop()
    assert (await asyncio.wait([waiting], timeout=5))[0]


async def test_what_reports_tell_for_the_first_time_is_counted(rooms: Any) -> None:
    meters = Meters()
    broker = Broker(rooms.store, rooms.bus, rooms.clock, rooms.site.name, meters=meters)
    await rooms.broker.stop()
    await broker.start()
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    for _ in range(2):
        await rooms.host.report()
    assert sum(meters.launch_phases.of("total").counts) == 1
    assert sum(meters.launch_phases.of("brokering").counts) == 1
    await rooms.actions.start_recording(rooms.admin, made.session_id, notify=True)
    await rooms.host.report()
    assert sum(meters.recording_start.of().counts) == 1
    await rooms.actions.stop_recording(rooms.admin, made.session_id)
    for _ in range(2):
        await rooms.host.report()
    assert meters.recordings_ended.value("completed") == 1
    assert meters.recordings_ended.value("failed") == 0
    await broker.stop()


async def test_alarms_are_counted_by_their_kind_and_each_once(rooms: Any) -> None:
    meters = Meters()
    broker = Broker(rooms.store, rooms.bus, rooms.clock, rooms.site.name, meters=meters)
    await rooms.broker.stop()
    await broker.start()
    told = meters.text()
    for kind in ("tampering", "x-frozen", "covered"):
        assert f'footlight_recording_alarms_total{{kind="{kind}"}} 0' in told, "before any"
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.actions.start_recording(rooms.admin, made.session_id, notify=True)
    await rooms.host.report()
    running = rooms.host.sessions[made.session_id].recording

    async def says(gap: str | None, *, covered: bool = False) -> None:
        recording = msgspec.structs.replace(running, gap=gap)
        await rooms.host.change(made.session_id, recording=recording, covered=covered)

    for gap in ("disconnected", "tampering", "tampering", None, "x-frozen"):
        await says(gap)
        await rooms.host.report()
    await says("x-frozen", covered=True)
    await rooms.host.report()
    counted = [meters.recording_alarms.value(kind) for kind in ("tampering", "x-frozen", "covered")]
    assert counted == [1, 1, 1]
    await broker.stop()


async def test_what_a_host_tells_of_itself_is_written(rooms: Any) -> None:
    told = msgspec.structs.replace(report("h"), figures=HostFigures(spool_bytes=9))
    intake = Intake(rooms.store, rooms.site.name)
    await intake.take(told)
    query = select(schema.machines.c.figures).where(schema.machines.c.id == "h")
    kept = await rooms.store.read(lambda c: c.execute(query).scalar())
    assert msgspec.json.decode(kept, type=HostFigures) == HostFigures(spool_bytes=9)
    # An agent of an older release tells none, and takes none away.
    await intake.take(report("h", 2, full=False))
    assert await rooms.store.read(lambda c: c.execute(query).scalar()) == kept


async def test_beats_wait_for_others_and_go_with_what_cannot_wait(
    rooms: Any, batches: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "BEATS_WAIT_S", 60.0)
    intake = Intake(rooms.store, rooms.site.name)
    beats = []
    for name in ("h1", "h2"):
        await intake.take(report(name))
    batches.clear()
    for name in ("h1", "h2"):
        beat = msgspec.structs.replace(report(name, full=False), beat=True)
        beats.append(asyncio.ensure_future(intake.take(beat)))
        await asyncio.sleep(0.02)
    await asyncio.wait_for(intake.take(report("h3")), 5)
    assert await asyncio.gather(*beats) == [taken(1), taken(1)]
    assert batches == [[("h1", 1), ("h2", 1), ("h3", 1)]]
