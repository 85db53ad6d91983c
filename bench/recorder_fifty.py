"""recorder-fifty: fifty sessions in which somebody types at once, one recorder process: whether it keeps up, and what
each costs it.

It slips when pictures are missing: each key pressed changes the screen, and keys come slower than the recorder may
look. Memory is what the recorder has more (PSS) than before it began, for each recording.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stage as stages
from bench.actors import LETTERS, SEED
from bench.figure import Figure
from bench.scenes import cpu_s, sealing_cpu_s, start_recorder

from footlight.agent.processes import descendants
from footlight.recording.format import RecordKind
from footlight.recording.reader import SegmentReader
from footlight.wire.host import RecordingFacts

MANY, FEW = 50, 10
BAR_MB = 10.0
LEAST_SEEN = 0.97  # of the keys; two may come within a tenth of a second where threads are late
_PRINTER = Path(__file__).with_name("page_printer.py")


def measure(quick: bool) -> Figure:
    """MB for each session; it holds when that does and no key's picture is missing."""
    count, seconds = (FEW, 12.0) if quick else (MANY, 60.0)
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        _desks(Path(name), count) as desks,
    ):
        found = asyncio.run(_measure(Path(name), desks, seconds))
    seen = found["pictures"] / found["keys"]
    return Figure(
        name="recorder-fifty",
        value=found["mbPerSession"],
        unit="MB a session",
        bar=BAR_MB,
        holds=found["mbPerSession"] <= BAR_MB and seen >= LEAST_SEEN and not found["lateFrames"],
        details={"sessions": count, "seconds": seconds, "seen": round(seen, 4), **found},
    )


async def _measure(folder: Path, desks: list[stages.Stage], seconds: float) -> dict[str, Any]:
    told: dict[str, RecordingFacts] = {}

    def changed(facts: RecordingFacts) -> None:
        told[facts.recording_id] = facts

    recorders, _ = await start_recorder(folder, changed=changed)
    empty_mb = _pss_mb(recorders.pid)
    await recorders.stop()
    recorders, _ = await start_recorder(folder, *(d.rfb_path for d in desks), changed=changed)
    cpu_before = cpu_s(recorders.pid), sealing_cpu_s(recorders.pid)
    x_before = sum(cpu_s(desk.server_pid) for desk in desks)
    stop = threading.Event()
    loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(len(desks))
    typing = asyncio.gather(
        *(loop.run_in_executor(pool, _type, desk, n, stop) for n, desk in enumerate(desks))
    )
    peak_mb = sealer_mb = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(1)
        peak_mb = max(peak_mb, _pss_mb(recorders.pid))
        sealer_mb = max(sealer_mb, sum(map(_pss_mb, descendants(recorders.pid or 0))))
    stop.set()
    keys = sum(await typing)
    pool.shutdown()
    used_s, sealing_s = (
        cpu_s(recorders.pid) - cpu_before[0],
        sealing_cpu_s(recorders.pid) - cpu_before[1],
    )
    x_s = sum(cpu_s(desk.server_pid) for desk in desks) - x_before
    for recording_id in list(told):
        await recorders.end(recording_id, "measured")
    await recorders.stop()
    pictures = sum(_updates(folder / "spool" / recording_id) for recording_id in told)
    return {
        "keys": keys,
        "pictures": pictures,
        "lateFrames": sum(facts.late_frames for facts in told.values()),
        "gaps": sum(facts.gaps for facts in told.values()),
        "mbPerSession": round((peak_mb - empty_mb) / len(desks), 2),
        "emptyMb": round(empty_mb, 1),
        "sealerMb": round(sealer_mb, 1),
        "recorderMsPerMinute": round(used_s / seconds * 60e3 / len(desks), 1),
        "sealingMsPerMinute": round(sealing_s / seconds * 60e3 / len(desks), 1),
        "xServerMsPerMinute": round(x_s / seconds * 60e3 / len(desks), 1),
    }


def _type(desk: stages.Stage, number: int, stop: threading.Event) -> int:
    """4 to 5 keys a second until told to stop; how many."""
    rng = random.Random(SEED + number)
    keys = 0
    while not stop.is_set():
        desk.type("\n" if keys % 20 == 19 else rng.choice(LETTERS.strip()), 0)
        keys += 1
        time.sleep(rng.uniform(0.19, 0.26))
    return keys


def _updates(folder: Path) -> int:
    count = 0
    for path in folder.glob("*.flseg"):
        with path.open("rb") as file:
            count += sum(r.kind == RecordKind.UPDATE for r in SegmentReader(file).records())
    return count


@contextmanager
def _desks(folder: Path, count: int) -> Iterator[list[stages.Stage]]:
    made: list[stages.Stage] = []
    try:
        for number in range(count):
            home = folder / str(number)
            home.mkdir()
            made.append(stages.Stage(home, 1280, 800))
            printer = (sys.executable, str(_PRINTER), "editor", str(SEED + number))
            made[-1].focus(made[-1].open_terminal("editor", "90x40+120+80", *printer))
        yield made
    finally:
        for stage in made:
            stage.close()


def _pss_mb(pid: int | None) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError("the recorder")
