"""Recording policies in a real browser: made, ordered, tried, and why a session is recorded or is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

POLICIES = "/footlight/v1/recording-policies"


def policies(site: Any) -> list[dict[str, Any]]:
    return list(site.client.get(POLICIES).json()["items"])


@pytest.fixture
def no_policies(site: Any) -> Iterator[None]:
    """None before and none after."""
    yield
    for one in policies(site):
        site.client.delete(f"{POLICIES}/{one['id']}")


@pytest.fixture
def three(site: Any, no_policies: None) -> list[str]:
    """The ids of three policies that decide on nothing that runs here."""
    ids = []
    for place, name in enumerate(("First", "Second", "Third"), 1):
        conditions = {"clientAddresses": [f"192.0.2.{place}"]}
        body = {"name": name, "conditions": conditions, "then": {"record": "no"}}
        made = site.client.post(POLICIES, json=body)
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    return ids


@pytest.fixture
def page(signed_in: BrowserContext) -> Page:
    return signed_in.new_page()


def test_a_policy_is_made_changed_switched_off_and_deleted(
    page: Page, site: Any, no_policies: None, until: Any
) -> None:
    page.goto("/console/policies")
    expect(page.get_by_text("No recording policy")).to_be_visible()
    page.get_by_role("button", name="New policy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Evenings")
    dialog.get_by_role("combobox", name="Client addresses").fill("192.0.2.9,")
    dialog.get_by_role("button", name="Only at certain times").click()
    dialog.get_by_role("textbox", name="From").fill("19:00")
    dialog.get_by_role("textbox", name="To", exact=True).fill("23:00")
    dialog.get_by_label("Seconds of the time before").fill("30")
    dialog.get_by_label("Tell the user").uncheck()
    dialog.get_by_role("button", name="Make").click()
    expect(dialog).to_be_hidden()
    (made,) = policies(site)
    assert made["name"] == "Evenings"
    assert made["then"]["record"] == "screen"
    assert made["then"]["preRollSeconds"] == 30
    assert made["then"]["notify"] is False
    assert made["conditions"]["clientAddresses"] == ["192.0.2.9/32"]
    assert made["conditions"]["times"][0]["start"] == "19:00"
    row = page.locator(f'[data-policy="{made["id"]}"]')
    expect(row).to_contain_text("without notice; has 30 s of the time before")
    row.get_by_role("button", name=re.compile("^Evenings")).click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Disable").click()
    until(lambda: policies(site)[0]["enabled"] is False, "disabled")
    expect(row.locator("[data-state=disabled]")).to_be_visible()
    panel.get_by_role("button", name="Edit").click()
    dialog.get_by_role("textbox", name="Name").fill("Nights")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    (changed,) = policies(site)
    assert changed["name"] == "Nights"
    assert changed["then"] == made["then"]
    assert changed["conditions"] == made["conditions"]
    panel.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    assert policies(site) == []


def test_policies_are_ordered_by_keys_by_buttons_and_by_dragging(
    page: Page, site: Any, three: list[str], until: Any
) -> None:
    first, second, third = three

    def order() -> list[str]:
        return [one["id"] for one in policies(site)]

    page.goto("/console/policies")
    page.get_by_role("button", name=re.compile("^First")).focus()
    page.keyboard.press("Alt+ArrowDown")
    until(lambda: order() == [second, first, third], "the first one below the second")
    page.get_by_role("button", name="Move Third up").click()
    until(lambda: order() == [second, third, first], "the third one up")
    expect(page.locator("[data-policy]").nth(1)).to_have_attribute("data-policy", third)
    page.locator(f'[data-policy="{first}"]').drag_to(page.locator(f'[data-policy="{second}"]'))
    until(lambda: order() == [first, second, third], "the first one first again")


def test_policies_are_tried_on_a_session_and_its_page_says_why(
    page: Page, site: Any, terminal: str, three: list[str]
) -> None:
    body = {"name": "All", "then": {"record": "no", "preRollSeconds": 5}}
    assert site.client.post(POLICIES, json=body).status_code == 201
    page.goto(f"/console/policies/test?session={terminal}")
    page.get_by_role("button", name="Test", exact=True).click()
    result = page.get_by_role("region", name="What is decided")
    expect(result.locator("[data-verdict=no-match]")).to_have_count(3)
    expect(result.locator("[data-verdict=decides]")).to_contain_text("All")
    page.get_by_text("Given facts").click()
    page.get_by_label("Client address").fill("192.0.2.2")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(result.locator("[data-verdict=decides]")).to_contain_text("Second")
    expect(result.locator("[data-verdict=outranked]")).to_contain_text("All")
    page.goto(f"/console/sessions/{terminal}")
    page.get_by_role("button", name="Why is it recorded, or not?").click()
    expect(page.locator("[data-verdict=decides]")).to_contain_text("All")
    page.goto(f"/console/sessions?open={terminal}")
    page.get_by_role("button", name="Why is it recorded, or not?").click()
    expect(page.locator("[data-verdict]")).to_have_count(4)


def test_stopping_says_how_long_and_offers_to_play(page: Page, site: Any, terminal: str) -> None:
    page.goto(f"/console/sessions/{terminal}")
    page.get_by_role("button", name="How to record").click()
    page.get_by_role("menuitem", name="Record without notice").click()
    expect(page.locator(".page-head [data-state=recording]")).to_be_visible()
    page.get_by_role("button", name="Stop recording").click()
    (recording,) = site.recordings(terminal)
    said = page.get_by_role("alert").filter(has_text="Recording stopped after")
    expect(said.get_by_role("link", name="Play")).to_have_attribute("href", f"/r/{recording['id']}")


def test_the_forecast_says_on_what_it_rests(page: Page, site: Any, three: list[str]) -> None:
    page.goto("/console/policies/forecast?days=7")
    table = page.get_by_role("table").first
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("row", name=re.compile("^Second 0"))).to_be_visible()
