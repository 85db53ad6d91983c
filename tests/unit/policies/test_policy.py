"""What policies decide: by example, and against a second evaluator on random rule sets."""

from __future__ import annotations

import random
from ipaddress import ip_network
from typing import Any

import pytest

from footlight.policies.policy import (
    Circumstances,
    Conditions,
    Policy,
    decide,
    first,
    parsed_address,
)
from footlight.wire.policies import PolicyOutcome
from policies_at_random import agree

NOON_MS = 1_795_348_800_000  # Sunday 2026-11-22 12:00 UTC


def policy(
    name: str, conditions: Conditions | None = None, *, record: Any = "screen", enabled: bool = True
) -> Policy:
    then = PolicyOutcome(record=record)
    return Policy(name, 1, name, enabled, conditions or Conditions(), then)


BOB = Circumstances(
    names=frozenset(("bob", "everyone", "accounting")),
    delivery_group="g1",
    resource="r1",
    machine="m1",
    tags=frozenset(("t1", "t2")),
    client_address="192.0.2.7",
)


def test_without_policies_nothing_decides() -> None:
    assert decide([], BOB, NOON_MS).policy is None


def test_the_first_that_fits_decides_and_each_earlier_one_says_why_it_did_not() -> None:
    policies = [
        policy("off", enabled=False),
        policy("others", Conditions(users=frozenset(("eve",)), machines=frozenset(("m2",)))),
        policy("bob", Conditions(users=frozenset(("bob",))), record="no"),
        policy("all"),
    ]
    decision = decide(policies, BOB, NOON_MS)
    assert decision.policy is policies[2]
    assert [(one.verdict, one.missed) for one in decision.judgements] == [
        ("disabled", ()),
        ("no-match", ("users", "machines")),
        ("decides", ()),
        ("outranked", ()),
    ]
    assert first(policies, BOB, NOON_MS) is policies[2]


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        (Conditions(users=frozenset(("accounting",))), True),
        (Conditions(users=frozenset(("alice",))), False),
        (Conditions(delivery_groups=frozenset(("g1", "g2"))), True),
        (Conditions(delivery_groups=frozenset(("g2",))), False),
        (Conditions(resources=frozenset(("r2",))), False),
        (Conditions(machines=frozenset(("m1",))), True),
        (Conditions(tags=frozenset(("t2", "t9"))), True),
        (Conditions(tags=frozenset(("t9",))), False),
        (Conditions(client_addresses=(ip_network("192.0.2.0/24"),)), True),
        (Conditions(client_addresses=(ip_network("192.0.3.0/24"), ip_network("::/0"))), False),
        (Conditions(users=frozenset(("bob",)), tags=frozenset(("t9",))), False),
    ],
)
def test_each_condition_must_hold(conditions: Conditions, *, fits: bool) -> None:
    assert (first([policy("p", conditions)], BOB, NOON_MS) is not None) is fits


def test_what_is_not_known_fits_no_condition_about_it() -> None:
    for conditions in (
        Conditions(users=frozenset(("bob",))),
        Conditions(delivery_groups=frozenset(("g1",))),
        Conditions(client_addresses=(ip_network("0.0.0.0/0"), ip_network("::/0"))),
    ):
        assert first([policy("p", conditions)], Circumstances(), NOON_MS) is None


def test_an_address_of_ipv4_within_ipv6_is_one_of_ipv4() -> None:
    assert str(parsed_address("::ffff:192.0.2.7")) == "192.0.2.7"
    assert parsed_address("fe80::1%eth0") == parsed_address("fe80::1")
    assert parsed_address("somewhere") is None
    assert parsed_address(None) is None


def test_a_thousand_random_rule_sets_are_decided_as_the_second_evaluator_does() -> None:
    draw = random.Random(20261122)
    outcomes = [agree(draw) for _ in range(1000)]
    # The sets are worth something: some decide by a later rule, some by none.
    assert sum(one is None for one in outcomes) > 100
    assert sum(one is not None and one > 0 for one in outcomes) > 100
