"""On the first page with an account of the host, and without any account."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from host_accounts import person

pytestmark = pytest.mark.needs_root


def test_somebody_of_the_host_works_in_his_own_home(
    visitor: BrowserContext, site: Any, until: Any
) -> None:
    """Through the service that is installed, with pam_unix."""
    with person() as someone:
        page = visitor.new_page()
        page.goto("/")
        page.get_by_label("User name").fill(someone.name)
        page.locator("input[name=password]").fill("not the password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        page.locator("input[name=password]").fill(someone.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Signed in as Pia Person")).to_be_visible()
        page.locator(".tile", has_text="Terminal").click()
        page.wait_for_url(re.compile(r"/s/[0-9a-f-]{36}$"))
        expect(page.locator("#link[data-standing=open]")).to_be_visible()
        session_id = page.url.rpartition("/")[2]
        shown = site.session(session_id)
        assert shown["userName"].endswith(f"\\{someone.name}")
        # The home is made by who makes accounts; here the test does it, and types into the session.
        someone.home.mkdir(mode=0o700)
        os.chown(someone.home, someone.uid, someone.uid)
        told = someone.home / "told"
        _types(page, f"id -un > {told}\n", lambda: _text(told) == someone.name, until)
        site.act(session_id, "logoff")
        until(lambda: site.session(session_id)["state"] == "Ended", "the log-off")
        assert someone.home.is_dir()


def test_somebody_without_an_account_starts_what_is_offered_to_all(
    visitor: BrowserContext, site: Any, until: Any
) -> None:
    page = visitor.new_page()
    page.goto("/")
    expect(page.get_by_label("User name")).to_be_visible()
    button = page.get_by_role("button", name="Continue without an account")
    expect(button).to_be_hidden()
    group = site.client.get("/cvad/manage/DeliveryGroups").json()["Items"][0]["Id"]
    path = f"/cvad/manage/DeliveryGroups/{group}"
    site.client.patch(path, json={"SimpleAccessPolicy": {"AllowAnonymous": True}})
    try:
        page.reload()
        button.click()
        who = page.get_by_role("button", name=re.compile("Signed in as Visitor 0"))
        expect(who).to_be_visible()
        page.locator(".tile", has_text="Terminal").click()
        page.wait_for_url(re.compile(r"/s/[0-9a-f-]{36}$"))
        expect(page.locator("#link[data-standing=open]")).to_be_visible()
        session_id = page.url.rpartition("/")[2]
        session = site.client.get(f"/cvad/manage/Sessions/{session_id}").json()
        assert session["IsAnonymousUser"] is True
        until(lambda: site.session(session_id)["state"] == "Active", "somebody on it")
        linux = session["UntrustedUserName"].partition("\\")[2]
        _types(page, "exit\n", lambda: site.session(session_id)["state"] == "Ended", until)
        until(lambda: linux not in {entry.pw_name for entry in pwd.getpwall()}, "the account's end")
        page.goto("/")
        until(lambda: visitor.request.get("/footlight/v1/me").status == 401, "the token's end")
        page.reload()
        expect(button).to_be_visible()
    finally:
        site.client.patch(path, json={"SimpleAccessPolicy": {"AllowAnonymous": False}})


def _types(page: Page, text: str, heard: Callable[[], bool], until: Any) -> None:
    """Until the terminal hears it: it may not have the keyboard yet."""

    def typed() -> bool:
        if not heard():
            page.locator("#screen canvas").click()
            page.keyboard.type(text)
            page.wait_for_timeout(1000)
        return heard()

    until(typed, text, 40)


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
