"""paging-churn: lists walked page by page while sessions come, change, move and go. Each page equals the rows at its
moment, and each session that lives throughout stands on exactly one page."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
from bench import crowd
from bench.databases import Kind, fresh_database
from bench.figure import Figure
from sqlalchemy import Connection, select

from footlight.api import container_scopes, halves
from footlight.api.sessions import list_page
from footlight.caller import FULL_GRANT, Caller, Grant, Permission
from footlight.clock import SystemClock
from footlight.ids import new_guid
from footlight.sessions import queries
from footlight.sessions.pieces import Renderer
from footlight.store import schema
from footlight.store.changes import write_changes
from footlight.store.engines import open_store
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

T = TypeVar("T")

BAR = 1.0
NEXT_CHANGE_S = 30.0
AT_ONCE = 5  # changes of each kind in a transaction
_s, _m = schema.sessions, schema.machines


@dataclass(frozen=True)
class Size:
    """Of one run: how many sessions at first, walks of each caller, and sessions on a page."""

    sessions: int
    walks: int
    limit: int


@dataclass
class Walks:
    """What walking has shown, by caller. `wrong`: pages that differ from the rows at their moment."""

    pages: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    throughout: Counter[str] = field(
        default_factory=Counter
    )  # sessions seen from first page to last
    once: Counter[str] = field(default_factory=Counter)  # of these, on exactly one page
    changes: int = 0  # transactions meanwhile

    @property
    def share(self) -> float:
        """Of the sessions that lived throughout, those that stood on exactly one page."""
        return self.once.total() / self.throughout.total()


def measure(quick: bool, database: Kind = "sqlite") -> Figure:
    """Through the list's own handler, for the administrator, for a caller whose scope holds a fifth of the machines
    and for one whose scope holds most; the truth is read from the rows in the page's own snapshot."""
    size = Size(3000, 2, 250) if quick else Size(30_000, 3, 1000)
    with fresh_database(database) as place:
        walks = asyncio.run(walked(place, size))
    details = {
        "database": database,
        "sessions": size.sessions,
        "limit": size.limit,
        "changes": walks.changes,
        **{name: dict(getattr(walks, name)) for name in ("pages", "wrong", "throughout", "once")},
    }
    holds = walks.share >= BAR and not walks.wrong.total()
    return Figure("paging-churn", walks.share, "of those throughout", BAR, holds, details)


async def walked(database: Any, size: Size, seed: int = 1) -> Walks:
    """The callers walk side by side, each as often as the size says."""
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, size.sessions)
        callers = await store.write(_callers)
        walks = Walks()
        async with _rendered(store), _changing(store, random.Random(seed)) as churn:

            async def walk(name: str, caller: Caller) -> None:
                for _ in range(size.walks):
                    await _Walk(store, caller, churn, size.limit).run(name, walks)

            await asyncio.gather(*(walk(name, caller) for name, caller in callers.items()))
            walks.changes = churn.made
        return walks
    finally:
        await store.close()


class _Walk:
    """One list from its first page to its last."""

    def __init__(self, store: Store, caller: Caller, churn: _Churn, limit: int) -> None:
        self._store = store
        self._caller = caller
        self._churn = churn
        self._limit = limit
        self._after = 0
        self._total: int | None = None
        self._right = False
        self._throughout: set[int] | None = None
        self._shown: Counter[str] = Counter()
        self._ids: dict[int, str] = {}

    async def read(self, work: Callable[[Connection], bytes]) -> bytes:
        """As the store does it, for the handler; what should have been shown is read with it."""

        def both(connection: Connection) -> tuple[bytes, dict[str, Any], dict[int, str]]:
            body = work(connection)
            seen = _seen(connection, self._caller)
            return body, self._expected(connection, seen), seen

        body, expected, seen = await self._store.read(both)
        shown = msgspec.json.decode(body)
        token = shown.pop("ContinuationToken")
        more = expected.pop("more")
        self._right = shown == expected and (token is not None) == more
        self._total = expected["TotalItems"]
        self._throughout = set(seen) & (set(seen) if self._throughout is None else self._throughout)
        self._ids.update(seen)
        self._after = max([self._after, *(one["Uid"] for one in shown["Items"])])
        self._shown.update(one["Id"] for one in shown["Items"])
        return body

    def _expected(self, connection: Connection, seen: dict[int, str]) -> dict[str, Any]:
        """The page as the facts say it, without what is kept or counted beside them."""
        left = [uid for uid in seen if uid > self._after]
        rows = queries.by_uid(connection, left[: self._limit])
        held = container_scopes.held(connection, self._caller, rows)
        return {
            "Items": [msgspec.json.decode(halves.body(row, held)) for row in rows],
            "TotalItems": len(seen) if self._total is None else self._total,
            "more": len(left) > self._limit,
        }

    async def run(self, name: str, walks: Walks) -> None:
        """All pages, some change between any two."""
        parts: Any = SimpleNamespace(site=SimpleNamespace(token_key=b"key"), store=self)
        token: str | None = None
        while True:
            body = await list_page(self._caller, parts, self._limit, token, None)
            walks.pages[name] += 1
            walks.wrong[name] += not self._right
            token = msgspec.json.decode(body)["ContinuationToken"]
            if token is None:
                break
            await self._churn.next()
        throughout = {self._ids[uid] for uid in self._throughout or ()}
        walks.throughout[name] += len(throughout)
        walks.once[name] += sum(self._shown[id] == 1 for id in throughout)
        walks.wrong[name] += sum(count > 1 for count in self._shown.values())


