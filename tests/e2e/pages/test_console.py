"""The console in a real browser: signing in, the pages, the list of sessions and what is done from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.e2e.pages.moving import move, settled

pytestmark = pytest.mark.long

AXE = Path(__file__).parents[3] / "console" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "/": "Overview",
    "/console/sessions": "Sessions",
    "/console/machines": "Machines",
    "/console/groups": "Groups and applications",
    "/console/applications": "Groups and applications",
    "/console/folders": "Groups and applications",
    "/console/icons": "Groups and applications",
    "/console/catalogs": "Groups and applications",
    "/console/recordings": "Recordings",
    "/console/reports": "Recordings",
    "/console/retention": "Recordings",
    "/console/tombstones": "Recordings",
    "/console/policies": "Policies",
    "/console/policies/test": "Policies",
    "/console/policies/forecast": "Policies",
    "/console/log": "Log",
    "/console/jobs": "Jobs",
    "/console/settings": "Settings",
    "/console/settings/roles": "Settings",
    "/console/settings/scopes": "Settings",
    "/console/settings/accounts": "Settings",
    "/console/settings/clients": "Settings",
    "/console/settings/webhooks": "Settings",
    "/console/settings/tags": "Settings",
    "/console/settings/zones": "Settings",
    "/console/settings/site": "Settings",
}


@pytest.fixture(params=["light", "dark"])
def shaded(signed_in: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose system has that scheme of colours."""
    page = signed_in.new_page()
    page.emulate_media(color_scheme=request.param)
    yield page
    page.close()


