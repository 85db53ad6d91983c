"""The clipboard between a viewer and a session under each policy: by a small VNC client and by a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.e2e.pages.vnc import Inside, Vnc


@pytest.mark.parametrize("extended", [True, False], ids=["extended", "plain"])
@pytest.mark.parametrize("policy", ["both", "in", "out", "off"])
def test_text_goes_only_where_the_policy_lets_it(
    site: Any, terminal: str, until: Any, rule: Any, policy: str, extended: bool, tmp_path: Path
) -> None:
    rule(clipboard=policy)
    inside = Inside(site, terminal, tmp_path)
    vnc = Vnc(site, terminal, extended=extended)
    assert vnc.told == policy
    vnc.picture()
    with inside.owns("out of it"):
        if policy in ("out", "both"):
            vnc.hears("out of it", until)
        elif extended:
            vnc.hears_nothing()
        else:
            assert vnc.picture() == []
        if extended:
            vnc.offers()
        else:
            vnc.send_plain(b"into it")
        vnc.picture()
        wanted = "into it" if policy in ("in", "both") else "out of it"
        if extended:
            with inside.getting() as process:
                assert vnc.provides_while(process, "into it") == wanted
        else:
            until(lambda: inside.get() == wanted, "the text in the session")
    vnc.close()


def test_a_rule_that_changes_holds_for_those_who_are_there(
    site: Any, terminal: str, rule: Any
) -> None:
    rule(clipboard="both")
    vnc = Vnc(site, terminal, extended=True)
    rule(clipboard="off")
    assert vnc.close_code() == 4409
    again = Vnc(site, terminal, extended=True)
    assert again.told == "off"
    again.close()


def test_who_only_watches_gets_no_text(site: Any, terminal: str, rule: Any, tmp_path: Path) -> None:
    rule(clipboard="in")
    with Inside(site, terminal, tmp_path).owns("secret"):
        watcher = Vnc(site, terminal, extended=True, mode="view")
        assert watcher.told == "off"
        watcher.hears_nothing()
        watcher.close()


def test_a_browser_copies_and_pastes(
    signed_in: BrowserContext,
    site: Any,
    terminal: str,
    until: Any,
    rule: Any,
    open_session: Any,
    tool: Any,
    tmp_path: Path,
) -> None:
    rule(clipboard="both")
    signed_in.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    inside = Inside(site, terminal, tmp_path)
    page = open_session(signed_in, terminal)
    page.evaluate("navigator.clipboard.writeText('from elsewhere')")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    until(lambda: inside.get() == "from elsewhere", "the browser's text in the session")
    with inside.owns("grün, from the session"):
        until(
            lambda: page.evaluate("navigator.clipboard.readText()") == "grün, from the session",
            "the session's text in the browser",
        )
    tool(page, "Clipboard").click()
    text = page.get_by_label("Text of the clipboard")
    expect(text).to_have_value("grün, from the session")
    text.fill("typed by hand")
    page.get_by_role("button", name="Send to the session").click()
    until(lambda: inside.get() == "typed by hand", "the panel's text in the session")
    rule(clipboard="out")
    expect(page.get_by_role("button", name="Send to the session")).to_be_hidden()
    page.close()


def test_a_full_picture_in_a_browser_whose_text_may_not_leave(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any, rule: Any, open_session: Any
) -> None:
    rule(clipboard="in")
    page = open_session(signed_in, terminal)
    canvas = page.locator("#screen canvas")
    page.set_viewport_size({"width": 900, "height": 640})
    until(lambda: canvas.evaluate("c => c.width") == 900, "the session's new width")
    page.keyboard.type("for n in $(seq 300); do head -c 3000 /dev/urandom | base64; done; exit")
    page.keyboard.press("Enter")
    # Its end is told only if the stream was followed through all of that.
    expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
