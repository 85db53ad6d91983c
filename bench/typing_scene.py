"""The workload of the recorder's figures: a person at a desktop with a terminal and an editor.

Three equal desktops run side by side and get the same seeded keys: one alone, one recorded by us,
one by ffmpeg. So all three see the same machine, and differences are the recorders' own.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import stage as stages
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent.recorder_link import BeginRecording, RecorderConfig, Recorders
from footlight.recording import chain
from footlight.wire.host import RecordingFacts

WIDTH, HEIGHT = 1280, 800
SEED = 2026
KEYS_PER_TURN = 40
LETTERS = "abcdefghijklmnopqrstuvwxyz     "
_PRINTER = Path(__file__).with_name("page_printer.py")
START_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system) of one desktop's X server and of who records it."""

    x_server_s: float
    recorder_s: float


@dataclass(frozen=True)
class Measured:
    """One scene: costs by desktop, and what our recording came to."""

    seconds: float
    alone: Cost
    ours: Cost
    ffmpeg: Cost | None  # None: ffmpeg is not installed
    stored_bytes: int
    segments: int


def measure_scene(act: Callable[[stages.Stage, float], None], seconds: float) -> Measured:
    """Let `act` play for that long on three desktops at once."""
    return asyncio.run(_measure(act, seconds))


def type_text(stage: stages.Stage, seconds: float) -> None:
    """4 to 5 keys a second, in turns into the terminal and the editor."""
    rng = random.Random(SEED)
    windows = stage.bench_windows
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        stage.focus(windows[turn % len(windows)])
        turn += 1
        for number in range(1, KEYS_PER_TURN + 1):
            if time.monotonic() >= end:
                return
            stage.type("\n" if number % 20 == 0 else rng.choice(LETTERS), 0)
            time.sleep(rng.uniform(0.19, 0.26))


def do_nothing(stage: stages.Stage, seconds: float) -> None:
    """Nobody is there; the carets stopped blinking before."""
    time.sleep(seconds)


async def _measure(act: Callable[[stages.Stage, float], None], seconds: float) -> Measured:
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        _desktops(Path(name)) as (
            alone,
            ours,
            filmed,
        ),
    ):
        folder = Path(name)
        recorders, recording_id = await _start_recorder(folder, ours.rfb_path)
        film = _start_ffmpeg(folder, filmed)
        try:
            pids = [alone.server_pid, ours.server_pid, filmed.server_pid, recorders.pid]
            pids += [film.pid] if film else []
            await asyncio.sleep(2)  # first pictures and ffmpeg's own start are not measured
            before = [_cpu_s(pid) for pid in pids]
            await asyncio.gather(
                *(asyncio.to_thread(act, stage, seconds) for stage in (alone, ours, filmed))
            )
            used = [_cpu_s(pid) - was for pid, was in zip(pids, before, strict=True)]
            await recorders.end(recording_id, "measured")
        finally:
            if film:
                film.terminate()
                film.wait(20)
            await recorders.stop()
        (facts,) = recorders.facts()
        return Measured(
            seconds=seconds,
            alone=Cost(used[0], 0.0),
            ours=Cost(used[1], used[3]),
            ffmpeg=Cost(used[2], used[4]) if film else None,
            stored_bytes=facts.size_bytes,
            segments=facts.segment_count,
        )


@contextmanager
def _desktops(folder: Path) -> Iterator[list[stages.Stage]]:
    made: list[stages.Stage] = []
    try:
        for number in range(3):
            home = folder / str(number)
            home.mkdir()
            stage = stages.Stage(home, WIDTH, HEIGHT)
            made.append(stage)
            printer = (sys.executable, str(_PRINTER))
            stage.bench_windows = [
                stage.open_terminal("terminal", "90x30+20+40", *printer, "terminal", str(SEED)),
                stage.open_terminal("editor", "80x40+560+120", *printer, "editor", str(SEED)),
            ]
        yield made
    finally:
        for stage in made:
            stage.close()


async def _start_recorder(folder: Path, rfb_path: str) -> tuple[Recorders, str]:
    (folder / "key.pem").write_bytes(chain.private_pem(Ed25519PrivateKey.generate()))
    recording = asyncio.Event()

    def on_change(facts: RecordingFacts) -> None:
        if facts.status == "recording":
            recording.set()

    config = RecorderConfig(folder / "spool", folder / "key.pem", folder / "certificate.json")
    recorders = Recorders(config, on_change)
    await recorders.start()
    order = BeginRecording(
        recording_id=str(uuid.uuid4()),
        session_id=str(uuid.uuid4()),
        rfb_path=rfb_path,
        site_id=str(uuid.uuid4()),
        user_name="BENCH\\typist",
        machine_name="BENCH\\HOST",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="BENCH\\bench",
        notify=False,
    )
    await recorders.begin(order)
    async with asyncio.timeout(START_TIMEOUT_S):
        await recording.wait()
    return recorders, order.recording_id


def _start_ffmpeg(folder: Path, stage: stages.Stage) -> subprocess.Popen[bytes] | None:
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    command = [
        *(program, "-nostdin", "-loglevel", "error", "-f", "x11grab", "-framerate", "10"),
        *("-video_size", f"{WIDTH}x{HEIGHT}", "-i", stage.display_name),
        *("-c:v", "libx264", "-preset", "veryfast", str(folder / "film.mkv")),
    ]
    return subprocess.Popen(command, env=stage.environment, stdin=subprocess.DEVNULL)


def _cpu_s(pid: int | None) -> float:
    """CPU time of all threads that live, to the nanosecond (/proc/PID/task/*/schedstat)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
