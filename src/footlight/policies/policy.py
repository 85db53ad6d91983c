"""A recording policy, and what several in their order decide: pure.

The first enabled policy whose conditions all hold decides; where none does, nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from footlight.policies.times import Times
from footlight.wire.policies import PolicyOutcome, Verdict

Network = IPv4Network | IPv6Network
ADDRESSES_KEPT = 256  # parsed: each policy in turn asks for the same one


@dataclass(frozen=True)
class Conditions:
    """Each that is not empty must hold. Names in lower case; of objects the ids."""

    users: frozenset[str] = frozenset()
    delivery_groups: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    machines: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    client_addresses: tuple[Network, ...] = ()
    times: tuple[Times, ...] = ()


@dataclass(frozen=True)
class Policy:
    """One of them. `position`: from 1 on."""

    id: str
    position: int
    name: str
    enabled: bool
    conditions: Conditions
    then: PolicyOutcome


@dataclass(frozen=True)
class Circumstances:
    """What is so of a session. `names`: all by which its user is known, in lower case; `tags`: ids of those on its
    machine, catalog, delivery group and resource."""

    names: frozenset[str] = frozenset()
    delivery_group: str | None = None
    resource: str | None = None
    machine: str | None = None
    tags: frozenset[str] = frozenset()
    client_address: str | None = None


@dataclass(frozen=True)
class Judgement:
    """What came of one policy; `missed`: members of the wire's conditions that do not hold."""

    policy: Policy
    verdict: Verdict
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The deciding policy, None where none fits, and all judgements in order."""

    policy: Policy | None
    judgements: tuple[Judgement, ...]


def first(policies: Sequence[Policy], of: Circumstances, at_ms: int) -> Policy | None:
    """The policy that decides, without the reasons of the others."""
    for policy in policies:
        if policy.enabled and next(_missed(policy.conditions, of, at_ms), None) is None:
            return policy
    return None


def decide(policies: Sequence[Policy], of: Circumstances, at_ms: int) -> Decision:
    """The same policy as `first`, and what came of each."""
    deciding: Policy | None = None
    judgements = []
    for policy in policies:
        missed = tuple(_missed(policy.conditions, of, at_ms))
        if not policy.enabled:
            judgements.append(Judgement(policy, "disabled"))
        elif missed:
            judgements.append(Judgement(policy, "no-match", missed))
        elif deciding is not None:
            judgements.append(Judgement(policy, "outranked"))
        else:
            deciding = policy
            judgements.append(Judgement(policy, "decides"))
    return Decision(deciding, tuple(judgements))


def _missed(wanted: Conditions, of: Circumstances, at_ms: int) -> Iterator[str]:
    """The members that do not hold, one by one: who needs only the first asks no further."""
    if wanted.users and wanted.users.isdisjoint(of.names):
        yield "users"
    if wanted.delivery_groups and of.delivery_group not in wanted.delivery_groups:
        yield "deliveryGroups"
    if wanted.resources and of.resource not in wanted.resources:
        yield "resources"
    if wanted.machines and of.machine not in wanted.machines:
        yield "machines"
    if wanted.tags and wanted.tags.isdisjoint(of.tags):
        yield "tags"
    if wanted.client_addresses and not _within(of.client_address, wanted.client_addresses):
        yield "clientAddresses"
    if wanted.times and not any(times.hold(at_ms) for times in wanted.times):
        yield "times"


def _within(address: str | None, networks: Sequence[Network]) -> bool:
    found = parsed_address(address)
    return found is not None and any(found in network for network in networks)


@lru_cache(maxsize=ADDRESSES_KEPT)
def parsed_address(text: str | None) -> IPv4Address | IPv6Address | None:
    """The address, of IPv4 also where it is written within IPv6; None for what is none."""
    try:
        found = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
