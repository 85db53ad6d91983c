"""What hosts ask of a site's servers, any of which answers: leave to put recordings away, and to renew what they were
given; and the desk at which they enrol."""

from __future__ import annotations

from importlib.metadata import version

from footlight.access.attempts import Attempts
from footlight.access.lockout import Lockout
from footlight.archive.place import Place
from footlight.archive.uploads import Uploads
from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.bus.credentials import BusKeys
from footlight.clock import Clock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.site.credentials import Issuer
from footlight.site.enrolment import Desk
from footlight.site.founding import Site
from footlight.store.store import Store
from footlight.wire.enrolment import TOPIC as RENEWAL


def open_desk(
    config: SiteConfig, site: Site, data: DataDir, store: Store, clock: Clock, lockout: Lockout
) -> Desk:
    """Where hosts enrol at this server."""
    issuer = Issuer(
        site=site,
        site_key=data.site_key(),
        authority=data.authority(),
        bus=BusKeys.open(data.keys / "bus"),
        servers=config.bus_servers,
        version=version("footlight"),
    )
    return Desk(store, clock, issuer, Attempts(store, clock, lockout), _nobody_to_expel)


async def _nobody_to_expel(bus_key: str) -> None:
    """Hosts of the in-process bus have no keys of their own."""


class HostsDoor:
    """Answers hosts on the bus while it is started."""

    def __init__(self, store: Store, bus: Bus, place: Place, desk: Desk) -> None:
        self._bus = bus
        self._desk = desk
        self._uploads = Uploads(store, place.entrance)
        self._served: list[Registration] = []

    async def start(self) -> None:
        """Begin to answer."""
        leave = self._desk.guarded(self._uploads.answer)
        self._served = [
            await self._bus.serve_hosts(subjects.UPLOADS, leave),
            await self._bus.serve_hosts(RENEWAL, self._desk.renew),
        ]

    async def stop(self) -> None:
        """Answer no more. Safe to call twice."""
        served, self._served = self._served, []
        for one in served:
            await one.close()
