"""What is so of sessions that policies ask about, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from footlight.access import accounts
from footlight.access.accounts import Source
from footlight.policies.policy import Circumstances, Policy
from footlight.site import entitlement
from footlight.site.entitlement import Person
from footlight.store import schema

_s = schema.sessions
_m = schema.machines
_on = schema.tag_objects
_a = schema.accounts
_in = schema.account_groups

IDS_AT_ONCE = 500
_READ = (
    *(_s.c.uid, _s.c.id, _s.c.account_id, _s.c.resource_id, _s.c.machine_id),
    *(_s.c.client_address, _s.c.asked_from, _m.c.catalog_id, _m.c.delivery_group_id),
)


@dataclass(frozen=True)
class Somebody:
    """An account as far as its names go, which a directory may know more of: `person` may take a moment."""

    name: str  # of one of a host with its domain
    source: Source
    groups: tuple[tuple[str, str], ...]

    def person(self) -> Person:
        """By all names that policies may know it by."""
        if self.source == "visitor":
            return entitlement.VISITOR
        return entitlement.person(self.name, self.source, self.groups)


@dataclass(frozen=True)
class Looked:
    """Live sessions with what policies ask of them, but for their users' names."""

    sessions: Sequence[tuple[int, str, str, Circumstances]]  # uid, id, account id
    people: Mapping[str, Somebody]  # by account id; empty where nobody asked


def live(connection: Connection, after_uid: int, limit: int, *, with_people: bool) -> Looked:
    """Live sessions above `after_uid`, by uid, `limit` at most."""
    query = (
        select(*_READ)
        .join(_m, _m.c.id == _s.c.machine_id)
        .where(_s.c.ended_at_ms.is_(None), _s.c.wanted == "run", _s.c.uid > after_uid)
        .order_by(_s.c.uid)
        .limit(limit)
    )
    return _looked(connection, list(connection.execute(query)), with_people=with_people)


def named(connection: Connection, session_ids: Sequence[str], *, with_people: bool) -> Looked:
    """Those of these sessions that live; some hundreds at most."""
    query = (
        select(*_READ)
        .join(_m, _m.c.id == _s.c.machine_id)
        .where(_s.c.ended_at_ms.is_(None), _s.c.id.in_(session_ids))
    )
    return _looked(connection, list(connection.execute(query)), with_people=with_people)


def ask_names(policies: Iterable[Policy]) -> bool:
    """Whether any of them asks who the user is."""
    return any(policy.enabled and policy.conditions.users for policy in policies)


def tags_on(connection: Connection, object_ids: Iterable[str | None]) -> dict[str, set[str]]:
    """The ids of the tags on each of these objects."""
    ids = sorted({one for one in object_ids if one is not None})
    found: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        query = select(_on.c.object_id, _on.c.tag_id).where(_on.c.object_id.in_(some))
        for object_id, tag_id in connection.execute(query):
            found[object_id].add(tag_id)
    return found


def somebody(connection: Connection, account_id: str) -> Somebody | None:
    """The account as it is now."""
    return _people(connection, [account_id]).get(account_id)


def _looked(connection: Connection, rows: list[Any], *, with_people: bool) -> Looked:
    holders = [
        (row.machine_id, row.catalog_id, row.delivery_group_id, row.resource_id) for row in rows
    ]
    tags = tags_on(connection, (one for held in holders for one in held))
    sessions = []
    for row, held in zip(rows, holders, strict=True):
        of = Circumstances(
            delivery_group=row.delivery_group_id,
            resource=row.resource_id,
            machine=row.machine_id,
            tags=frozenset().union(*(tags.get(one, ()) for one in held if one is not None)),
            client_address=row.asked_from or row.client_address,
        )
        sessions.append((row.uid, row.id, row.account_id, of))
    wanted = sorted({row.account_id for row in rows}) if with_people else []
    return Looked(sessions, _people(connection, wanted))


def _people(connection: Connection, account_ids: Sequence[str]) -> dict[str, Somebody]:
    found: dict[str, Somebody] = {}
    for start in range(0, len(account_ids), IDS_AT_ONCE):
        some = account_ids[start : start + IDS_AT_ONCE]
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in connection.execute(select(_in).where(_in.c.account_id.in_(some))):
            groups[row.account_id].append((row.source, row.name))
        for row in connection.execute(select(_a).where(_a.c.id.in_(some))):
            one = accounts.of_row(row)
            name = accounts.user_name("", one) if one.domain else one.name
            found[one.id] = Somebody(name, one.source, tuple(sorted(groups[one.id])))
    return found
