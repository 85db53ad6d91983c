"""hour: an hour of mixed work, seeded: typing, scrolling, windows dragged, the screen resized, viewers who come and go,
a recorder thrown out, a bit of video, idle times. At sampled moments X's own picture is kept (XGetImage, where the
screen stood still before and after it); afterwards the Python reader shows the same moments.

Pixels around the pointer are left out, wherever X servers draw it. A moment is late when the recording has its picture
only at the end of the stillness, as it may after full motion (pace.py), and differs when it has it never.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import stage as stages
from bench.actors import SEED, furnish, point_into, scroll_and_drag, type_text, wheel
from bench.figure import Figure
from bench.scenes import HEIGHT, WIDTH
from numpy.typing import NDArray

from footlight.agent.pace import LONGEST_MOTION_WAIT_S
from footlight.playback.render import Renderer
from footlight.recording.chain import read_manifest
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

SIZES = ((1280, 800), (1024, 700), (1440, 900), (1920, 1080), (1100, 760))
_VIEWER = Path(__file__).with_name("plain_viewer.py")
_SETTLED_S = 0.7  # before a sample
_STILL_S = LONGEST_MOTION_WAIT_S  # after it
_CORNER = (5, 5)  # no window gets there
_BUDGET_S = 3.0  # the end of a video is seen as late as the budget of bytes says


@dataclass(frozen=True)
class Sample:
    """What X showed for a while around this moment."""

    after: str  # what was done before
    at_ns: int  # CLOCK_MONOTONIC
    until_ns: int
    pixels: NDArray[np.uint32]
    pointer: tuple[int, int, int, int]


class Work:
    """One person's hour."""

    def __init__(self, stage: stages.Stage, seed: int) -> None:
        self.samples: list[Sample] = []
        self.done: Counter[str] = Counter()
        self.throws = 0
        self._stage = stage
        self._rng = random.Random(seed)
        self._viewers: list[subprocess.Popen[bytes]] = []
        self._turn: list[tuple[Callable[[], None], int]] = [
            (self.typing, 6),
            (self.scrolling, 3),
            (self.dragging, 3),
            (self.resizing, 2),
            (self.coming_and_going, 2),
            (self.throwing_out, 1),
            (self.video, 1),
            (self.idling, 2),
        ]

    def run(self, seconds: float) -> None:
        """Work so long, sampling between the works."""
        end = time.monotonic() + seconds
        works, weights = zip(*self._turn, strict=True)
        try:
            while time.monotonic() < end:
                work = self._rng.choices(works, weights)[0]
                work()
                self.done[work.__name__] += 1
                self.sample(work.__name__)
        finally:
            for viewer in self._viewers:
                viewer.terminate()
                viewer.wait(10)

    def sample(self, after: str) -> None:
        """Keep the picture of a quiet moment. Reading it costs nothing that is recorded."""
        self._stage.point(*_CORNER)  # not over the clip, which plays under the pointer
        at_ns, pixels = self._stage.quiet_picture(_SETTLED_S)
        time.sleep(_STILL_S)
        until_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        if not np.array_equal(pixels, self._stage.picture()):
            self.done["restless"] += 1  # something was drawn after all
            return
        self.samples.append(Sample(after, at_ns, until_ns, pixels, self._stage.pointer_box()))

    def typing(self) -> None:
        type_text(self._stage, self._rng.uniform(3, 9))

    def scrolling(self) -> None:
        point_into(self._stage, self._stage.bench_windows[2])
        for _ in range(self._rng.randint(5, 40)):
            wheel(self._stage, down=self._rng.random() < 0.7)
            time.sleep(self._rng.uniform(0.02, 0.3))

    def dragging(self) -> None:
        if self._rng.random() < 0.2:
            scroll_and_drag(self._stage, self._rng.uniform(3, 8))
            return
        window = self._rng.choice(self._stage.bench_windows)
        self._stage.drag(window, self._rng.randrange(80, 900), self._rng.randrange(40, 500), 40)

    def resizing(self) -> None:
        for _ in range(self._rng.choice((1, 1, 3, 8))):
            self._stage.resize_screen(*self._rng.choice(SIZES))

    def coming_and_going(self) -> None:
        if self._viewers and self._rng.random() < 0.5:
            viewer = self._viewers.pop()
            viewer.terminate()
            viewer.wait(10)
        elif len(self._viewers) < 3:
            command = [sys.executable, str(_VIEWER), self._stage.rfb_path]
            environment = {**self._stage.environment, "PYTHONPATH": ":".join(sys.path)}
            self._viewers.append(subprocess.Popen(command, env=environment))

    def throwing_out(self) -> None:
        command = ["vncconfig", "-disconnect"]
        subprocess.run(command, env=self._stage.environment, timeout=20, check=True)
        self.throws += 1
        time.sleep(0.5)

    def video(self) -> None:
        point_into(self._stage, self._stage.bench_windows[3])
        time.sleep(self._rng.uniform(2, 6))
        self._stage.point(*_CORNER)
        time.sleep(_BUDGET_S)

    def idling(self) -> None:
        time.sleep(self._rng.choice((2.0, 5.0, 24.0)))


