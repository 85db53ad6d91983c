"""recorder-back: a recorder is killed while somebody types: how long until the next one has its first picture of the
screen on the disk."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import tempfile
import threading
import time
from pathlib import Path

import stage as stages
from bench.actors import furnish, type_text
from bench.figure import Figure
from bench.scenes import HEIGHT, WIDTH, start_recorder

from footlight.agent.recorder_link import STEADY_AFTER_S
from footlight.wire.host import RecordingFacts

MANY, FEW = 40, 6
BAR_MS = 200.0
PAUSE_S = STEADY_AFTER_S + 1.0  # who dies sooner is not taken for steady
TIMEOUT_S = 30.0


def measure(quick: bool) -> Figure:
    """Median over kills."""
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name:
        folder = Path(name)
        stage = stages.Stage(folder, WIDTH, HEIGHT)
        try:
            furnish(stage)
            rounds = FEW if quick else MANY
            typing = threading.Thread(target=type_text, args=(stage, rounds * PAUSE_S + 10))
            typing.start()
            took_ms = asyncio.run(_measure(folder, stage, rounds))
            typing.join()
        finally:
            stage.close()
    value = statistics.median(took_ms)
    details = {"rounds": rounds, "worst_ms": round(max(took_ms), 1)}
    return Figure("recorder-back", round(value, 1), "ms", BAR_MS, value <= BAR_MS, details)


async def _measure(folder: Path, stage: stages.Stage, rounds: int) -> list[float]:
    records = asyncio.Event()

    def changed(facts: RecordingFacts) -> None:
        if facts.status == "recording":
            records.set()
        else:
            records.clear()

    recorders, recording_id = await start_recorder(folder, stage.rfb_path, changed=changed)
    took_ms = []
    try:
        for _ in range(rounds):
            await asyncio.sleep(PAUSE_S)
            assert recorders.pid is not None
            records.clear()
            begun = time.perf_counter()
            os.kill(recorders.pid, signal.SIGKILL)
            async with asyncio.timeout(TIMEOUT_S):
                await records.wait()
            took_ms.append((time.perf_counter() - begun) * 1000)
        await recorders.end(recording_id, "measured")
    finally:
        await recorders.stop()
    return took_ms
