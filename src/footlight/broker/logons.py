"""What a simulated fleet asks of its site: inventory, and users who log on. Their sessions are launched as any,
many in one transaction, and ordered over the bus."""

from __future__ import annotations

from collections.abc import Sequence

from footlight.access import accounts
from footlight.broker.decision import launch_of
from footlight.sessions import actions
from footlight.sessions.actions import NewSession
from footlight.site import machines, resources, simulated
from footlight.store.store import Store, Tx
from footlight.wire.fleet import Fleet, Logon


class FleetDoor:
    """simulation/fleet.py Site, over the rooms."""

    def __init__(self, store: Store, site_name: str) -> None:
        self._store = store
        self._site_name = site_name

    async def found(self, fleet: Fleet) -> None:
        """Make the fleet's inventory and users; what an earlier one has left goes first."""

        def write(tx: Tx) -> None:
            simulated.remove_fleet(tx)
            simulated.found_fleet(tx, fleet, self._site_name)

        await self._store.write(write)

    async def log_on(self, logons: Sequence[Logon]) -> set[str]:
        """Launch the sessions; the ids of those that were taken."""
        return await self._store.write(lambda tx: log_on(tx, logons, self._site_name))

    async def remove(self) -> bool:
        """Remove all that a fleet has made; whether there was one."""
        return await self._store.write(simulated.remove_fleet)


def log_on(tx: Tx, logons: Sequence[Logon], site_name: str) -> set[str]:
    """Make the sessions; which. One whose user, resource or machine is gone is left out, and so is one on a machine
    in maintenance: a user would be refused too."""
    known_machines = {m.id: m for m in machines.every(tx.connection) if not m.in_maintenance}
    known_resources = {r.id: r for r in resources.every(tx.connection)}
    known_accounts = {a.id: a for a in accounts.every(tx.connection) if a.enabled}
    made = []
    for logon in logons:
        machine = known_machines.get(logon.machine_id)
        resource = known_resources.get(logon.resource_id)
        account = known_accounts.get(logon.account_id)
        if machine is None or resource is None or account is None:
            continue
        made.append(
            NewSession(
                id=logon.session_id,
                account_id=account.id,
                user_display_name=account.display_name,
                machine_id=machine.id,
                launch=launch_of(resource, account, machine, site_name),
                brokered_by=accounts.user_name(site_name, account),
                brokering_ms=logon.brokering_ms,
                client_address=logon.client_address,
                launched_via_ip=None,
                launched_via_host=None,
                brokered_at_ms=logon.at_ms,
            )
        )
    actions.create(tx, *made)
    return {new.id for new in made}
