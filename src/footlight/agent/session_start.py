"""The way of a session to its keeper: the account, a turn among others, the plan, the process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from footlight.agent import accounts, keeper_link, session_plan, throwaway, xvnc
from footlight.agent.starts import CALM_WITHIN_S
from footlight.agent.surroundings import Surroundings, write_private
from footlight.tasks import spawn
from footlight.wire.host import Account, SessionOrder


class SessionStart:
    """Of one session. `moments`: when each phase was through (ms since 1970), until the keeper has them."""

    def __init__(
        self,
        folder: Path,
        around: Surroundings,
        told: Callable[[], None],
        go_on: Callable[[], Awaitable[None]],
    ) -> None:
        """`told`: a phase is through. `go_on`: tells the keeper, which waits behind its X server, to dress the
        screen."""
        self.moments: dict[str, int] = {}
        self._folder = folder
        self._around = around
        self._told = told
        self._go_on = go_on
        self._has_turn = False
        self._undressed = False  # the keeper waits for us

    async def keeper(self, order: SessionOrder, still_wanted: Callable[[], bool]) -> int | None:
        """The pid of the keeper that was started; None when the session is not wanted any more at its turn. Raises
        FootlightError, OSError."""
        around = self._around
        self._passed("taken")
        self._told()  # whoever has ordered it knows that it waits
        async with around.starts.accounts:
            user = await asyncio.to_thread(_user_of, order.launch.account, around.site_id)
        self._passed("account")
        await around.starts.enter()
        self._has_turn = True
        if not still_wanted():
            self.give_turn_back()
            return None
        self._passed("turn")
        self._told()
        self._undressed = around.starts.crowded
        return await self._start(order, user)

    def give_turn_back(self) -> None:
        """Its X server answers, or never will. What comes after the X server waits until all that were launched at
        once have theirs. Safe to call when there is no turn."""
        if self._has_turn:
            self._has_turn = False
            self._around.starts.leave()
            if self._undressed:
                self._undressed = False
                spawn(f"dress {self._folder.name}", self._dress())

    async def _dress(self) -> None:
        await self._around.starts.calm()
        await self._go_on()

    def _passed(self, phase: str) -> None:
        self.moments[phase] = self._around.clock.now_ms()

    async def _start(self, order: SessionOrder, user: accounts.LinuxUser) -> int:
        """A keeper of its own, or the process that holds the account's PAM transaction."""
        plan = await asyncio.to_thread(self._prepare, order, user)
        account, logons = order.launch.account, self._around.logons
        if account.kind != "os" or logons is None:
            return await asyncio.to_thread(keeper_link.start_keeper, self._folder, plan)
        held = await logons.take(account.logon_id, user.name)
        if held is None:
            held = await logons.without_password(user.name)
        return await held.launch(self._folder, plan)

    def _prepare(self, order: SessionOrder, user: accounts.LinuxUser) -> dict[str, Any]:
        folder, around = self._folder, self._around
        cookie = os.urandom(session_plan.COOKIE_BYTES)
        xvnc.make_x_folder()
        session_plan.prepare(folder, user, cookie)
        write_private(folder / "cookie", cookie)
        return session_plan.plan(
            *(order, folder, user, cookie, around.cgroup_of(folder)),
            around.resource_group_of(folder),
            around.resources,
            self.moments,
            hold_s=CALM_WITHIN_S if self._undressed else 0.0,
            default_desktop=around.desktop,
        )


def _user_of(account: Account, site_id: str) -> accounts.LinuxUser:
    if account.kind == "anonymous":
        return throwaway.make(account.account_id, site_id)
    return accounts.resolve(account, site_id)
