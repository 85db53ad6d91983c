"""The pixel test: what is recorded is what the X server showed, in every pixel.

Windows are dragged and resized, the screen is resized, text is typed, all seeded. At 20 quiet moments
the X server's own picture is kept; afterwards the recording's picture at that time must be the same
outside of the pointer's square (the X server draws the pointer into what a recorder gets).
"""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording import chain
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

MOMENTS = 20
SIZES = [(800, 600), (1024, 700), (641, 481), (900, 500)]


def _load_stage() -> Any:
    """The stage beside this file; tests are no package."""
    import sys

    path = Path(__file__).with_name("stage.py")
    spec = importlib.util.spec_from_file_location("footlight_stage", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["footlight_stage"] = module
    spec.loader.exec_module(module)
    return module


stage_module = _load_stage()


@dataclass
class Seen:
    """What the X server showed at a moment, and where the pointer was."""

    at_monotonic_ns: int
    pixels: NDArray[np.uint32]
    pointer_box: tuple[int, int, int, int]
    after: str


def _zero_ns(source: FolderSource) -> int:
    """The monotonic time of recording time 0."""
    with source.open(0) as file:
        header, _ = read_header(file)
    return header.anchor_monotonic_ns - header.start_ns


def _acts(stage: Any, windows: list[Any], rng: random.Random) -> dict[str, Callable[[], None]]:
    def drag() -> None:
        size = stage.root.get_geometry()
        x, y = rng.randint(60, size.width - 60), rng.randint(20, size.height - 40)
        stage.drag(rng.choice(windows), x, y)

    def resize_window() -> None:
        stage.resize_window(rng.choice(windows), rng.randint(120, 600), rng.randint(60, 400))

    def resize_screen() -> None:
        now = stage.root.get_geometry()
        others = [size for size in SIZES if size != (now.width, now.height)]
        stage.resize_screen(*rng.choice(others))

    def type_text() -> None:
        stage.focus(rng.choice(windows))
        stage.type(stage_module.sentence(rng) + "\n", 0.005)

    def point() -> None:
        stage.point(rng.randint(0, 600), rng.randint(0, 450))

    return {
        "drag": drag,
        "resize window": resize_window,
        "resize screen": resize_screen,
        "type": type_text,
        "point": point,
    }


def _perform(stage: Any, rng: random.Random) -> list[Seen]:
    windows = [
        stage.open_terminal(f"term{number}", f"50x12+{30 + 90 * number}+{40 + 110 * number}")
        for number in range(3)
    ]
    acts = _acts(stage, windows, rng)
    names = ["drag", "type", "resize window", "resize screen", "point", *acts]
    seen: list[Seen] = []
    for number in range(MOMENTS):
        # The first moments see each kind of act alone, the later ones mixtures.
        chosen = [names[number]] if number < len(names) else rng.choices(list(acts), k=3)
        for name in chosen:
            acts[name]()
        at_ns, pixels = stage.quiet_picture()
        seen.append(Seen(at_ns, pixels, stage.pointer_box(), ", ".join(chosen)))
    return seen


@pytest.mark.parametrize("seed", [1])
def test_the_recording_equals_the_screen(tmp_path: Path, seed: int) -> None:
    with stage_module.recorded_stage(tmp_path, 800, 600) as (stage, take):
        seen = _perform(stage, random.Random(seed))
        take.end()
    source = FolderSource(take.folder)
    renderer = Renderer(source)
    zero_ns = _zero_ns(source)
    sizes = set()
    for moment in seen:
        picture = renderer.picture(moment.at_monotonic_ns - zero_ns)
        assert picture is not None
        assert picture.fault is None
        shown = picture.pixels.pixels
        assert shown.shape == moment.pixels.shape, moment.after
        sizes.add(shown.shape)
        differs = shown != moment.pixels
        left, top, right, bottom = moment.pointer_box
        differs[top:bottom, left:right] = False
        assert not differs.any(), (
            f"after {moment.after}: {differs.sum()} pixels differ, first at "
            f"{np.argwhere(differs)[0][::-1].tolist()}, pointer within {moment.pointer_box}"
        )
        assert len(np.unique(moment.pixels)) > 10, "something was to be seen"
    assert len(sizes) > 1, "the screen was resized"
    verdict = verify_recording(source, chain.public_bytes(take.site_key), every_record=True)
    assert (verdict.status, verdict.findings) == ("verified", [])
    timeline = read_timeline(source)
    assert (timeline.gaps, timeline.faults) == ([], [])
    assert timeline.complete