def _seen(connection: Connection, caller: Caller) -> dict[int, str]:
    """Ids of all live sessions that the caller sees, by uid in their order; told apart here, not by the database."""
    scopes = caller.scopes_of(Permission.SESSION_READ)
    objects = schema.scope_objects
    held = {
        row.object_id
        for row in connection.execute(select(objects))
        if row.scope_id in (scopes or ())
    }
    machines = {
        row.id
        for row in connection.execute(select(_m.c.id, _m.c.catalog_id))
        if row.catalog_id in held
    }
    live = select(_s.c.uid, _s.c.id, _s.c.machine_id, _s.c.account_id)
    rows = connection.execute(live.where(_s.c.ended_at_ms.is_(None)).order_by(_s.c.uid))
    return {
        row.uid: row.id
        for row in rows
        if scopes is None or row.machine_id in machines or row.account_id == caller.account_id
    }


def _callers(tx: Tx) -> dict[str, Caller]:
    catalogs, scopes, objects = schema.catalogs, schema.scopes, schema.scope_objects
    run = tx.connection.execute
    named = dict(run(select(catalogs.c.name, catalogs.c.id)).all())  # type: ignore[arg-type]
    grants = {"full": FULL_GRANT}
    for name, numbers in (("fifth", (0,)), ("most", (1, 2, 3, 4))):
        scope_id = new_guid()
        run(scopes.insert().values(id=scope_id, name=name))
        for number in numbers:
            one = {"object_kind": "MachineCatalog", "object_id": named[f"Catalog {number}"]}
            run(objects.insert().values(scope_id=scope_id, **one))
        grants[name] = Grant(frozenset({Permission.SESSION_READ}), frozenset({scope_id}))
    return {name: _caller(grant) for name, grant in grants.items()}


def _caller(grant: Grant) -> Caller:
    return Caller(new_guid(), "a", "BENCH\\a", "", (grant,), "t", 2**50, 2**50, "203.0.113.5")


@contextlib.asynccontextmanager
async def _rendered(store: Store) -> AsyncIterator[None]:
    """As every server has it."""
    renderer = Renderer(store, halves.own_half)
    await renderer.start(halves.SHAPE)
    try:
        yield
    finally:
        await renderer.stop()


@contextlib.asynccontextmanager
async def _changing(store: Store, dice: random.Random) -> AsyncIterator[_Churn]:
    churn = _Churn(store, dice)
    task = spawn("churn", churn.run())
    try:
        yield churn
    finally:
        await cancel(task)


class _Churn:
    """Changes of every kind that a list could stumble over, one transaction after the other."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self._store = store
        self._dice = dice
        self._number = 10**6
        self.made = 0
        self._changed = asyncio.Event()

    async def run(self) -> None:
        while True:
            await self._store.write(self._change)
            self.made += 1
            self._changed.set()
            await asyncio.sleep(0.002)

    async def next(self) -> None:
        """After one transaction more. Raises TimeoutError."""
        self._changed.clear()
        async with asyncio.timeout(NEXT_CHANGE_S):
            await self._changed.wait()

    def _change(self, tx: Tx) -> None:
        run, dice = tx.connection.execute, self._dice
        live = select(_s.c.uid, _s.c.account_id).where(_s.c.ended_at_ms.is_(None))
        rows = dict(run(live).all())  # type: ignore[arg-type]
        machines = list(run(select(_m.c.uid, _m.c.id, _m.c.name, _m.c.catalog_id)))
        chosen = dice.sample(sorted(rows), min(4 * AT_ONCE, len(rows)))
        number = self._number = self._number + AT_ONCE
        account_id = rows[chosen[0]]
        begun = [
            crowd.session(dice, number + n, dice.choice(machines).id, account_id)
            for n in range(AT_ONCE)
        ]
        run(_s.insert(), begun)
        over = {"phase": "ended", "ended_at_ms": tx.now_ms}
        shown = {"client_name": f"PC-{number}", "state": dice.choice(("Active", "Disconnected"))}
        hidden = {"is_hidden": dice.random() < 0.5}
        several = [
            *((uid, over) for uid in chosen[:AT_ONCE]),
            *((uid, shown) for uid in chosen[AT_ONCE : 2 * AT_ONCE]),
            *((uid, hidden) for uid in chosen[2 * AT_ONCE : 3 * AT_ONCE]),
        ]
        write_changes(tx.connection, _s, several)
        elsewhere = {uid: dice.choice(machines).id for uid in chosen[3 * AT_ONCE :]}
        write_changes(tx.connection, _s, [(u, {"machine_id": id}) for u, id in elsewhere.items()])
        # One machine goes into another catalog, that is into or out of scopes; another is renamed.
        moved, like, named = (dice.choice(machines) for _ in range(3))
        write_changes(tx.connection, _m, [(moved.uid, {"catalog_id": like.catalog_id})])
        write_changes(tx.connection, _m, [(named.uid, {"name": f"BENCH\\R{number}"})])
        tx.wake("session")
        tx.wake("machine")
