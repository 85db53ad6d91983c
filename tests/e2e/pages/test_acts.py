"""Every act of the console by every kind of person who may: it is done in the browser, and the site has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.pages.acts.act import Act
from tests.e2e.pages.acts.every import ACTS
from tests.e2e.pages.people import CONSOLE, PEOPLE, Person

from footlight.caller import Permission

pytestmark = pytest.mark.long

# What only lets see, and what needs a real session or a reason first: other tests of pages do that.
ELSEWHERE = frozenset((Permission.VIEW_RECORDINGS, Permission.SHADOW, Permission.EXPORT_RECORDINGS))
ALLOWED = [
    pytest.param(name, act, id=f"{name}-{act.name}")
    for name, role in PEOPLE.items()
    if role is not None
    for act in ACTS
    if act.needs in role.permissions
]


@pytest.mark.parametrize(("name", "act"), ALLOWED)
def test_an_act_is_done_by_who_may(
    people: Callable[[str], Person], until: Any, name: str, act: Act
) -> None:
    person = people(name)
    ground = person.ground
    act.before(ground)
    assert not act.done(ground)
    person.go(act.page(ground))
    act.press(person.page, ground)
    until(lambda: act.done(ground), act.name)
    assert person.complaints.found == []


def test_no_permission_is_asked_for_without_an_act() -> None:
    """Whatever the console hides by a permission is among the acts, or lets see only."""
    asked: set[str] = set()
    for source in CONSOLE.rglob("*.ts*"):
        text = source.read_text()
        asked |= set(re.findall(r'\b(?:may|useMayEverywhere\(\))\("(\w+)"\)', text))
        if "NEEDS" in text:
            asked |= set(re.findall(r': "([A-Z][A-Za-z]+_\w+)"', text))
    tried = {act.needs for act in ACTS} | ELSEWHERE
    assert {P for P in map(Permission, asked) if not P.endswith("_Read")} <= tried
