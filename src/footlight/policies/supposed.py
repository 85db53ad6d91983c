"""Sessions that there need not be: facts that somebody gives, as circumstances. Raises Invalid naming the member."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy import Connection

from footlight.access import accounts
from footlight.errors import Invalid
from footlight.policies import circumstances, objects
from footlight.policies.circumstances import Somebody
from footlight.policies.objects import Kind
from footlight.policies.policy import Circumstances, parsed_address
from footlight.wire.policies import GivenFacts
from footlight.wire.rest.dates import read_date

MOST_NAMES = 1000


def moment(facts: GivenFacts, now_ms: int) -> int:
    """The moment that is meant, ms since 1970 UTC."""
    if facts.at is None:
        return now_ms
    at_ms = read_date(facts.at, UTC)
    if at_ms is None:
        raise Invalid("at is no time.", name="facts.at", value=facts.at[:256])
    return at_ms


def who(connection: Connection, facts: GivenFacts, site_name: str) -> Somebody | None:
    """Who is meant; one without an account is known by name alone."""
    if facts.user is None:
        return None
    account = accounts.of_user_name(connection, site_name, facts.user)
    if account is not None:
        return circumstances.somebody(connection, account.id)
    return Somebody(facts.user.rpartition("\\")[2], "site", ())


def of(connection: Connection, facts: GivenFacts) -> Circumstances:
    """All but the names of the user. Tags of the objects count as those that are given."""
    for member, given in (("facts.groups", facts.groups), ("facts.tags", facts.tags)):
        if len(given) > MOST_NAMES:
            raise Invalid(f"{member} names at most {MOST_NAMES}.", name=member)
    if facts.client_address is not None and parsed_address(facts.client_address) is None:
        raise Invalid(
            "clientAddress is no address.",
            name="facts.clientAddress",
            value=facts.client_address[:256],
        )
    group = _one(connection, Kind.DELIVERY_GROUPS, facts.delivery_group)
    resource = _one(connection, Kind.RESOURCES, facts.resource)
    machine = _one(connection, Kind.MACHINES, facts.machine)
    found = circumstances.tags_on(connection, (group, resource, machine))
    given_tags = objects.resolve(connection, Kind.TAGS, facts.tags)
    return Circumstances(
        delivery_group=group,
        resource=resource,
        machine=machine,
        tags=frozenset(given_tags).union(*found.values()),
        client_address=facts.client_address,
    )


def _one(connection: Connection, kind: Kind, name: str | None) -> str | None:
    return None if name is None else objects.resolve(connection, kind, [name])[0]
