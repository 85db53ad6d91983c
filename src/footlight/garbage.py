"""Python's collector of cycles, set for a server: it lives long, and what it makes is mostly no cycle."""

from __future__ import annotations

import gc

# Objects made between two looks. Python's 700 is a look in each small report; a fifth of taking one was spent there.
YOUNG = 10_000


def look_seldom() -> None:
    """Look at new objects seldom: what a process that starts makes is nearly all here to stay, and looking at it
    is a fifth of its start."""
    gc.set_threshold(YOUNG, 20, 20)


def collect_seldom() -> None:
    """Look at new objects seldom, and no more at those that are here now: modules, routes, models."""
    gc.collect()
    gc.freeze()
    look_seldom()
