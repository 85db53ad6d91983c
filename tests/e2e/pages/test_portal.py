"""The portal in a real browser: signing in, starting, what runs, and what is said when it does not work."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.e2e.pages.test_console import serious

pytestmark = pytest.mark.long


def tile(page: Page, name: str) -> Locator:
    """What starts the resource."""
    return page.locator(".tile", has_text=name)


# Launches get no answer before the page gives them up.
UNANSWERED = """
const real = window.fetch;
window.fetch = (path, init) => !path.endsWith("/launches") ? real(path, init)
  : new Promise((_, fail) => init.signal.addEventListener("abort", () => fail(init.signal.reason)));
"""


def running(page: Page, session_id: str) -> Locator:
    """The portal's row of a session."""
    return page.locator(f'[data-session="{session_id}"]')


def test_people_sign_in_start_and_find_it_running(profile_of: Any, site: Any, until: Any) -> None:
    person = profile_of()
    page = person.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="My desktops")).to_be_visible()
    expect(page.get_by_role("link", name="Console")).to_be_hidden()
    tile(page, "Text Editor").click()
    page.wait_for_url(re.compile(r"/s/[0-9a-f-]{36}$"))
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    session_id = page.url.rpartition("/")[2]
    assert site.session(session_id)["resourceName"] == "Text Editor"
    page.go_back()
    expect(page.locator(".tile").first).to_contain_text("Text Editor")  # the last used
    # It is taken up again without a question.
    running(page, session_id).get_by_role("link").click()
    page.wait_for_url(re.compile(session_id))
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    page.goto("/portal")
    row = running(page, session_id)
    for act in ("Disconnect", "Log off"):
        until(lambda: site.session(session_id)["viewers"] == [], "the viewer to leave")
        row.get_by_role("button", name="More for Text Editor").click()
        if act == "Disconnect":
            expect(page.get_by_role("menuitem", name=act)).to_be_disabled()
            page.keyboard.press("Escape")
    page.get_by_role("menuitem", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert site.session(session_id)["state"] != "Ended"
    row.get_by_role("button", name="More for Text Editor").click()
    page.get_by_role("menuitem", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Log off").click()
    until(lambda: site.session(session_id)["state"] == "Ended", "the end")
    expect(row).to_be_hidden()


def test_the_steps_of_a_launch_are_shown_and_it_can_be_given_up(
    signed_in: BrowserContext,
) -> None:
    page = signed_in.new_page()
    page.add_init_script(UNANSWERED)
    page.goto("/portal")
    tile(page, "Terminal").click()
    dialog = page.get_by_role("dialog", name="Starting Terminal")
    expect(dialog.locator("[data-step=now]")).to_contain_text("Finding a machine")
    expect(dialog.locator("[data-step=later]")).to_have_count(3)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", name="My desktops")).to_be_visible()


def test_a_refused_launch_says_why_and_can_be_tried_again(
    signed_in: BrowserContext, site: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/portal")
    expect(tile(page, "Terminal")).to_be_visible()
    machine = site.client.get("/cvad/manage/Machines").json()["Items"][0]["Id"]
    site.client.patch(f"/cvad/manage/Machines/{machine}", json={"InMaintenanceMode": True})
    try:
        # As the site has it: at most a minute, here not at all.
        page.route(
            "**/footlight/v1/launches",
            lambda route: route.continue_(
                post_data={**route.request.post_data_json, "waitSeconds": 0, "new": True}
            ),
        )
        tile(page, "Terminal").click()
        dialog = page.get_by_role("dialog", name="Terminal could not be started")
        expect(dialog.get_by_role("alert")).to_contain_text("No machine is free")
        expect(dialog).to_contain_text("Transaction")
        assert serious(page) == []
    finally:
        site.client.patch(f"/cvad/manage/Machines/{machine}", json={"InMaintenanceMode": False})
    dialog.get_by_role("button", name="Try again").click()
    page.wait_for_url(re.compile(r"/s/[0-9a-f-]{36}$"))
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    site.act(page.url.rpartition("/")[2], "logoff")


def test_pages_of_strangers_lead_to_sign_in_and_back(
    visitor: BrowserContext, site: Any, terminal: str
) -> None:
    page = visitor.new_page()
    page.goto(f"/s/{terminal}")
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.locator("input[name=password]").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    assert page.url == f"{site.url}/s/{terminal}"


def test_sign_in_goes_back_to_own_pages_only(visitor: BrowserContext, site: Any) -> None:
    page = visitor.new_page()
    page.goto("/?to=https%3A%2F%2Fexample.com%2F")
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.locator("input[name=password]").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert page.url.startswith(site.url)


def test_nothing_to_start_and_a_site_that_fails_say_what_to_do(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.route("**/footlight/v1/resources", lambda route: route.fulfill(json={"items": []}))
    page.goto("/portal")
    expect(page.get_by_role("heading", name="Nothing is published to you yet")).to_be_visible()
    page.unroute("**/footlight/v1/resources")
    page.route(
        "**/footlight/v1/resources",
        lambda route: route.fulfill(status=400, json={"detail": "The fleet is away."}),
    )
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The fleet is away.")
    page.unroute("**/footlight/v1/resources")
    page.get_by_role("button", name="Try again").click()
    expect(tile(page, "Terminal")).to_be_visible()


def test_many_resources_are_searched_by_the_keyboard(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.add_init_script(UNANSWERED)
    items = [{"id": f"r-{n}", "name": f"Program {n}", "kind": "application"} for n in range(12)]
    page.route("**/footlight/v1/resources", lambda route: route.fulfill(json={"items": items}))
    page.goto("/portal")
    expect(page.locator(".tile")).to_have_count(12)
    page.keyboard.press("/")
    page.keyboard.type("11 prog")
    expect(page.locator(".tile")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Starting Program 11")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Search desktops and applications").fill("nope")
    expect(page.get_by_text("has “nope” in its name")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640], ids=["wide", "zoomed"])
def test_portal_and_session_have_nothing_serious_against_them(
    signed_in: BrowserContext, terminal: str, open_session: Any, tool: Any, scheme: Any, width: int
) -> None:
    page = open_session(signed_in, terminal)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": width * 5 // 8})
    assert serious(page) == []
    for name in ("Clipboard", "Files", "Report a problem"):
        tool(page, name).click()
        expect(page.get_by_role("region", name=name)).to_be_visible()
        assert serious(page) == []
        assert fits(page)
    tool(page, "Disconnect").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible()
    assert serious(page) == []
    page.goto("/portal")
    expect(running(page, terminal)).to_be_visible()
    assert serious(page) == []
    assert fits(page)


def fits(page: Page) -> bool:
    """Nothing has to be scrolled to from side to side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("path", ["/", "/console/x", "/portal", "/s/x", "/r/x"])
def test_pages_allow_nothing_but_the_sites_own_files(visitor: BrowserContext, path: str) -> None:
    answer = visitor.request.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    text = answer.text()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text)
    assert "http://" not in text
    assert "https://" not in text