def measure(quick: bool, seed: int = SEED, rounds: int = 60) -> Figure:
    """How many sampled moments differ in a pixel; `rounds`: minutes."""
    seconds = 35.0 if quick else 60.0 * rounds
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        stages.recorded_stage(Path(name), WIDTH, HEIGHT) as (stage, take),
    ):
        furnish(stage, "page", "clip")
        work = Work(stage, seed)
        work.run(seconds)
        take.end()
        source = FolderSource(take.folder)
        manifest = read_manifest(source.manifest() or b"").manifest
        zero_ns = _zero_ns(take.folder)
        renderer = Renderer(source)
        late: list[dict[str, object]] = []
        differing: list[dict[str, object]] = []
        for number, sample in enumerate(work.samples):
            if pixels := _differing(renderer, sample, sample.at_ns - zero_ns):
                told = {"sample": number, "after": sample.after, "pixels": pixels}
                never = _differing(renderer, sample, sample.until_ns - zero_ns)
                (differing if never else late).append(told)
        verdict = verify_recording(source, every_record=True).status
    causes = Counter(gap.cause for gap in manifest.gaps)
    return Figure(
        name="hour",
        value=float(len(differing)),
        unit="sampled moments that differ",
        bar=0.0,
        holds=not differing and verdict == "unchanged-unknown-signer",
        details={
            "seconds": round(seconds),
            "seed": seed,
            "samples": len(work.samples),
            "differing": differing,
            "late": late,
            "verdict": verdict,
            "segments": len(manifest.segments),
            "megabytes": round(sum(s.size_bytes for s in manifest.segments) / 1e6, 2),
            "thrownOut": work.throws,
            "gaps": dict(causes),
            "longestGapMs": round(
                max((g.to_ns - g.from_ns for g in manifest.gaps), default=0) / 1e6, 1
            ),
            "works": dict(work.done),
        },
    )


def _zero_ns(folder: Path) -> int:
    """CLOCK_MONOTONIC of the recording's start, as its first segment says."""
    with FolderSource(folder).open(0) as file:
        header, _ = read_header(file)
    return header.anchor_monotonic_ns - header.start_ns


def _differing(renderer: Renderer, sample: Sample, at_ns: int) -> int:
    """How many pixels differ at that time of the recording; all of them when there is no picture of that size."""
    picture = renderer.picture(at_ns)
    if picture is None or picture.pixels.pixels.shape != sample.pixels.shape:
        return sample.pixels.size
    differs = picture.pixels.pixels != sample.pixels
    left, top, right, bottom = sample.pointer
    differs[top:bottom, left:right] = False
    return int(np.count_nonzero(differs))
