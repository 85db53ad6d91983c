"""What a user is offered: resources that are enabled, of groups that are, which the rules allow.

The decision is a pure function over rows; launches and the list of resources both take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection, select

from footlight.site import entitlement, resources
from footlight.site.entitlement import OPEN, Person, Rule
from footlight.site.resources import Resource
from footlight.store import schema

_g = schema.delivery_groups


@dataclass(frozen=True)
class Group:
    """A delivery group, and who may use it."""

    id: str
    enabled: bool
    in_maintenance: bool
    rule: Rule = OPEN


class Closed(Enum):
    """Why a resource is not offered. The value is the sentence for people."""

    NOT_ENTITLED = "The user may not use this resource."
    DISABLED = "The resource's delivery group is disabled."
    IN_MAINTENANCE = "The resource's delivery group is in maintenance mode."


def open_groups(person: Person, rule: Rule, groups: Sequence[Group]) -> tuple[str, ...] | Closed:
    """Ids of the groups through which the person may start a resource that has this rule and is given by these
    groups, in their order; or why there is none. Without any group there is nothing to wait for: ()."""
    allowed = [group for group in groups if entitlement.admits(group.rule, person)]
    needs_one = bool(groups) or person.visitor
    if not entitlement.allows(rule, person) or (needs_one and not allowed):
        return Closed.NOT_ENTITLED
    enabled = [group for group in allowed if group.enabled]
    if allowed and not enabled:
        return Closed.DISABLED
    ready = tuple(group.id for group in enabled if not group.in_maintenance)
    return Closed.IN_MAINTENANCE if enabled and not ready else ready


def offered(
    connection: Connection, person: Person, found: Sequence[Resource]
) -> dict[str, tuple[str, ...] | Closed]:
    """By resource, what open_groups says."""
    groups = _groups(connection, {one for r in found for one in r.delivery_group_ids})
    rules = entitlement.rules(connection, [r.id for r in found])
    return {
        r.id: open_groups(
            person,
            rules.get(r.id, OPEN),
            [groups[one] for one in r.delivery_group_ids if one in groups],
        )
        for r in found
    }


def by_group(
    connection: Connection, person: Person, resource: Resource
) -> dict[str, Closed | None]:
    """By group of the resource, in their order, why the person does not get it there; None: he does."""
    groups = _groups(connection, resource.delivery_group_ids)
    rule = entitlement.rules(connection, [resource.id]).get(resource.id, OPEN)
    found: dict[str, Closed | None] = {}
    for group_id in resource.delivery_group_ids:
        if group_id in groups:
            answer = open_groups(person, rule, [groups[group_id]])
            found[group_id] = answer if isinstance(answer, Closed) else None
    return found


def listed(connection: Connection, person: Person) -> list[Resource]:
    """The resources that the person is shown: also those of a group in maintenance, which is over soon."""
    found = resources.every(connection)
    closed = offered(connection, person, found)
    hidden = (Closed.NOT_ENTITLED, Closed.DISABLED)
    return [one for one in found if closed[one.id] not in hidden]


def _groups(connection: Connection, ids: Iterable[str]) -> Mapping[str, Group]:
    wanted = list(ids)
    rules = entitlement.rules(connection, wanted)
    query = select(_g.c.id, _g.c.enabled, _g.c.in_maintenance).where(_g.c.id.in_(wanted))
    return {
        row.id: Group(row.id, bool(row.enabled), bool(row.in_maintenance), rules.get(row.id, OPEN))
        for row in connection.execute(query)
    }
