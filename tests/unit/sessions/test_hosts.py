"""Conditions and orders of machines, said of their sessions."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import literal, select

from footlight.ids import new_guid
from footlight.sessions import hosts as room
from footlight.sessions.hosts import Hosts
from footlight.store import schema
from footlight.store.store import Store

_k = schema.session_keys
_m = schema.machines
NAMES = ("c", "a", "b", "a")  # of machines 1 to 4, by their DNS names


@pytest.fixture
async def filled(store: Store) -> Store:
    """A session on each machine, with the machine's uid."""

    def write(tx: Any) -> None:
        zone_id = new_guid()
        tx.connection.execute(schema.zones.insert().values(id=zone_id, name="Z", is_primary=True))
        machines = [
            {
                "uid": uid, "id": new_guid(), "name": f"EX\\M{uid}", "dns_name": name, "os_type": "",
                "os_version": "", "agent_version": "", "as_root": True, "agent_public_key": "",
                "zone_id": zone_id, "registered": True, "last_seen_ms": 0,
            }
            for uid, name in enumerate(NAMES, 1)
        ]  # fmt: skip
        tx.connection.execute(_m.insert(), machines)
        keys = [
            {
                "uid": one["uid"], "machine_uid": one["uid"], "account_id": "", "state": "",
                "app_state": "", "state_changed_at_ms": 0, "user_name": "", "user_display_name": "",
                "resource_name": "", "client_name": "", "words": "",
            }
            for one in machines
        ]  # fmt: skip
        tx.connection.execute(_k.insert(), keys)

    await store.write(write)
    return store


@pytest.mark.parametrize("listed", [0, 100])
@pytest.mark.parametrize("wanted", [[], [2], [1, 4], [1, 2, 3, 4]])
async def test_sessions_on_some_machines(
    filled: Store, listed: int, wanted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LISTED", listed)

    def read(connection: Any) -> list[int]:
        condition = Hosts(connection).condition(select(_m.c.uid).where(_m.c.uid.in_(wanted)))
        query = select(_k.c.uid).where(condition).order_by(_k.c.uid)
        return list(connection.execute(query).scalars())

    assert await filled.read(read) == wanted


async def test_in_the_order_of_their_machines(filled: Store) -> None:
    def read(connection: Any) -> None:
        ranks = Hosts(connection).ranks(_m.c.dns_name)
        query = select(_k.c.uid, ranks.expression).order_by(ranks.expression, _k.c.uid)
        rows = connection.execute(query).all()
        assert [row[0] for row in rows] == [2, 4, 3, 1]
        assert [ranks.value(row[1]) for row in rows] == ["a", "a", "b", "c"]
        assert [ranks.of_value(name) for name in "aabc"] == [row[1] for row in rows]
        # What no machine has any more stands between the others.
        assert ranks.of_value("a") < ranks.of_value("aa") < ranks.of_value("b")
        assert ranks.of_value("") < ranks.of_value("a")
        assert ranks.of_value("c") < ranks.of_value("d")
        assert ranks.orders
        assert not Hosts(connection).ranks(literal("same")).orders

    await filled.read(read)
