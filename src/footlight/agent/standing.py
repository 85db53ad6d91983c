"""While the bus stays away, a host asks a server why: it may be revoked, or the bus be elsewhere now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from footlight.agent.enrolling import Refused, ask_standing
from footlight.agent.identity import HostFolder, Identity
from footlight.agent.renewals import Renewed
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.wire.enrolment import Standing

_log = get_logger(__name__)

LOOK_EACH_S = 30.0


class StandingWatch:
    """Looks now and then whether there is a connection. `moved` is told of an identity with other addresses of the
    bus. Sessions go on whatever the answer is."""

    def __init__(
        self,
        folder: HostFolder,
        identity: Identity,
        is_connected: Callable[[], bool],
        clock: Clock,
        moved: Renewed,
        ask: Callable[[Identity, int], Standing] = ask_standing,
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._is_connected = is_connected
        self._clock = clock
        self._moved = moved
        self._ask = ask
        self._told = "enrolled"

    async def run(self) -> None:
        """Without end."""
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            await self.look()

    async def look(self) -> None:
        """Once. A server that does not answer says nothing."""
        if self._is_connected():
            self._told = "enrolled"
            return
        try:
            answer = await asyncio.to_thread(self._ask, self._identity, self._clock.now_ms())
        except (Unavailable, Refused) as silence:
            _log.debug("no server answers either", reason=str(silence))
            return
        if answer.standing not in ("enrolled", self._told):
            _log.error(
                "this host is not the site's any more: see `footlight agent doctor`; its sessions go on",
                standing=answer.standing,
                server=self._identity.server,
            )
        self._told = answer.standing
        known = self._identity.credentials
        if answer.bus_servers and answer.bus_servers != known.bus_servers:
            given = msgspec.structs.replace(known, bus_servers=answer.bus_servers)
            self._identity = msgspec.structs.replace(self._identity, credentials=given)
            await asyncio.to_thread(self._folder.save, self._identity)
            _log.info("the bus is elsewhere now", servers=answer.bus_servers)
            await self._moved(self._identity, True)
