"""What people do at a desktop, from a seed: the workloads of the recorder's figures.

The desktop has a terminal, an editor and a long page (page_window.py); an actor plays for so many seconds.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

import stage as stages
from Xlib import X
from Xlib.ext import xtest

SEED = 2026
KEYS_PER_TURN = 40
LETTERS = "abcdefghijklmnopqrstuvwxyz     "
WHEEL_UP, WHEEL_DOWN = 4, 5
_HERE = Path(__file__).parent


def furnish(stage: stages.Stage, *further: str) -> None:
    """Open the windows in which the actors work; `bench_windows`: terminal, editor, then further ones of
    page_window.py."""
    printer = (sys.executable, str(_HERE / "page_printer.py"))
    stage.bench_windows = [
        stage.open_terminal("terminal", "90x30+20+40", *printer, "terminal", str(SEED)),
        stage.open_terminal("editor", "80x40+560+120", *printer, "editor", str(SEED)),
    ]
    for kind in further:
        command = (sys.executable, str(_HERE / "page_window.py"), kind, str(SEED))
        stage.bench_windows.append(stage.open_window(kind, *command))


def type_text(stage: stages.Stage, seconds: float) -> None:
    """4 to 5 keys a second, in turns into the terminal and the editor."""
    rng = random.Random(SEED)
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        stage.focus(stage.bench_windows[turn % 2])
        turn += 1
        for number in range(1, KEYS_PER_TURN + 1):
            if time.monotonic() >= end:
                return
            stage.type("\n" if number % 20 == 0 else rng.choice(LETTERS), 0)
            time.sleep(rng.uniform(0.19, 0.26))


def do_nothing(stage: stages.Stage, seconds: float) -> None:
    """Nobody is there; the carets stopped blinking before."""
    time.sleep(seconds)


def scroll_and_drag(stage: stages.Stage, seconds: float) -> None:
    """The page scrolled 20 times a second, then windows dragged, without a pause."""
    rng = random.Random(SEED)
    end = time.monotonic() + seconds
    down = True
    while time.monotonic() < end:
        point_into(stage, stage.bench_windows[2])
        for _ in range(80):
            wheel(stage, down=down)
            time.sleep(0.05)
            if time.monotonic() >= end:
                return
        down = rng.random() < 0.6
        window = stage.bench_windows[rng.randrange(2)]
        stage.drag(window, rng.randrange(100, 1000), rng.randrange(60, 500), steps=60)


def read_pages(stage: stages.Stage, seconds: float) -> None:
    """A few turns of the wheel, then 8 to 20 seconds of reading."""
    rng = random.Random(SEED)
    end = time.monotonic() + seconds
    point_into(stage, stage.bench_windows[2])
    while time.monotonic() < end:
        for _ in range(rng.randint(4, 9)):
            wheel(stage, down=True)
            time.sleep(0.12)
        time.sleep(max(0.0, min(rng.uniform(8, 20), end - time.monotonic())))


def point_into(stage: stages.Stage, window: Any) -> None:
    """Click into the window's title and leave the pointer inside."""
    stage.focus(window)
    place = window.translate_coords(stage.root, 0, 0)
    stage.point(60 - place.x, 60 - place.y)


def wheel(stage: stages.Stage, *, down: bool) -> None:
    """One notch of the wheel, where the pointer is."""
    button = WHEEL_DOWN if down else WHEEL_UP
    xtest.fake_input(stage.display, X.ButtonPress, button)
    xtest.fake_input(stage.display, X.ButtonRelease, button)
    stage.display.flush()
