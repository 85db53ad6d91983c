"""What hosts ask of a site's servers, any of which answers: leave to put recordings away, and to renew what they were
given; and the desk at which they enrol."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from footlight.access.attempts import Attempts
from footlight.access.lockout import Lockout
from footlight.archive.place import Place
from footlight.archive.uploads import Uploads
from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.bus.credentials import BusKeys
from footlight.bus.host_bus import HostBus
from footlight.clock import Clock
from footlight.datadir import DataDir
from footlight.site.credentials import Issuer
from footlight.site.enrolment import Desk
from footlight.site.expulsion import expulsion
from footlight.site.founding import Site
from footlight.store.store import Store
from footlight.tasks import cancel, spawn
from footlight.wire.enrolment import TOPIC as RENEWAL


def open_desk(
    site: Site, data: DataDir, store: Store, clock: Clock, lockout: Lockout, host_bus: HostBus
) -> Desk:
    """Where hosts enrol at this server."""
    authority, keys = data.authority(), BusKeys.open(data.keys / "bus")
    issuer = Issuer(
        site=site,
        site_key=data.site_key(),
        authority=authority,
        bus=keys,
        servers=host_bus.told,
        version=version("footlight"),
    )
    throw_out = expulsion(host_bus.own, keys, authority.pem.decode())
    return Desk(store, clock, issuer, Attempts(store, clock, lockout), throw_out)


class HostsDoor:
    """Answers hosts on the bus while it is started."""

    def __init__(self, store: Store, bus: Bus, place: Place, desk: Desk) -> None:
        self._bus = bus
        self._desk = desk
        self._uploads = Uploads(store, place.entrance)
        self._served: list[Registration] = []
        self._expelling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer."""
        leave = self._desk.guarded(self._uploads.answer)
        self._served = [
            await self._bus.serve_hosts(subjects.UPLOADS, leave),
            await self._bus.serve_hosts(RENEWAL, self._desk.renew),
        ]
        self._expelling = spawn("expel revoked hosts", self._desk.expel_revoked())

    async def stop(self) -> None:
        """Answer no more. Safe to call twice."""
        await cancel(self._expelling)
        served, self._served = self._served, []
        for one in served:
            await one.close()
