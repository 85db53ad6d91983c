"""The first page in a real browser: signing in, starting, the lists and their buttons."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect


def row_of(page: Page, session_id: str) -> Locator:
    """The portal's row of a session."""
    return page.locator(f'tr[data-session="{session_id}"]')


def test_signing_in_says_when_it_was_wrong_and_shows_what_can_be_started(
    visitor: BrowserContext, site: Any
) -> None:
    page = visitor.new_page()
    page.goto("/")
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#portal")).to_be_hidden()
    page.get_by_label("Password").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    expect(page.locator("#resources").get_by_role("button", name="Terminal")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_focused()
    assert visitor.request.get("/footlight/v1/me").status == 401


def test_pages_of_strangers_lead_to_sign_in_and_back(
    visitor: BrowserContext, site: Any, terminal: str
) -> None:
    page = visitor.new_page()
    page.goto(f"/s/{terminal}")
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.get_by_label("Password").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/s/{terminal}")
    expect(page.locator("#curtain")).to_be_hidden()


def test_sign_in_goes_back_to_own_pages_only(visitor: BrowserContext, site: Any) -> None:
    page = visitor.new_page()
    page.goto("/?to=https%3A%2F%2Fexample.com%2F")
    page.get_by_label("User name").fill(site.facts["admin_user"])
    page.get_by_label("Password").fill(site.facts["admin_password"])
    page.keyboard.press("Enter")
    expect(page.locator("#portal")).to_be_visible()
    assert page.url.startswith(site.url)


def test_a_tile_launches_and_opens_the_session(signed_in: BrowserContext, site: Any) -> None:
    page = signed_in.new_page()
    page.goto("/")
    page.locator("#resources").get_by_role("button", name="Terminal").click()
    page.wait_for_url(re.compile(r"/s/[0-9a-f-]{36}$"))
    expect(page.locator("#curtain")).to_be_hidden()
    session_id = page.url.rpartition("/")[2]
    assert site.session(session_id)["resourceName"] == "Terminal"
    site.act(session_id, "logoff")


def test_the_list_follows_and_its_buttons_act(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any
) -> None:
    page = signed_in.new_page()
    page.goto("/")
    row = row_of(page, terminal)
    row.get_by_role("button", name="Record").click()
    expect(row.locator(".tone-record")).to_have_text("Recording")
    assert site.session(terminal)["recording"] is True
    recording_id = until(lambda: site.recordings(terminal), "the recording")[0]["id"]
    recording = page.locator(f'tr[data-recording="{recording_id}"]')
    expect(recording.get_by_role("link", name="Play live")).to_be_visible()
    row.get_by_role("button", name="Stop recording").click()
    expect(row.get_by_role("button", name="Record")).to_be_visible()
    expect(recording).to_contain_text("Completed")
    # What others do shows without a reload.
    site.act(terminal, "startRecording", notifyUser="false")
    expect(row.locator(".tone-record")).to_be_visible()
    row.get_by_role("button", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert site.session(terminal)["state"] != "Ended"
    row.get_by_role("button", name="Log off").click()
    page.get_by_role("dialog").get_by_role("button", name="Log off").click()
    expect(row).to_contain_text("Ended")
    assert site.session(terminal)["state"] == "Ended"


@pytest.mark.parametrize("path", ["/", "/s/x", "/r/x"])
def test_pages_allow_nothing_but_the_sites_own_files(visitor: BrowserContext, path: str) -> None:
    answer = visitor.request.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    text = answer.text()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text)
    assert "http://" not in text
    assert "https://" not in text
