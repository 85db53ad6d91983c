"""Whether the recorder still lives; one that does not answer is taken for lost after a second, and killed.

One that records says of itself that it lives, in each round of its looks (rounds.py), so that it need not be woken up
for that. Only when nothing has been heard of it, is it asked.

What is starved by others, and says so in its state, is taken for lost as well but given longer before it is killed: it
records what it finds when its turn comes. A look that comes late counts as short as it was meant to be, so that a
machine that was stopped as a whole costs nobody.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from footlight.agent import processes

ASK_AFTER_S = 0.6  # since it was heard, which is each half second
SILENT_S = 0.9  # after the question; then it is lost
STARVED_S = 8.0  # then it is killed, whatever it does
LOOK_S = 0.1


class Owner(Protocol):
    """What the watchdog needs of whom it serves (recorder_link.Recorders)."""

    def ask(self) -> bool:
        """Ask for a sign of life; False when there is nothing to watch over."""
        ...

    def silent(self) -> None:
        """It is lost for now."""
        ...

    def answers_again(self) -> None:
        """It was not: it has answered."""
        ...


class Watchdog:
    """Over one recorder process."""

    def __init__(self, pid: int, owner: Owner) -> None:
        self._pid = pid
        self._owner = owner
        self._heard = asyncio.Event()
        self._quiet = asyncio.Event()  # nothing was heard for ASK_AFTER_S
        self._timer: asyncio.TimerHandle | None = None

    def heard(self) -> None:
        """The process has given a sign of life."""
        self._heard.set()
        self._wait()

    async def watch(self) -> None:
        """Returns when the process must be killed."""
        try:
            while True:
                self._wait()
                await self._quiet.wait()
                self._heard.clear()
                if self._owner.ask() and not await self._answers():
                    return
        finally:
            if self._timer is not None:
                self._timer.cancel()

    def _wait(self) -> None:
        """Be quiet again for ASK_AFTER_S."""
        if self._timer is not None:
            self._timer.cancel()
        self._quiet.clear()
        self._timer = asyncio.get_running_loop().call_later(ASK_AFTER_S, self._quiet.set)

    async def _answers(self) -> bool:
        looks = 0
        told = False
        while not self._heard.is_set():
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._heard.wait()
            except TimeoutError:
                looks += 1
            silent_s = looks * LOOK_S
            if silent_s >= SILENT_S and not told:
                told = True
                self._owner.silent()
            if silent_s < SILENT_S:
                continue
            if silent_s >= (STARVED_S if processes.is_at_work(self._pid) else SILENT_S):
                return False
        if told:
            self._owner.answers_again()
        return True
