"""Administrators of scopes over a server's rooms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from footlight.access import accounts, administrators, custom_roles, roles, scopes
from footlight.access.administrators import Wanted
from footlight.access.scopes import Named
from footlight.caller import Caller
from footlight.store import schema, sight
from footlight.store.store import Tx


@dataclass
class Staff:
    """The rooms, whose administrator can sign in, with a catalog and a group beside the founded ones."""

    rooms: Any
    boss: Caller

    async def write(self, work: Any) -> Any:
        return await self.rooms.store.write(work)

    async def read(self, work: Any) -> Any:
        return await self.rooms.store.read(work)

    async def scope(self, name: str, *catalogs: str) -> str:
        """A scope of these catalogs."""
        named = [Named(sight.CATALOG, catalog) for catalog in catalogs]
        return str(await self.write(lambda tx: scopes.create(tx, self.boss, name, None, named)))

    async def role(self, name: str, *permissions: str) -> str:
        return str(
            await self.write(
                lambda tx: custom_roles.create(tx, self.boss, name, None, list(permissions))
            )
        )

    async def administrator(self, name: str, *rights: tuple[str, str]) -> Caller:
        """A new account with these roles in scopes, as it calls."""
        account = await self.rooms.account(name)
        wanted = [Wanted(*right) for right in rights]
        site = self.rooms.site.name
        await self.write(lambda tx: administrators.create(tx, self.boss, site, name, wanted, True))
        return await self.again(self.rooms.caller(account))

    async def again(self, caller: Caller) -> Caller:
        """The same with what it may do now."""
        grants = await self.read(
            lambda c: roles.grants_of(c, caller.account_id, separate_duties=caller.separate_duties)
        )
        return replace(caller, grants=grants)

    async def known(self, name: str, caller: Caller | None = None) -> administrators.Administrator:
        """The administrator of that name, as the caller (the boss) knows it."""
        site = self.rooms.site.name
        found: administrators.Administrator = await self.read(
            lambda c: administrators.get(c, caller or self.boss, site, name)
        )
        return found

    async def entries(self) -> list[str]:
        """The texts of the audit chain."""
        query = select(schema.audit.c.text).order_by(schema.audit.c.seq)
        return list(await self.read(lambda c: c.execute(query).scalars().all()))


@pytest.fixture
async def staff(rooms: Any) -> Staff:
    def write(tx: Tx) -> None:
        accounts.set_password(tx, rooms.admin_account.id, "hash")
        zone = tx.connection.execute(select(schema.zones.c.id)).scalar_one()
        run = tx.connection.execute
        run(schema.catalogs.insert().values(id="lab-id", name="Lab", zone_id=zone))
        run(schema.delivery_groups.insert().values(id="team-id", name="Team"))

    await rooms.store.write(write)
    return Staff(rooms, rooms.admin)
