"""The API explorer in a browser: it signs in by itself and runs the everyday tasks on a real session."""

from __future__ import annotations

import json
import subprocess
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect


@pytest.fixture
def page(visitor: BrowserContext, site: Any) -> Page:
    """The explorer, nobody signed in; it may ask this site for things and nobody else."""
    page = visitor.new_page()
    host = urlsplit(site.url).netloc
    page.on("request", lambda one: strangers.append(one.url) if foreign(one.url, host) else None)
    strangers: list[str] = []
    page.goto("/docs")
    expect(page.locator("#tags details").first).to_be_visible()
    assert strangers == []
    return page


def foreign(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.netloc != host


def sign_in(page: Page, site: Any) -> None:
    page.get_by_label("Name", exact=True).fill(site.facts["admin_user"])
    page.get_by_label("Password").fill(site.facts["admin_password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Site", exact=True)).to_have_value(site.facts["site_id"])
    expect(page.get_by_label("Customer")).to_have_value(site.facts["customer_id"])


def run(page: Page, operation: str, **values: str) -> Any:
    """Choose the operation in the list, fill in the form, run it: status and body as the page shows them."""
    page.get_by_role("searchbox").fill(operation)
    page.locator(f"#tags a[data-id={operation}]").click()
    for name, value in values.items():
        field = page.locator(f"[id^=field-][id$=-{name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_response(lambda answer: "/openapi" not in answer.url):
        page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("button", name="Run")).to_be_enabled()
    body = page.locator("#body").inner_text()
    status = int(page.locator("#status").inner_text().split()[0])
    return status, json.loads(body) if body.startswith("{") else body


def test_every_call_of_the_everyday_tasks(page: Page, site: Any) -> None:
    session_id = site.launch("Terminal")
    try:
        sign_in(page, site)
        status, listed = run(page, "Sessions_GetSessions", limit="100")
        assert status == 200
        assert session_id in [item["Id"] for item in listed["Items"]]
        values = {"id": session_id, "notifyUser": "false"}
        status, started = run(page, "Sessions_StartSessionRecording", **values)
        assert (status, started["Id"]) == (200, session_id)
        assert "?notifyUser=false" in page.locator("#curl").inner_text()
        # The session that was asked for last is filled in.
        assert run(page, "Sessions_GetSessionRecordingStatus") == (
            200,
            {"IsSessionBeingRecorded": True},
        )
        assert run(page, "Sessions_StopSessionRecording")[0] == 200
        expect(page.locator("#field-path-id")).to_have_value(session_id)
        assert run(page, "Sessions_GetSessionRecordingStatus") == (
            200,
            {"IsSessionBeingRecorded": False},
        )
        assert [one["state"] for one in site.recordings(session_id)] == ["completed"]
    finally:
        site.act(session_id, "logoff")


def test_a_client_signs_in_and_out(page: Page, site: Any) -> None:
    page.get_by_label("Sign in with").select_option("client")
    page.get_by_label("Client id").fill(site.facts["client_id"])
    page.get_by_label("Secret").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_contain_text("Invalid client")
    page.get_by_label("Secret").fill(site.facts["client_secret"])
    page.get_by_label("Secret").press("Enter")
    expect(page.get_by_label("Site", exact=True)).to_have_value(site.facts["site_id"])
    assert run(page, "Me_GetMe")[0] == 200
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").last).to_contain_text("Sign in first")


def test_refusals_are_shown_as_they_come(page: Page, site: Any) -> None:
    sign_in(page, site)
    status, error = run(page, "Sessions_GetSessions", limit="0")
    assert (status, error["parameters"][0]["name"]) == (400, "name")
    page.locator("details.headers summary").click()
    expect(page.get_by_text("citrix-transactionid", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("GetSession")
    page.locator("#tags a[data-id=Sessions_GetSession]").click()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").last).to_have_text("Fill in id.")


def test_what_is_copied_runs(page: Page, visitor: BrowserContext, site: Any) -> None:
    visitor.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    sign_in(page, site)
    assert run(page, "Me_GetMe")[0] == 200

    def copied(button: str) -> str:
        page.get_by_role("button", name=button).click()
        expect(page.locator("#told")).to_have_text("Copied.")
        return str(page.evaluate("navigator.clipboard.readText()"))

    token = copied("Copy token")
    command = copied("Copy as curl")
    assert token not in command
    ended = subprocess.run(
        ["bash", "-c", f"{command} --silent --cacert {site.facts['ca_file']}"],
        env={"TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert json.loads(ended.stdout)["Customers"][0]["Sites"][0]["Id"] == site.facts["site_id"]
    assert json.loads(copied("Copy openapi.json"))["openapi"].startswith("3.1")
    for name in ("openapi.json", "openapi.yaml"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert "/cvad/manage/Sessions" in download.value.path().read_text()


def test_by_keyboard_alone(page: Page, site: Any) -> None:
    sign_in(page, site)
    page.keyboard.press("/")
    page.keyboard.type("HealthCheck")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("/cvad/manage/HealthCheck")
    page.get_by_role("button", name="Run").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_have_text("200 OK")
    expect(page.locator("#body")).to_have_text("true")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(page: Page, site: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, site)
    run(page, "Sites_GetSite", nameOrId=site.facts["site_id"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
