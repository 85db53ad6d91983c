from __future__ import annotations

import grp
import os
import pwd
from typing import Any

import pytest

from footlight.broker.decision import LaunchRequest
from footlight.errors import Invalid
from footlight.site import entitlement
from footlight.site.entitlement import OPEN, Person, Rule

ADA = Person(frozenset({"ada", "developers", "s-1-22-1-1000", "everyone"}))


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (OPEN, True),
        (Rule(included=("zoe",)), True),  # a list that does not count
        (Rule(included_only=True), False),
        (Rule(included_only=True, included=("zoe",)), False),
        (Rule(included_only=True, included=("zoe", "ADA")), True),
        (Rule(included_only=True, included=("Developers",)), True),
        (Rule(included_only=True, included=("S-1-22-1-1000",)), True),
        (Rule(included_only=True, included=("Everyone",)), True),
        (Rule(included_only=True, included=("OTHER\\ada",)), False),
        (Rule(excluded=("ada",)), True),
        (Rule(use_excluded=True, excluded=("developers",)), False),
        (Rule(included_only=True, included=("ada",), use_excluded=True, excluded=("ada",)), False),
    ],
)
def test_rules(rule: Rule, allowed: bool) -> None:
    assert entitlement.allows(rule, ADA) is allowed


def test_a_person_has_the_groups_of_the_operating_system() -> None:
    entry = pwd.getpwuid(os.getuid())
    names = entitlement.person(entry.pw_name.upper()).names
    assert entry.pw_name.lower() in names
    found = entitlement.person(entry.pw_name).names
    assert {grp.getgrgid(entry.pw_gid).gr_name.lower(), f"s-1-22-1-{entry.pw_uid}"} <= found
    nobody_knows = entitlement.person("no.such.account").names
    assert "no.such.account" in nobody_knows
    assert not any(name.startswith("s-1-22") for name in nobody_knows)


async def test_principals_are_kept_without_the_own_domain(rooms: Any) -> None:
    given = ["FOOTLIGHT\\ada", "footlight\\ADA", " zoe ", "OTHER\\eve", "bob@footlight.example"]
    kept = await rooms.store.read(
        lambda c: entitlement.principals(c, given, "FOOTLIGHT", "IncludedUsers")
    )
    assert kept == ("ada", "zoe", "OTHER\\eve", "bob")
    for wrong in ("", "x" * 200, "a\nb"):
        with pytest.raises(Invalid) as refused:
            await rooms.store.read(
                lambda c, w=wrong: entitlement.principals(c, [w], "FOOTLIGHT", "IncludedUsers")
            )
        assert refused.value.facts["name"] == "IncludedUsers"


async def test_the_sid_that_a_session_shows_means_its_account(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    kept = await rooms.store.read(
        lambda c: entitlement.principals(c, ["S-1-22-1-2001", "S-1-22-1-7"], "FOOTLIGHT", "x")
    )
    assert kept == ("admin", "S-1-22-1-7")


async def test_a_rule_is_kept_and_forgotten(rooms: Any) -> None:
    rule = Rule(True, True, False, ("ada", "zoe"), ("eve",))
    await rooms.store.write(lambda tx: entitlement.put(tx, "o", rule))
    assert (await rooms.store.read(lambda c: entitlement.rules(c, ["o", "p"]))) == {"o": rule}
    await rooms.store.write(lambda tx: entitlement.assign(tx, "m", ("ada",)))
    assert (await rooms.store.read(lambda c: entitlement.assigned(c, ["m", "o"])))["m"] == ("ada",)
    await rooms.store.write(lambda tx: entitlement.forget_object(tx, "o"))
    assert (await rooms.store.read(lambda c: entitlement.rules(c, ["o"]))) == {}


def test_groups_of_the_provider_entitle() -> None:
    """A group's name entitles its members, and nobody who is called like it."""
    member = entitlement.person("ada", "oidc", [("oidc", "staff")])
    namesake = entitlement.person("staff", "oidc")
    rule = Rule(included_only=True, included=("OIDC\\Staff",))
    assert entitlement.allows(rule, member)
    assert not entitlement.allows(rule, namesake)
    by_name = Rule(included_only=True, included=("staff",))
    assert not entitlement.allows(by_name, member)
    assert not any(name.startswith("s-1-22") for name in entitlement.person("root", "oidc").names)
