"""Few are gathered, many are met: both are what store/sight.py says, and both go by indexes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Select, event, select

from footlight.access import accounts
from footlight.caller import Caller, Grant, Permission
from footlight.ids import new_guid
from footlight.sessions import seen as room
from footlight.sessions.seen import seen_by
from footlight.site.founding import found_site
from footlight.store import schema, sight
from footlight.store.store import Store

_s = schema.sessions
_k = schema.session_keys
SCOPE = new_guid()


def caller(account_id: str, *grants: Grant) -> Caller:
    return Caller(
        account_id=account_id,
        name="x",
        user_name="EX\\x",
        display_name="x",
        grants=grants,
        token_id="t",
        expires_at_ms=2**50,
        refresh_until_ms=2**50,
        address="203.0.113.5",
    )


@pytest.fixture
async def crowd(store: Store) -> Any:
    """12 machines with 5 sessions each, those of every other one in the scope's catalog; every 7th session is
    ada's."""

    def write(tx: Any) -> Any:
        found_site(tx, "EX", samples=False)
        ada, other = accounts.create(tx, "ada"), accounts.create(tx, "other")
        run = tx.connection.execute
        zone = run(select(schema.zones.c.id)).scalar()
        first = run(select(schema.catalogs.c.id)).scalar()
        second = new_guid()
        run(schema.catalogs.insert().values(id=second, name="Second", zone_id=zone))
        run(schema.scopes.insert().values(id=SCOPE, name="Scope"))
        run(
            schema.scope_objects.insert().values(
                scope_id=SCOPE, object_kind=sight.CATALOG, object_id=second
            )
        )
        machines = [machine(n, zone, second if n % 2 else first) for n in range(12)]
        run(schema.machines.insert(), machines)
        run(
            _s.insert(),
            [
                session(
                    machines[n % 12]["id"], ada.id if n % 7 == 0 else other.id, ended=n % 11 == 0
                )
                for n in range(60)
            ],
        )
        return ada.id

    ada = await store.write(write)
    held = Grant(frozenset({Permission.SESSION_READ}), frozenset({SCOPE}))
    full = Grant(frozenset({Permission.SESSION_READ}))
    return SimpleNamespace(
        store=store,
        callers={"scope": caller(ada, held), "own": caller(ada), "full": caller(ada, full)},
    )


def machine(number: int, zone_id: str, catalog_id: str) -> dict[str, Any]:
    return {
        "id": new_guid(), "name": f"EX\\DESK{number}", "dns_name": "", "os_type": "", "os_version": "",
        "agent_version": "", "as_root": True, "agent_public_key": "", "catalog_id": catalog_id,
        "zone_id": zone_id, "registered": True, "last_seen_ms": 0,
    }  # fmt: skip


def session(machine_id: str, account_id: str, *, ended: bool) -> dict[str, Any]:
    return {
        "id": new_guid(), "account_id": account_id, "user_name": "EX\\x", "user_display_name": "",
        "machine_id": machine_id, "resource_id": new_guid(), "resource_name": "Desktop",
        "session_type": "Desktop", "launch": "{}", "brokered_at_ms": 0, "brokered_by": "",
        "generation": 1, "wanted": "run", "phase": "running", "state": "Active",
        "state_changed_at_ms": 0, "app_state": "Desktop", "app_state_changed_at_ms": 0,
        "ended_at_ms": 1 if ended else None,
    }  # fmt: skip


@pytest.mark.parametrize("few", [0, 20_000])
@pytest.mark.parametrize("who", ["scope", "own", "full"])
async def test_what_is_seen_is_what_sight_says(
    crowd: Any, who: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "FEW", few)
    one = crowd.callers[who]

    def read(connection: Any) -> None:
        seen = seen_by(one)
        query: Select[Any] = select(_s.c.uid).where(_s.c.ended_at_ms.is_(None), sight.sessions(one))
        expected = sorted(connection.execute(query).scalars())
        assert 5 < len(expected) <= 54
        assert seen.count(connection) == len(expected)
        assert (
            sorted(connection.execute(select(_k.c.uid).where(seen.condition())).scalars())
            == expected
        )
        found: list[int] = []
        while part := seen.uids(connection, 4, found[-1] if found else 0, len(expected)):
            found += part
        assert found == expected

    await crowd.store.read(read)


@pytest.mark.parametrize(
    ("who", "total", "plan"),
    [
        ("scope", 100, "SEARCH session_keys USING COVERING INDEX ix_session_keys_machine_uid_uid"),
        ("scope", 100, "SEARCH session_keys USING COVERING INDEX ix_session_keys_account_id_uid"),
        ("scope", 10**6, "SEARCH session_keys USING INTEGER PRIMARY KEY (rowid>?)"),
        ("full", 10**6, "SEARCH session_keys USING INTEGER PRIMARY KEY (rowid>?)"),
    ],
)
async def test_no_page_walks_past_all_sessions(crowd: Any, who: str, total: int, plan: str) -> None:
    if crowd.store.__class__.__name__ != "SqliteStore":
        pytest.skip("the plan is SQLite's")

    def read(connection: Any) -> str:
        plans: list[str] = []

        def look(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

        event.listen(connection, "before_cursor_execute", look)
        seen_by(crowd.callers[who]).uids(connection, 250, 7, total)
        return "\n".join(plans)

    found = await crowd.store.read(read)
    assert plan in found
    assert "SCAN session_keys" not in found
    assert ("TEMP B-TREE FOR ORDER BY" in found) is (total == 100), (
        "many are met in order, few are sorted"
    )
