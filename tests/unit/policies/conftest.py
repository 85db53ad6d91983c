"""A site with policies, without anything that keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from footlight.broker.decision import LaunchRequest, Terms, decide
from footlight.policies import kept
from footlight.sessions import queries
from footlight.site import entitlement
from footlight.wire.policies import NewPolicy, PolicyChange, PolicyConditions, PolicyOutcome


class Ground:
    """What the tests of this folder do."""

    def __init__(self, rooms: Any) -> None:
        self.rooms = rooms
        self.store = rooms.store
        self.admin = rooms.admin

    async def policy(self, name: str, record: Any = "screen", **given: Any) -> Any:
        then = given.pop("then", None) or PolicyOutcome(record=record)
        position, enabled = given.pop("position", None), given.pop("enabled", True)
        wanted = NewPolicy(
            name=name,
            then=then,
            position=position,
            enabled=enabled,
            conditions=PolicyConditions(**given),
        )
        return await self.store.write(lambda tx: kept.create(tx, self.admin, wanted, "FOOTLIGHT"))

    async def change(self, policy_id: str, **given: Any) -> Any:
        wanted = PolicyChange(**given)
        return await self.store.write(
            lambda tx: kept.change(tx, self.admin, policy_id, wanted, "FOOTLIGHT")
        )

    async def launch(self) -> str:
        made = await self.rooms.launcher.launch(self.admin, LaunchRequest("Desktop", new=True))
        return str(made.session_id)

    async def launch_unanswered(self) -> str:
        """A session of which only its row is there."""
        person = entitlement.person("admin")
        request = LaunchRequest("Desktop", new=True)
        launched = await self.store.write(
            lambda tx: decide(tx, self.admin, request, person, "FOOTLIGHT", Terms(), 0)
        )
        return str(launched.session_id)

    async def row(self, session_id: str) -> Any:
        return await self.store.read(lambda c: queries.row(c, session_id))


@pytest.fixture
def ground(rooms: Any) -> Ground:
    return Ground(rooms)
