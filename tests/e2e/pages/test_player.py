"""The player in a real browser, on real recordings, finished and running."""

from __future__ import annotations

import hashlib
import io
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.e2e.pages.test_console import serious

pytestmark = pytest.mark.long

MOMENTS = 20


def player(page: Page, member: str) -> Any:
    """A member of the page's player, awaited if it is a promise."""
    return page.evaluate(f"window.footlightPlayer && window.footlightPlayer.{member}")


def picture(site: Any, recording_id: str, at_ms: float) -> Image.Image:
    """What the site's own reader shows at a moment."""
    path = f"/footlight/v1/recordings/{recording_id}/frame"
    answer = site.client.get(path, params={"at": str(at_ms / 1000)})
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def picture_hash(site: Any, recording_id: str, at_ms: float) -> str:
    """SHA-256 over the RGB bytes of that picture."""
    return hashlib.sha256(picture(site, recording_id, at_ms).tobytes()).hexdigest()


def dragged(page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """Drag a rectangle, in shares of the room that the picture has."""
    room = page.locator(".player-picture").bounding_box()
    assert room is not None
    page.mouse.move(room["x"] + room["width"] * left, room["y"] + room["height"] * top)
    page.mouse.down()
    page.mouse.move(room["x"] + room["width"] * right, room["y"] + room["height"] * bottom)
    page.mouse.up()


@pytest.fixture
def open_recording(signed_in: BrowserContext, until: Any) -> Callable[[str], Page]:
    """open_recording(id): a page that shows the recording, signed in as the administrator."""

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
    rng = random.Random(7)
    shares = [0.0, 1.0, *(rng.random() for _ in range(MOMENTS - 2))]
    moments = [int(duration_ms * share) for share in shares]
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
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Space")
    assert player(page, "state") == "paused"
    page.keyboard.press("End")
    until(lambda: player(page, "state") == "ended", "the end")
    before = player(page, "positionMs")
    page.keyboard.press("ArrowLeft")
    assert player(page, "positionMs") == pytest.approx(max(before - 5000, 0), abs=100)
    page.keyboard.press("j")
    page.keyboard.press("l")
    assert player(page, "positionMs") == pytest.approx(min(10_000, before), abs=100)
    page.keyboard.press("Home")
    assert player(page, "positionMs") == 0
    skip = page.get_by_label("Skip idle")
    page.keyboard.press("i")
    expect(skip).to_be_checked()
    page.keyboard.press("i")
    expect(skip).not_to_be_checked()
    page.keyboard.press("]")
    expect(page.get_by_label("Speed", exact=True)).to_have_value("2")
    page.keyboard.press("[")
    expect(page.get_by_label("Speed", exact=True)).to_have_value("1")
    page.keyboard.press("1")
    actual = page.get_by_role("button", name="1:1", exact=True)
    expect(actual).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("1")
    expect(actual).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("f")
    until(lambda: page.evaluate("document.fullscreenElement !== null"), "the full screen")
    page.keyboard.press("f")
    until(lambda: page.evaluate("document.fullscreenElement === null"), "its end")
    page.get_by_label("Speed", exact=True).select_option("16")
    page.keyboard.press("Home")
    page.get_by_role("button", name="Play", exact=True).click()
    until(lambda: player(page, "state") == "ended", "the end at 16 times the speed", 10)


def test_it_goes_from_change_to_change_and_from_event_to_event(
    site: Any, recorded: str, until: Any, open_recording: Any
) -> None:
    page = open_recording(recorded)
    expect(page.locator(".player-event").first).to_be_visible()
    places = [0.0]
    for _ in range(3):
        page.keyboard.press(".")
        until(lambda: player(page, "positionMs") > places[-1], "the next change")
        places.append(player(page, "positionMs"))
    before = picture_hash(site, recorded, places[2] - 0.001)
    assert before == picture_hash(site, recorded, places[1])
    page.keyboard.press(",")
    until(lambda: player(page, "positionMs") == places[2], "the change before")
    until(lambda: player(page, "frameHash()") == picture_hash(site, recorded, places[2]), "it")
    page.keyboard.press("End")
    listed = site.client.get(f"/footlight/v1/recordings/{recorded}/events").json()["items"]
    duration_ms = player(page, "durationMs")
    earlier = max(one["atMs"] for one in listed if one["atMs"] < duration_ms - 1)
    page.keyboard.press("Shift+ArrowLeft")
    until(lambda: player(page, "positionMs") == earlier, "the event before")


def test_the_next_change_in_a_rectangle_is_found(
    site: Any, recorded: str, until: Any, open_recording: Any
) -> None:
    page = open_recording(recorded)
    dragged(page, 0.05, 0.1, 0.5, 0.3)
    chosen = page.get_by_text(re.compile(r"^\d+ × \d+ pixels$"))
    expect(chosen).to_be_visible()
    box = page.locator(".player-box")
    left, top, wide, high = (
        int(float(box.get_attribute(name) or "")) for name in ("x", "y", "width", "height")
    )

    def part(at_ms: float) -> bytes:
        whole = picture(site, recorded, at_ms)
        return whole.crop((left, top, left + wide, top + high)).tobytes()

    page.keyboard.press("n")
    until(lambda: player(page, "positionMs") > 0, "the change")
    found = player(page, "positionMs")
    assert part(found) != part(0)
    for at_ms in (found - 0.01, found / 2, found / 3):
        assert part(at_ms) == part(0)
    page.keyboard.press("End")
    until(lambda: player(page, "state") == "ended", "the end")
    page.get_by_role("button", name="Next change here").click()
    expect(page.get_by_text("It stays as it is until the end.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chosen).to_be_hidden()


def test_the_strip_shows_moments_and_is_dragged(
    recorded: str, until: Any, open_recording: Any
) -> None:
    page = open_recording(recorded)
    strip = page.get_by_role("slider", name="Place in the recording").bounding_box()
    assert strip is not None
    middle = strip["y"] + strip["height"] / 2
    page.mouse.move(strip["x"] + strip["width"] / 2, middle)
    expect(page.locator(".player-preview[data-drawn=true]")).to_be_visible()
    page.mouse.down()
    for share in (0.4, 0.7, 0.25):
        page.mouse.move(strip["x"] + strip["width"] * share, middle)
    duration_ms = player(page, "durationMs")
    until(
        lambda: player(page, "positionMs") == pytest.approx(duration_ms / 4, rel=0.05), "the head"
    )
    page.mouse.up()


def test_events_are_searched_and_jump_and_markers_stay(
    site: Any, recorded: str, until: Any, open_recording: Any
) -> None:
    page = open_recording(recorded)
    events = page.locator(".player-event")
    expect(events.first).to_contain_text("recording started")
    search = page.get_by_label("Search the events")
    search.fill("recording stopped")
    expect(events).to_have_count(1)
    events.first.click()
    duration_ms = player(page, "durationMs")
    until(lambda: player(page, "positionMs") == pytest.approx(duration_ms, abs=1500), "the jump")
    search.fill("nothing of the kind")
    expect(page.get_by_text("No event matches.")).to_be_visible()
    search.fill("")
    page.locator(".player-picture").click()
    page.keyboard.press("Home")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Comment", exact=True).click()
    dialog.get_by_label("What is there").fill("Where it begins")
    dialog.get_by_role("button", name="Save").click()
    said = events.filter(has_text="Where it begins")
    expect(said).to_have_count(1)
    path = f"/footlight/v1/recordings/{recorded}/markers"
    (marker,) = site.client.get(path).json()["items"]
    assert (marker["kind"], marker["atMs"], marker["text"]) == ("comment", 0, "Where it begins")
    page.get_by_role("button", name="Change the text").click()
    dialog.get_by_label("What is there").fill("Another word")
    dialog.get_by_role("button", name="Save").click()
    expect(events.filter(has_text="Another word")).to_have_count(1)
    page.get_by_role("button", name="Delete").click()
    expect(events.filter(has_text="Another word")).to_have_count(0)
    assert site.client.get(path).json()["items"] == []


def test_what_is_taken_along(
    site: Any, recorded: str, until: Any, open_recording: Any, signed_in: BrowserContext
) -> None:
    page = open_recording(recorded)
    badge = page.locator("[data-verdict]")
    expect(badge).to_have_attribute("data-verdict", "verified")
    badge.click()
    expect(page.get_by_text("Every byte is as it was recorded")).to_be_visible()
    page.keyboard.press("Escape")
    for kind, ending in (("Film", "mp4"), ("Evidence", "html")):
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name=kind).click()
        made = page.get_by_role("link", name=re.compile(f"^Download {kind}"))
        expect(made).to_be_visible(timeout=60_000)
        with page.expect_download() as fetched:
            made.click()
        assert fetched.value.suggested_filename == f"{recorded}.{ending}"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    at_ms = int(player(page, "positionMs"))
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("[data-link]").inner_text()
    other = signed_in.new_page()
    other.goto(link)
    until(lambda: player(other, "state") == "paused", "the first picture")
    assert player(other, "positionMs") == at_ms
    assert "link=" not in other.url
    lost = signed_in.new_page()
    lost.goto(f"/r/{recorded}#link=nonsense")
    expect(lost.get_by_text("The link has expired or is wrong")).to_be_visible()
    until(lambda: player(lost, "state") == "paused", "the recording all the same")


@pytest.fixture
def auditor(site: Any, browser: Browser) -> BrowserContext:
    """A browser profile in which somebody is signed in who may watch recordings, and says why."""
    name, password = "vera", "the auditor watches recordings"
    answer = site.client.post("/footlight/v1/accounts", json={"name": name, "password": password})
    assert answer.status_code in (201, 409), answer.text
    right = {"Role": "Session Recording Auditor", "Scope": "All"}
    body = {"User": name, "Rights": [right]}
    answer = site.client.post("/cvad/manage/Admin/Administrators", json=body)
    assert answer.status_code in (201, 204, 409), answer.text
    context = browser.new_context(base_url=site.url, ignore_https_errors=True)
    signed = context.request.post(
        "/footlight/v1/sign-in", data={"user": name, "password": password}
    )
    assert signed.status == 200, signed.text()
    return context


def test_an_auditor_says_why_first(
    site: Any, auditor: BrowserContext, recorded: str, until: Any
) -> None:
    page = auditor.new_page()
    page.goto(f"/r/{recorded}")
    reason = page.get_by_label("Reason")
    expect(reason).to_be_visible()
    assert player(page, "state") in ("loading", "error")
    reason.fill("A case that is looked into")
    page.get_by_role("button", name="Open the recording").click()
    until(lambda: player(page, "state") == "paused", "the first picture")
    expect(page.locator(".player-event").first).to_be_visible()
    assert player(page, "frameHash()") == picture_hash(site, recorded, 0)
    # Who reads the log sees here who has looked, oneself too.
    page.get_by_text("Opened by", exact=True).click()
    openings = page.get_by_role("complementary", name="Opened by")
    expect(openings).to_contain_text("vera")
    expect(openings).to_contain_text("“A case that is looked into”")
    expect(page.locator(".player-event")).to_have_count(0)
    page.get_by_text("Events", exact=True).click()
    expect(page.locator(".player-event").first).to_be_visible()
    assert serious(page) == []
    auditor.close()


def test_who_does_not_read_the_log_sees_no_openings(
    site: Any, recorded: str, browser: Browser
) -> None:
    name, password = "wim", "the viewer watches recordings"
    role = {"Name": "Viewer", "Permissions": ["Recording_View", "Session_Read"]}
    for path, body in (
        ("/footlight/v1/accounts", {"name": name, "password": password}),
        ("/cvad/manage/Admin/Roles", role),
        (
            "/cvad/manage/Admin/Administrators",
            {"User": name, "Rights": [{"Role": "Viewer", "Scope": "All"}]},
        ),
    ):
        answer = site.client.post(path, json=body)
        assert answer.status_code < 300, answer.text
    context = browser.new_context(base_url=site.url, ignore_https_errors=True)
    signed = context.request.post(
        "/footlight/v1/sign-in", data={"user": name, "password": password}
    )
    assert signed.status == 200, signed.text()
    page = context.new_page()
    page.goto(f"/r/{recorded}")
    expect(page.locator(".player-event").first).to_be_visible()
    expect(page.get_by_text("Opened by", exact=True)).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(recorded: str, open_recording: Any, scheme: str) -> None:
    page = open_recording(recorded)
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".player-event").first).to_be_visible()
    expect(page.locator("[data-verdict]")).to_be_visible()
    assert serious(page) == []


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
    expect(page.get_by_role("button", name="Live", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
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
    expect(page.get_by_role("button", name="Live", exact=True)).to_be_hidden()
    expect(page.locator(".player-top [data-state=completed]")).to_be_visible()
    at_ms = player(page, "durationMs")
    assert player(page, "frameHash()") == picture_hash(site, recording_id, at_ms)


def test_a_recording_that_is_not_there_says_so(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.goto("/r/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("alert")).to_contain_text("There is no such recording")
