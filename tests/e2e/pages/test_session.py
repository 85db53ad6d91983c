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
    signed_in: BrowserContext,
    site: Any,
    terminal: str,
    until: Any,
    open_session: Any,
    tool: Any,
) -> None:
    page = open_session(signed_in, terminal)
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")
    tool(page, "Disconnect").click()
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
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any, tool: Any
) -> None:
    page = open_session(signed_in, terminal)
    site.act(terminal, "logoff")
    expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
    expect(page.locator("#curtain")).to_contain_text("Reason:")
    expect(page.get_by_role("button", name="Open again")).to_be_hidden()
    expect(tool(page, "Disconnect")).to_be_disabled()
    # Opened anew, it says the same.
    page.reload()
    expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()


# What a program inside could draw over: only what is within the picture.
APART = """() => {
  const [rail, screen] = [document.querySelector(".rail"), document.querySelector("#screen canvas")];
  const [edge, picture] = [rail.getBoundingClientRect(), screen.getBoundingClientRect()];
  return edge.bottom <= picture.top && edge.width === innerWidth && edge.top === 0;
}"""


def test_a_session_that_is_recorded_or_watched_wears_signs_outside_of_its_picture(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any, profile_of: Any
) -> None:
    page = open_session(signed_in, terminal)
    recorded = page.locator("[data-sign=recorded]")
    expect(recorded).to_be_hidden()
    assert page.evaluate(APART)
    site.act(terminal, "startRecording", notifyUser="true")
    expect(recorded).to_contain_text("This session is being recorded since")
    at = site.session(terminal)["recordingSince"]
    expect(recorded.locator("time")).to_have_attribute("datetime", at)
    assert page.evaluate(APART)
    site.act(terminal, "stopRecording")
    expect(recorded).to_be_hidden()
    watcher = open_session(profile_of(administrator=True), terminal, "?view=1")
    watched = page.locator("[data-sign=watched]")
    expect(watched).to_contain_text("Somebody is watching this session since")
    expect(watcher.locator("[data-sign=watched]")).to_be_hidden()
    watcher.close()
    expect(watched).to_be_hidden()


def test_a_recording_without_notice_wears_none_for_its_user(profile_of: Any, site: Any) -> None:
    page = profile_of().new_page()
    page.goto("/portal")
    page.locator(".tile", has_text="Terminal").click()
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    session_id = page.url.rpartition("/")[2]
    site.act(session_id, "startRecording", notifyUser="false")
    page.wait_for_timeout(6000)  # longer than between two looks of the page
    assert site.session(session_id)["recording"] is True
    expect(page.locator("[data-sign=recorded]")).to_be_hidden()
    site.act(session_id, "logoff")


def test_a_problem_is_reported_with_a_link_to_the_moment(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any, tool: Any
) -> None:
    page = open_session(signed_in, terminal)
    tool(page, "Report a problem").click()
    page.get_by_label("What is wrong?").fill("The editor hangs.")
    page.get_by_role("button", name="Send", exact=True).click()
    said = page.get_by_role("region", name="Report a problem")
    expect(said).to_contain_text("Help desk has it")
    (report,) = [
        one
        for one in site.client.get("/footlight/v1/reports").json()["items"]
        if one["sessionId"] == terminal
    ]
    assert report["text"] == "The editor hangs."
    expect(said).to_contain_text(report["id"])
    expect(said.locator("code")).to_contain_text(f"/r/{report['recordingId']}")


def test_the_size_and_the_pictures_are_chosen_and_kept(
    signed_in: BrowserContext, terminal: str, open_session: Any, tool: Any, until: Any
) -> None:
    page = open_session(signed_in, terminal)
    canvas = page.locator("#screen canvas:not(.still)")
    until(lambda: canvas.evaluate("c => c.width") == 1280, "the window's size")
    for chosen in ("Keep its size, made to fit", "For slow lines"):
        tool(page, "Screen").click()
        page.get_by_role("menuitem", name=chosen).click()
    page.set_viewport_size({"width": 900, "height": 640})
    page.wait_for_timeout(1500)
    assert canvas.evaluate("c => [c.width, c.clientWidth <= 900]") == [1280, True]
    page.reload()
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    tool(page, "Screen").click()
    kept = page.get_by_role("menuitem", name="Keep its size, made to fit")
    expect(kept).to_have_attribute("aria-current", "true")
    page.get_by_role("menuitem", name="As large as the window").click()
    until(lambda: canvas.evaluate("c => c.width") == 900, "the window's size")


def test_keys_bring_the_tools_and_lead_back(
    signed_in: BrowserContext, terminal: str, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)
    page.locator("#screen canvas").click()
    tools = page.get_by_role("toolbar", name="Session tools")
    page.keyboard.press("Control+Alt+Shift")
    expect(tools).to_be_visible()
    expect(tools.get_by_role("link", name="My desktops")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Clipboard")).to_be_focused()
    page.keyboard.press("Control+Alt+Shift")
    expect(tools).to_be_hidden()
    expect(page.locator("#screen canvas")).to_be_focused()


def test_watching_does_not_type(
    signed_in: BrowserContext, site: Any, terminal: str, open_session: Any, tool: Any
) -> None:
    page = open_session(signed_in, terminal, "?view=1")
    expect(page.locator("#link")).to_have_text("Watching")
    expect(tool(page, "Keys")).to_be_disabled()
    page.keyboard.press("Control+Alt+Shift")
    page.locator("#screen canvas").click()
    page.keyboard.type("exit")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    assert site.session(terminal)["state"] != "Ended"
    tool(page, "Disconnect").click()
    expect(page.get_by_role("heading", name="Disconnected")).to_be_visible()