def serious(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is, but for small things."""
    # Through the debugger, which the page's security policy does not hold back; once for each page that is loaded.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def row_of(page: Page, session_id: str) -> Locator:
    """The console's row of a session."""
    return page.locator(f'[data-row="{session_id}"]')


def test_every_page_opens_and_axe_finds_nothing_serious(shaded: Page, terminal: str) -> None:
    shaded.goto("/")
    titles: dict[str, str | re.Pattern[str]] = {**PAGES}
    titles[f"/console/sessions/{terminal}"] = re.compile("Terminal")
    for path, title in titles.items():
        move(shaded, path)
        expect(shaded.get_by_role("heading", level=1)).to_have_text(title)
        settled(shaded)
        assert serious(shaded) == [], path


def test_signing_in_says_when_it_was_wrong_and_signing_out_ends_it(
    visitor: BrowserContext, site: Any
) -> None:
    page = visitor.new_page()
    page.goto("/console/machines")
    expect(page.get_by_label("User name")).to_be_visible()
    assert serious(page) == []
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.locator("input[name=password]").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("input[name=password]").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    # The page that was wanted.
    expect(page.get_by_role("heading", name="Machines", level=1)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Signed in as")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    assert visitor.request.get("/footlight/v1/me").status == 401


def test_a_session_is_recorded_messaged_and_logged_off_from_its_panel(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/console/sessions")
    row_of(page, terminal).click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Record", exact=True).click()
    # The sign comes with the first key frame, by the event stream, in the list and in the panel.
    expect(row_of(page, terminal).locator("[data-state=recording]")).to_be_visible()
    expect(panel.locator("[data-state=recording]")).to_be_visible()
    assert site.session(terminal)["recording"] is True
    panel.get_by_role("button", name="Stop recording").click()
    expect(row_of(page, terminal).locator("[data-state=recording]")).to_have_count(0)
    assert site.session(terminal)["recording"] is False
    panel.get_by_role("button", name="Message").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Text").fill("The site goes down at six.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    panel.get_by_role("button", name="Hide").click()
    until(lambda: site.session(terminal)["hidden"], "hidden")
    page.get_by_role("button", name="Undo").click()
    until(lambda: not site.session(terminal)["hidden"], "shown again")
    panel.get_by_role("button", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert site.session(terminal)["state"] != "Ended"
    panel.get_by_role("button", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Log off").click()
    until(lambda: site.session(terminal)["state"] == "Ended", "the end")
    expect(row_of(page, terminal)).to_have_class(re.compile("gone"))


@pytest.mark.parametrize("width", [1440, 1280, 1024, 820, 768])
def test_what_is_told_covers_no_panel(signed_in: BrowserContext, terminal: str, width: int) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"/console/sessions?open={terminal}")
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Hide", exact=True).click()
    toasts = page.locator(".toasts", has_text="Undo")
    expect(toasts).to_be_visible()
    told, beside = toasts.bounding_box(), panel.bounding_box()
    assert told is not None
    assert beside is not None
    assert told["x"] + told["width"] <= beside["x"]
    assert told["width"] >= 220
    undo = toasts.get_by_role("button", name="Undo")
    words = undo.locator(".mantine-Button-label")
    assert words.evaluate("label => label.scrollWidth <= label.clientWidth"), "whole"
    undo.click()
    expect(panel.get_by_role("button", name="Hide", exact=True)).to_be_visible()


def test_sessions_are_found_by_how_they_are_recorded(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/console/sessions")
    for choice in ("On", "Off", "In trouble"):
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Recording", exact=True).click()
        page.get_by_role("button", name=choice, exact=True).click()
        expect(page.get_by_text(f"Recording is {choice}", exact=True)).to_be_visible()
        page.get_by_role("button", name=f"Remove the filter: Recording is {choice}").click()
    recording = f"/cvad/manage/Sessions/{terminal}/${{}}Recording"
    assert site.client.post(recording.format("start")).status_code == 200
    page.goto("/console/sessions?f=Recording.Equals.true&sort=-recording")
    expect(row_of(page, terminal).locator("[data-state=recording]")).to_be_visible()
    page.goto("/console/sessions?f=Recording.Equals.false")
    expect(page.get_by_text("Recording is Off", exact=True)).to_be_visible()
    expect(page.locator(".table-scroll[aria-busy=true]")).to_have_count(0)
    expect(row_of(page, terminal)).to_have_count(0)
    assert site.client.post(recording.format("stop")).status_code == 200
    until(lambda: not site.session(terminal)["recording"], "the end of the recording")
    page.goto("/console/sessions?f=Recording.Equals.false")
    expect(row_of(page, terminal)).to_be_visible()


def test_an_address_holds_what_a_list_shows_and_new_rows_wait(
    signed_in: BrowserContext, site: Any, terminal: str
) -> None:
    page = signed_in.new_page()
    page.goto("/console/sessions")
    expect(row_of(page, terminal)).to_be_visible()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Resource", exact=True).last.click()
    page.keyboard.type("Termin")
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="User").get_by_role("button").click()
    page.wait_for_url(re.compile(r"f=PublishedName.Contains.Termin.*sort=user"))
    expect(row_of(page, terminal)).to_be_visible()
    other = signed_in.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Resource has “Termin”")).to_be_visible()
    expect(other.get_by_role("columnheader", name="User")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(row_of(other, terminal)).to_be_visible()
    later = site.launch("Terminal")
    waiting = other.get_by_role("button", name="1 new, show")
    expect(waiting).to_be_visible()
    expect(row_of(other, later)).to_have_count(0)
    waiting.click()
    expect(row_of(other, later)).to_be_visible()
    site.act(later, "logoff")
    page.go_back()
    expect(page.get_by_role("columnheader", name="User")).to_have_attribute("aria-sort", "none")


def test_a_list_that_was_left_shows_what_was_made_meanwhile(
    signed_in: BrowserContext, site: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/console/settings/tags")
    settled(page)
    move(page, "/console/settings/zones")
    for path in ("Tags", "Zones"):
        made = site.client.post(f"/cvad/manage/{path}", json={"Name": "Attic"})
        assert made.is_success, made.text
    # The event of the tag has come before that of the zone.
    expect(page.locator("[data-row]").filter(has_text="Attic")).to_be_visible()
    move(page, "/console/settings/tags")
    expect(page.locator("[data-row]").filter(has_text="Attic")).to_be_visible()
    for path in ("Tags", "Zones"):
        assert site.client.delete(f"/cvad/manage/{path}/Attic").is_success


def test_several_are_acted_on_as_a_job(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any
) -> None:
    other = site.launch("Terminal")
    page = signed_in.new_page()
    page.goto("/console/sessions")
    for one in (terminal, other):
        row_of(page, one).get_by_role("checkbox").check()
    picked = page.get_by_role("group", name="2 selected")
    picked.get_by_role("button", name="Hide").click()
    page.get_by_role("dialog").get_by_role("button", name="Hide").click()
    for one in (terminal, other):
        until(lambda one=one: site.session(one)["hidden"], "hidden")
    page.goto("/console/jobs")
    job = page.locator("[data-row]").first
    expect(job).to_contain_text("batch")
    expect(job.locator("[data-state=Complete]")).to_be_visible()
    site.act(other, "logoff")


def test_keys_lead_to_a_session(signed_in: BrowserContext, site: Any, terminal: str) -> None:
    page = signed_in.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("Terminal")
    expect(page.get_by_role("option").first).to_contain_text("Terminal ·")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/sessions/[0-9a-f-]{36}$"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
