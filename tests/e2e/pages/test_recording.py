"""The player in a real browser, on real recordings, finished and running."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect


def player(page: Page, member: str) -> Any:
    """A member of the page's player, awaited if it is a promise."""
    return page.evaluate(f"window.footlightPlayer && window.footlightPlayer.{member}")


def picture_hash(site: Any, recording_id: str, at_ms: float) -> str:
    """What the site's own reader shows at a moment: SHA-256 over its RGB bytes."""
    path = f"/footlight/v1/recordings/{recording_id}/frame"
    answer = site.client.get(path, params={"at": str(at_ms / 1000)})
    assert answer.status_code == 200, answer.text
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    return hashlib.sha256(image.tobytes()).hexdigest()


@pytest.fixture
def open_recording(signed_in: BrowserContext, until: Any) -> Callable[[str], Page]:
    """open_recording(id): a page that shows the recording."""

    def opened(recording_id: str) -> Page:
        page = signed_in.new_page()
        page.goto(f"/r/{recording_id}")
        until(lambda: player(page, "state") not in (None, "loading"), "the first picture")
        return page

    return opened


@pytest.fixture(scope="module")
def recorded(site: Any, browser: Any, open_session: Any) -> str:
    """The id of a finished recording with typing in it."""
    session_id = site.launch("Terminal")
    site.act(session_id, "startRecording", notifyUser="false")
    context = browser.new_context(base_url=site.url, ignore_https_errors=True)
    body = {"user": site.facts["admin_user"], "password": site.facts["admin_password"]}
    assert context.request.post("/footlight/v1/sign-in", data=body).status == 200
    page = open_session(context, session_id)
    for word in ("first", "second", "third"):
        page.keyboard.type(f"echo {word}", delay=30)
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
    context.close()
    site.act(session_id, "stopRecording")
    site.act(session_id, "logoff")
    recording = site.recordings(session_id)[0]
    assert recording["state"] == "completed"
    return str(recording["id"])


def test_every_moment_is_the_one_that_the_site_shows(
    site: Any, recorded: str, open_recording: Any
) -> None:
    page = open_recording(recorded)
    duration_ms = player(page, "durationMs")
    listed = site.client.get(f"/footlight/v1/recordings/{recorded}/manifest").json()
    assert duration_ms == pytest.approx(listed["durationMs"], abs=1)
    seen = set()
    moments = [int(duration_ms * share) for share in (0, 0.9, 0.3, 0.31, 0.6, 1)]
    for at_ms in moments:
        page.evaluate(f"window.footlightPlayer.seek({at_ms})")
        shown = page.evaluate("window.footlightPlayer.frameHash()")
        assert shown == picture_hash(site, recorded, at_ms), f"at {at_ms} ms"
        seen.add(shown)
    assert len(seen) > 2


def test_keys_and_buttons_move_the_head(recorded: str, until: Any, open_recording: Any) -> None:
    page = open_recording(recorded)
    assert player(page, "state") == "paused"
    page.keyboard.press("Space")
    until(lambda: player(page, "positionMs") > 300, "the head to move")
    assert player(page, "state") == "playing"
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    assert player(page, "state") == "paused"
    page.keyboard.press("End")
    until(lambda: player(page, "state") == "ended", "the end")
    before = player(page, "positionMs")
    page.keyboard.press("ArrowLeft")
    assert player(page, "positionMs") == pytest.approx(max(before - 5000, 0), abs=100)
    page.get_by_label("Speed").select_option("16")
    page.keyboard.press("Home")
    page.get_by_role("button", name="Play").click()
    until(lambda: player(page, "state") == "ended", "the end at 16 times the speed", 10)


def test_events_are_listed_and_jump(recorded: str, until: Any, open_recording: Any) -> None:
    page = open_recording(recorded)
    events = page.locator("#events button")
    expect(events.first).to_contain_text("recording started")
    expect(events.last).to_contain_text("recording stopped")
    events.last.click()
    duration_ms = player(page, "durationMs")
    until(lambda: player(page, "positionMs") == pytest.approx(duration_ms, abs=1500), "the jump")


def test_a_running_recording_plays_at_its_edge(
    signed_in: BrowserContext,
    site: Any,
    terminal: str,
    until: Any,
    open_session: Any,
    open_recording: Any,
) -> None:
    work = open_session(signed_in, terminal)
    site.act(terminal, "startRecording", notifyUser="false")
    recording_id = until(lambda: site.recordings(terminal), "the recording")[0]["id"]
    page = open_recording(recording_id)
    until(lambda: player(page, "state") == "live", "the live edge")
    expect(page.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "true")
    before = player(page, "frameHash()")
    length = player(page, "durationMs")
    work.keyboard.type("echo seen while it runs")
    work.keyboard.press("Enter")
    until(lambda: player(page, "frameHash()") != before, "the typing at the edge")
    assert player(page, "durationMs") > length
    # Going back and returning.
    page.keyboard.press("Home")
    until(lambda: player(page, "frameHash()") == picture_hash(site, recording_id, 0), "the start")
    page.keyboard.press("End")
    until(lambda: player(page, "state") == "live", "the live edge again")
    site.act(terminal, "stopRecording")
    until(lambda: player(page, "state") == "ended", "the end")
    expect(page.get_by_role("button", name="Live")).to_be_hidden()
    expect(page.locator("#state")).to_contain_text("Completed")
    at_ms = player(page, "durationMs")
    assert player(page, "frameHash()") == picture_hash(site, recording_id, at_ms)


def test_a_recording_that_is_not_there_says_so(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.goto("/r/00000000-0000-4000-8000-000000000000")
    expect(page.locator("#stage-note")).to_contain_text("There is no such recording")
