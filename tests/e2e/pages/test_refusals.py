"""Every act and page of the console for every kind of person who may not: it is not offered, and the site refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.pages.acts.every import ACTS
from tests.e2e.pages.people import PEOPLE, Person, pages

pytestmark = pytest.mark.long

HELD_BACK = [name for name in PEOPLE if name != "full"]


@pytest.mark.parametrize("name", HELD_BACK)
def test_what_a_person_may_not_do_is_not_offered_and_is_refused(
    people: Callable[[str], Person], name: str
) -> None:
    person = people(name)
    ground = person.ground
    for act in ACTS:
        if act.needs in person.held:
            continue
        act.before(ground)
        assert not act.done(ground), act.name
        if person.arrive(act.page(ground)) and act.state is not None:
            expect(person.page.locator(act.state).first, act.name).to_be_visible()
        expect(act.found(person.page, ground), act.name).to_have_count(0)
        method, path, body = act.rest(ground)
        answer = person.client.request(method, path, json=body)
        assert answer.status_code in (403, 404), f"{act.name}: {answer.text}"
        assert not act.done(ground), act.name
    assert person.complaints.found == []


def test_what_is_refused_is_what_does_it(people: Callable[[str], Person], until: Any) -> None:
    """The same calls, by who may."""
    person = people("full")
    for act in ACTS:
        act.before(person.ground)
        assert not act.done(person.ground), act.name
        method, path, body = act.rest(person.ground)
        answer = person.client.request(method, path, json=body)
        assert answer.is_success, f"{act.name}: {answer.text}"
        until(lambda act=act: act.done(person.ground), act.name)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "user"])
def test_each_page_opens_for_who_may_see_it_and_for_nobody_else(
    people: Callable[[str], Person], name: str
) -> None:
    person = people(name)
    assert len(pages()) > 10
    for path in pages():
        if person.arrive(path):
            expect(person.page.get_by_role("heading", level=1)).to_be_visible()
            expect(person.page.get_by_text("There is no such page")).to_have_count(0)
    assert person.complaints.found == []
