"""recorder-bytes: what an hour takes on the disk, lossless, in segments of their own with key frames: typing as it is
recorded, the same once sealed, and a day at human pace.

A day: two thirds of it nobody is there, which costs nothing once the segment is closed; of the rest, half is
typing, and half reading, with a few turns of the wheel now and then (HALVES).
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import stage as stages
from bench.actors import furnish, read_pages, type_text
from bench.figure import Figure
from bench.scenes import HEIGHT, WIDTH, Act, start_recorder

BARS = {"typing live": 60.0, "typing sealed": 38.0, "day": 8.0}
AT_WORK = 1 / 3
HALVES = {"typing": 0.5, "reading": 0.5}
CLOSED_WITHIN_S = 60.0


@dataclass(frozen=True)
class Taken:
    """MB (10^6 bytes) an hour of a workload, key frames included."""

    live: float
    sealed: float


def measure(quick: bool) -> Figure:
    """MB an hour of typing once sealed; it holds when all three do."""
    seconds = 24.0 if quick else 180.0
    typing, reading = asyncio.run(_both(seconds))
    day = AT_WORK * (HALVES["typing"] * typing.sealed + HALVES["reading"] * reading.sealed)
    found = {"typing live": typing.live, "typing sealed": typing.sealed, "day": day}
    return Figure(
        name="recorder-bytes",
        value=round(typing.sealed, 2),
        unit="MB/h",
        bar=BARS["typing sealed"],
        holds=all(found[name] <= bar for name, bar in BARS.items()),
        details={
            "seconds": seconds,
            **{name: {"value": round(found[name], 2), "bar": BARS[name]} for name in BARS},
            "reading": {"live": round(reading.live, 2), "sealed": round(reading.sealed, 2)},
            "day is": f"{AT_WORK:.2f} of the time at work: {HALVES}; else nothing",
        },
    )


async def _both(seconds: float) -> tuple[Taken, Taken]:
    typing, reading = await asyncio.gather(
        asyncio.to_thread(_taken, type_text, seconds),
        asyncio.to_thread(_taken, read_pages, seconds, "letters"),
    )
    return typing, reading


def _taken(act: Act, seconds: float, *further: str) -> Taken:
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name:
        stage = stages.Stage(Path(name), WIDTH, HEIGHT)
        try:
            furnish(stage, *further)
            live, sealed = asyncio.run(_recorded(stage, act, seconds))
        finally:
            stage.close()
    per_hour = 3600 / seconds / 1e6
    return Taken(live * per_hour, sealed * per_hour)


async def _recorded(stage: stages.Stage, act: Act, seconds: float) -> tuple[int, int]:
    """(bytes of the open segments when they were closed, bytes of the sealed ones)."""
    recorders, recording_id = await start_recorder(stage.folder, stage.rfb_path)
    folder = stage.folder / "spool" / recording_id
    live: dict[str, int] = {}
    acting = asyncio.create_task(asyncio.to_thread(act, stage, seconds))
    ends: float | None = None
    while ends is None or time.monotonic() < ends:
        for path in folder.glob("*.open"):
            live[path.name] = path.stat().st_size
        if acting.done():
            ends = ends or time.monotonic() + CLOSED_WITHIN_S
            if live and not list(folder.glob("*.open")):
                break
        await asyncio.sleep(0.05)
    await acting
    sealed = sum(path.stat().st_size for path in folder.glob("*.flseg"))
    await recorders.end(recording_id, "measured")
    await recorders.stop()
    return sum(live.values()), sealed
