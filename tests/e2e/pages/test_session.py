"""The session page in a real browser, on a real session."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect


def screen_of(page: Page) -> np.ndarray[Any, Any]:
    """The session's screen as it stands on the page."""
    shot = page.locator("#screen").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def test_what_is_typed_arrives_and_the_screen_follows_the_window(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")
    until(lambda: len(np.unique(screen_of(page))) > 5, "the terminal's picture")
    before = screen_of(page)
    page.keyboard.type("printf '\\033[41m\\033[2J'")
    page.keyboard.press("Enter")

    def reddened() -> bool:
        after = screen_of(page).astype(int)
        red = (after[..., 0] > 150) & (after[..., 1] < 60) & (after[..., 2] < 60)
        return after.shape == before.shape and int(red.sum()) > 50_000

    until(reddened, "a red terminal")
    page.set_viewport_size({"width": 900, "height": 640})
    canvas = page.locator("#screen canvas")
    until(lambda: canvas.evaluate("c => c.width") == 900, "the session's new width")


def test_disconnect_leaves_the_session_and_it_opens_again(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible()
    until(lambda: site.session(terminal)["state"] == "Disconnected", "the state")
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("#curtain")).to_be_hidden()
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")


def test_a_second_window_takes_over_and_they_do_not_fight(
    signed_in: BrowserContext, terminal: str, open_session: Any
) -> None:
    first = open_session(signed_in, terminal)
    second = open_session(signed_in, terminal)
    expect(first.get_by_role("button", name="Open again")).to_be_visible()
    first.wait_for_timeout(1500)
    expect(first.get_by_role("button", name="Open again")).to_be_visible()
    expect(second.locator("#curtain")).to_be_hidden()


KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = new Proxy(window.WebSocket, {
  construct(real, given) { const made = new real(...given); window.sockets.push(made); return made; },
});
"""


def test_a_lost_line_is_taken_up_again(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any, open_session: Any
) -> None:
    signed_in.add_init_script(KEEP_SOCKETS)
    page = open_session(signed_in, terminal)
    for cut in range(1, 4):
        page.evaluate("window.sockets.at(-1).close(4999)")
        expect(page.locator("#curtain")).to_be_visible()
        expect(page.locator("#curtain")).to_be_hidden()
        assert page.evaluate("window.sockets.length") == cut + 1
    expect(page.locator("#link")).to_have_text("Connected")
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")


def test_the_end_of_a_session_is_told_with_its_reason(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)
    site.act(terminal, "logoff")
    expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
    expect(page.locator("#curtain-text")).to_contain_text("Reason:")
    expect(page.get_by_role("button", name="Open again")).to_be_hidden()
    expect(page.get_by_role("button", name="Disconnect")).to_be_disabled()
    # Opened anew, it says the same.
    page.reload()
    expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()


def test_a_recorded_session_wears_the_sign(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)
    sign = page.get_by_text("This session is being recorded")
    expect(sign).to_be_hidden()
    site.act(terminal, "startRecording", notifyUser="true")
    expect(sign).to_be_visible()
    site.act(terminal, "stopRecording")
    expect(sign).to_be_hidden()


def test_watching_does_not_type(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any
) -> None:
    page = open_session(signed_in, terminal, "?view=1")
    expect(page.locator("#link")).to_have_text("Watching")
    expect(page.get_by_role("button", name="Ctrl-Alt-Del")).to_be_disabled()
    page.keyboard.type("exit")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    assert site.session(terminal)["state"] != "Ended"
