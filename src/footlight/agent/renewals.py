"""A host keeps its credentials fresh: renewed at half of their life, and with new keys where its site asks for that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from footlight.agent.identity import HostFolder, Identity, PrivateKeys
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.enrolment import (
    TOPIC,
    Renewal,
    RenewalRequest,
    proof_message,
    standing_message,
)

_log = get_logger(__name__)

LOOK_EACH_S = 10.0
RETRY_S = 15.0
ANSWER_S = 15.0

Renewed = Callable[[Identity, bool], Awaitable[None]]


class Renewals:
    """Asks on the bus. `renewed` is told of each new identity, and whether its keys are new, too."""

    def __init__(
        self, bus: Bus, folder: HostFolder, identity: Identity, clock: Clock, renewed: Renewed
    ) -> None:
        self._bus = bus
        self._folder = folder
        self._identity = identity
        self._clock = clock
        self._renewed = renewed
        self._told = ""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = spawn("renewals", self._run())

    async def stop(self) -> None:
        """Look no more."""
        await cancel(self._task)

    async def look(self) -> None:
        """Ask once how it stands, and renew what is due. Raises Unavailable, ValueError for an answer that is none."""
        now_ms, machine_id = self._clock.now_ms(), self._identity.credentials.machine_id
        proof = self._identity.keys.sign(standing_message(machine_id, now_ms))
        answer = await self._ask(RenewalRequest(at_ms=now_ms, proof=proof))
        if answer.refused:
            self._tell(answer.refused)
        elif answer.rotate:
            await self._renew(self._folder.pending_keys(), rotated=True)
        elif now_ms >= self._identity.half_of_life_ms():
            await self._renew(self._identity.keys, rotated=False)

    async def _renew(self, keys: PrivateKeys, *, rotated: bool) -> None:
        public, before = keys.public(), self._identity
        proof = before.keys.sign(proof_message(before.credentials.machine_id, public))
        answer = await self._ask(RenewalRequest(keys=public, proof=proof))
        if answer.credentials is None:
            self._tell(answer.refused)
            return
        self._identity = msgspec.structs.replace(before, keys=keys, credentials=answer.credentials)
        await asyncio.to_thread(self._folder.save, self._identity)
        _log.info("credentials renewed", new_keys=rotated)
        await self._renewed(self._identity, rotated)

    async def _ask(self, request: RenewalRequest) -> Renewal:
        subject = subjects.of_host(self._identity.credentials.machine_id, TOPIC)
        answer = await self._bus.request(subject, msgspec.json.encode(request), ANSWER_S)
        return msgspec.json.decode(answer, type=Renewal)

    def _tell(self, refused: str) -> None:
        """Each reason once."""
        if refused != self._told:
            _log.error("the site refuses to renew the host's credentials", reason=refused)
        self._told = refused

    async def _run(self) -> None:
        while True:
            pause_s = LOOK_EACH_S
            try:
                await self.look()
            except (Unavailable, ValueError) as silence:
                _log.debug("renewal has to wait", reason=str(silence))
                pause_s = RETRY_S
            await asyncio.sleep(pause_s)
