"""What recorders cost, side by side: equal desktops get the same seeded work at the same time, one recorded by nobody,
one by us, one by ffmpeg for each of its presets. So all see the same machine, and differences are the recorders' own.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import stage as stages
from bench.actors import furnish
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent.processes import descendants
from footlight.agent.recorder_link import BeginRecording, Recorders
from footlight.agent.recorder_process import RecorderConfig
from footlight.recording import chain
from footlight.wire.host import RecordingFacts

WIDTH, HEIGHT = 1280, 800
PRESETS = ("veryfast", "ultrafast")
START_TIMEOUT_S = 20.0
_VIEWER = Path(__file__).with_name("plain_viewer.py")
Act = Callable[[stages.Stage, float], None]


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system): what more the X server needs than one that nobody records, and the recorder."""

    x_server_s: float
    recorder_s: float

    @property
    def total_s(self) -> float:
        return self.x_server_s + self.recorder_s


@dataclass(frozen=True)
class Measured:
    """One scene. `sealing_s` is what the sealer took beside `ours`."""

    seconds: float
    alone_s: float  # the X server that nobody records
    ours: Cost
    sealing_s: float
    films: dict[str, Cost] = field(default_factory=dict)  # by preset; empty without ffmpeg


def measure_scene(
    act: Act, seconds: float, *, further: tuple[str, ...] = (), viewer: bool = False
) -> Measured:
    """Let `act` play for that long; `viewer`: on each desktop next to somebody who watches."""
    return asyncio.run(_measure(act, seconds, further, viewer))


async def _measure(act: Act, seconds: float, further: tuple[str, ...], viewer: bool) -> Measured:
    presets = PRESETS if shutil.which("ffmpeg") else ()
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        _desktops(Path(name), 2 + len(presets), further, viewer) as desktops,
    ):
        folder = Path(name)
        recorders, recording_id = await start_recorder(folder, desktops[1].rfb_path)
        films = [
            _start_ffmpeg(folder, stage, preset)
            for stage, preset in zip(desktops[2:], presets, strict=True)
        ]
        try:
            await asyncio.sleep(2)  # first pictures and ffmpeg's own start are not measured
            pids = [stage.server_pid for stage in desktops] + [film.pid for film in films]
            before = [cpu_s(pid) for pid in pids]
            mine = recorders.pid
            before_ours = cpu_s(mine), sealing_cpu_s(mine)
            await asyncio.gather(*(asyncio.to_thread(act, stage, seconds) for stage in desktops))
            used = [cpu_s(pid) - was for pid, was in zip(pids, before, strict=True)]
            ours_s = cpu_s(mine) - before_ours[0]
            sealing_s = sealing_cpu_s(mine) - before_ours[1]
            await recorders.end(recording_id, "measured")
        finally:
            for film in films:
                film.terminate()
                film.wait(20)
            await recorders.stop()
    alone_s, ours_x_s, *rest = used
    films_x, films_s = rest[: len(presets)], rest[len(presets) :]
    return Measured(
        seconds=seconds,
        alone_s=alone_s,
        ours=Cost(ours_x_s - alone_s, ours_s),
        sealing_s=sealing_s,
        films={
            preset: Cost(x_s - alone_s, film_s)
            for preset, x_s, film_s in zip(presets, films_x, films_s, strict=True)
        },
    )


@contextmanager
def _desktops(
    folder: Path, count: int, further: tuple[str, ...], viewer: bool
) -> Iterator[list[stages.Stage]]:
    made: list[stages.Stage] = []
    try:
        for number in range(count):
            home = folder / str(number)
            home.mkdir()
            stage = stages.Stage(home, WIDTH, HEIGHT)
            made.append(stage)
            furnish(stage, *further)
            if viewer:
                stage.environment["PYTHONPATH"] = ":".join(sys.path)
                stage.start(sys.executable, str(_VIEWER), stage.rfb_path)
        yield made
    finally:
        for stage in made:
            stage.close()


async def start_recorder(
    folder: Path, *rfb_paths: str, changed: Callable[[RecordingFacts], None] | None = None
) -> tuple[Recorders, str]:
    """A recorder process with a recording of each display, and the last one's id ("" without any), once all run."""
    (folder / "key.pem").write_bytes(chain.private_pem(Ed25519PrivateKey.generate()))
    recording: set[str] = set()

    def on_change(facts: RecordingFacts) -> None:
        if facts.status == "recording":
            recording.add(facts.recording_id)
        if changed is not None:
            changed(facts)

    config = RecorderConfig(folder / "spool", folder / "key.pem", folder / "certificate.json")
    recorders = Recorders(config, on_change)
    await recorders.start()
    recording_id = ""
    for path in rfb_paths:
        recording_id = str(uuid.uuid4())
        await recorders.begin(
            BeginRecording(
                recording_id=recording_id,
                session_id=str(uuid.uuid4()),
                rfb_path=path,
                site_id=str(uuid.uuid4()),
                user_name="BENCH\\typist",
                machine_name="BENCH\\HOST",
                resource_name="Desktop",
                reason="on-demand",
                ordered_by="BENCH\\bench",
                notify=False,
            )
        )
    async with asyncio.timeout(START_TIMEOUT_S + len(rfb_paths)):
        while len(recording) < len(rfb_paths):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return recorders, recording_id


def _start_ffmpeg(folder: Path, stage: stages.Stage, preset: str) -> subprocess.Popen[bytes]:
    command = [
        *("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "x11grab", "-framerate", "10"),
        *("-video_size", f"{WIDTH}x{HEIGHT}", "-i", stage.display_name),
        *("-c:v", "libx264", "-preset", preset, str(folder / f"{preset}.mkv")),
    ]
    return subprocess.Popen(command, env=stage.environment, stdin=subprocess.DEVNULL)


def sealing_cpu_s(pid: int | None) -> float:
    """CPU time of the sealer of that recorder; of one that has died, no longer."""
    return 0.0 if pid is None else sum(cpu_s(child) for child in descendants(pid))


def cpu_s(pid: int | None) -> float:
    """CPU time of all threads that live, to the nanosecond (/proc/PID/task/*/schedstat)."""
    tasks = Path(f"/proc/{pid}/task").glob("*")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
