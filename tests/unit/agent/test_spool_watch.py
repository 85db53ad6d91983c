import uuid
from pathlib import Path
from typing import Any, cast

from footlight.agent.recorder_link import Recorders
from footlight.agent.spool_room import SpoolBounds
from footlight.agent.spool_watch import FAILING_AFTER_MS, SpoolWatch
from footlight.agent.uploader import Failing, Uploader
from footlight.clock import FakeClock


class Part:
    """What the watch asks recorders and uploader for."""

    full = ""
    failing: Failing | None = None


async def test_it_tells_what_waits_and_what_fails(tmp_path: Path) -> None:
    clock, part, told = FakeClock(), Part(), list[Any]()
    watch = SpoolWatch(
        tmp_path,
        SpoolBounds(1000, 0),
        cast(Recorders, part),
        cast(Uploader, part),
        clock,
        lambda: told.append(watch.facts()),
    )
    folder = tmp_path / str(uuid.UUID(int=1))
    folder.mkdir()
    (folder / "000000.flseg").write_bytes(b"123")
    await watch.look()
    facts = watch.facts()
    assert (facts.size_bytes, facts.limit_bytes, facts.failing_since_ms) == (3, 1000, None)
    assert facts.oldest_at_ms is not None
    assert told == []
    began = clock.now_ms()
    part.failing = Failing(began, "x" * 1000)
    await watch.look()
    assert told == []  # it may be over at once
    clock.advance(FAILING_AFTER_MS)
    await watch.look()
    await watch.look()
    assert [(f.failing_since_ms, len(f.failure)) for f in told] == [(began, 300)]
    part.full = "no room"
    await watch.look()
    assert told[-1].full == "no room"
    part.full, part.failing = "", None
    await watch.look()
    assert (told[-1].full, told[-1].failing_since_ms, len(told)) == (None, None, 3)


async def test_it_runs_until_it_is_stopped(tmp_path: Path) -> None:
    part = Part()
    watch = SpoolWatch(
        tmp_path / "missing",
        SpoolBounds(),
        cast(Recorders, part),
        cast(Uploader, part),
        FakeClock(),
        lambda: None,
    )
    watch.start()
    await watch.stop()
