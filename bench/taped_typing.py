"""A recording of a person typing at a desktop with a terminal and an editor: what the figures about
playing are measured on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stage as stages
from bench.typing_scene import HEIGHT, SEED, WIDTH, type_text

_PRINTER = Path(__file__).with_name("page_printer.py")


@contextmanager
def taped_typing(seconds: float, *, drags: int = 0) -> Iterator[Path]:
    """The finished recording's folder: so many seconds of typing, then windows dragged about."""
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as name,
        stages.recorded_stage(Path(name), WIDTH, HEIGHT) as (stage, take),
    ):
        printer = (sys.executable, str(_PRINTER))
        stage.bench_windows = [
            stage.open_terminal("terminal", "90x30+20+40", *printer, "terminal", str(SEED)),
            stage.open_terminal("editor", "80x40+560+120", *printer, "editor", str(SEED)),
        ]
        type_text(stage, seconds)
        for number in range(drags):
            window = stage.bench_windows[number % 2]
            stage.drag(window, 100 + 137 * number % 900, 60 + 91 * number % 500, steps=40)
        take.end()
        yield take.folder
