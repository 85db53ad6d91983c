"""Processes that a site has started, found as an operator would."""

from __future__ import annotations

import contextlib

import psutil

from footlight.agent.recorder import NAME


def child(parent: int, module: str) -> int | None:
    """The pid of that process's child which runs this module and does not only stand by; None when there is none."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in psutil.Process(parent).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = one.cmdline()
                if module in words and ("--stand-by" not in words or one.name() == NAME):
                    return one.pid
    return None
