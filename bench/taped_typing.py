"""A recording of a person typing at a desktop with a terminal and an editor: what the figures about
playing are measured on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stage as stages
from bench.actors import furnish, type_text
from bench.scenes import HEIGHT, WIDTH


@contextmanager
def taped_typing(seconds: float, *, drags: int = 0) -> Iterator[Path]:
    """The finished recording's folder: so many seconds of typing, then windows dragged about."""
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        stages.recorded_stage(Path(name), WIDTH, HEIGHT) as (stage, take),
    ):
        furnish(stage)
        type_text(stage, seconds)
        for number in range(drags):
            window = stage.bench_windows[number % 2]
            stage.drag(window, 100 + 137 * number % 900, 60 + 91 * number % 500, steps=40)
        take.end()
        yield take.folder
