"""Takes a picture of each page of the console and of its states, light and dark: `./dev pictures`; with words after it,
only of those whose names contain one.

All go to build/pictures; those that documents show, to docs/pictures. Hosts and sessions are simulated, the same each
time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.crowd_site import fleet_site  # noqa: E402
from bench.launch import CHROMIUM, FLAGS, signed_in  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright  # noqa: E402

from footlight.cli.place import Place  # noqa: E402
from footlight.sdk import Footlight  # noqa: E402

MACHINES, SESSIONS = 12, 180
DESK: Any = {"width": 1280, "height": 800}
TABLET: Any = {"width": 820, "height": 1180}
ALL = ROOT / "build" / "pictures"
# Those that documents show.
CHOSEN = ("sessions-light", "session-panel-dark", "finder-light")
SCHEMES: tuple[Any, Any] = ("light", "dark")
WITHIN_MS = 30_000

Pose = Callable[[Page], None]


def _nothing(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()


def _row(page: Page) -> None:
    page.locator("[data-row]").first.wait_for()


def _panel(page: Page) -> None:
    page.locator("[data-row]").nth(3).click()
    page.get_by_role("complementary").get_by_role("group", name="Actions").wait_for()


def _page_of_row(page: Page) -> None:
    _panel(page)
    page.get_by_role("link", name="Open its page").click()
    page.locator(".card dl, .card .facts").first.wait_for()


def _selected(page: Page) -> None:
    for at in (1, 2, 4):
        page.locator("[data-row]").nth(at).get_by_role("checkbox").check()


def _asked(page: Page) -> None:
    _selected(page)
    page.get_by_role("group", name="3 selected").get_by_role("button", name="Log off").click()
    page.get_by_role("dialog").wait_for()


def _message(page: Page) -> None:
    _panel(page)
    page.get_by_role("button", name="Message").click()
    page.get_by_role("dialog").get_by_label("Text").fill("The site goes down at six.")


def _finder(page: Page) -> None:
    _row(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("lars")
    page.get_by_role("option").first.wait_for()


def _keys(page: Page) -> None:
    _row(page)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _form(button: str) -> Pose:
    def pose(page: Page) -> None:
        page.get_by_role("button", name=button).first.click()
        page.get_by_role("dialog").wait_for()

    return pose


def _opened(page: Page) -> None:
    page.locator("[data-row]").first.click()
    page.get_by_role("complementary").wait_for()


def _dialog_of_row(button: str) -> Pose:
    def pose(page: Page) -> None:
        _opened(page)
        _form(button)(page)

    return pose


def _folder_choice(page: Page) -> None:
    _dialog_of_row("Move")(page)
    page.get_by_role("combobox", name="Lies in").or_(page.get_by_label("Lies in")).first.click()
    page.get_by_role("option").first.wait_for()


def _recording_filter(page: Page) -> None:
    _row(page)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("button", name="Recording", exact=True).last.click()
    page.get_by_text("In trouble").wait_for()


def _openings(page: Page) -> None:
    _opened(page)
    page.get_by_role("button", name="Look").click()
    page.locator("img").first.wait_for()
    page.get_by_role("region", name="Opened by").scroll_into_view_if_needed()


def _failing(page: Page) -> None:
    page.route("**/sessions/$search*", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="Try again").wait_for()


def _waiting(page: Page) -> None:
    page.route("**/sessions/$search*", lambda route: None)  # never answered
    page.reload()
    page.locator(".table-scroll[aria-busy=true]").wait_for()


STATES: tuple[tuple[str, str, Pose], ...] = (
    ("overview", "/", _nothing),
    ("sessions", "/console/sessions", _row),
    ("sessions-sorted", "/console/sessions?q=garcia&f=SessionState.Equals.Active&sort=user", _row),
    ("sessions-recorded", "/console/sessions?f=Recording.Equals.true&sort=-recording", _row),
    ("sessions-not-recorded", "/console/sessions?f=Recording.Equals.false", _recording_filter),
    ("sessions-no-match", "/console/sessions?q=nobody-of-this-name", _nothing),
    ("sessions-selected", "/console/sessions", _selected),
    ("sessions-asked", "/console/sessions", _asked),
    ("sessions-failing", "/console/sessions", _failing),
    ("sessions-waiting", "/console/sessions", _waiting),
    ("session-panel", "/console/sessions", _panel),
    ("session-message", "/console/sessions", _message),
    ("session", "/console/sessions", _page_of_row),
    ("machines", "/console/machines", _row),
    ("machine", "/console/machines", _page_of_row),
    ("machine-enrol", "/console/machines", _form("Enrol a host")),
    ("groups", "/console/groups", _row),
    ("group-new", "/console/groups", _form("New delivery group")),
    ("applications", "/console/applications", _row),
    ("application-new", "/console/applications", _form("Publish an application")),
    ("application", "/console/applications", _opened),
    ("application-icon", "/console/applications", _dialog_of_row("Icon")),
    ("application-move", "/console/applications", _folder_choice),
    ("folders", "/console/folders", _opened),
    ("folder-edit", "/console/folders", _dialog_of_row("Rename or move")),
    ("icons", "/console/icons", _row),
    ("catalogs", "/console/catalogs", _row),
    ("recordings", "/console/recordings", _row),
    ("recording", "/console/recordings", _openings),
    ("log", "/console/log", _row),
    ("jobs", "/console/jobs", _nothing),
    ("administrators", "/console/settings", _row),
    ("administrator-new", "/console/settings", _form("Add an administrator")),
    ("roles", "/console/settings/roles", _row),
    ("role", "/console/settings/roles", _opened),
    ("scopes", "/console/settings/scopes", _nothing),
    ("missing", "/console/nothing-here", lambda page: page.get_by_text("no such page").wait_for()),
    ("finder", "/console/sessions", _finder),
    ("keys", "/console/sessions", _keys),
    ("portal", "/portal", lambda page: page.wait_for_load_state("networkidle")),
    ("explorer", "/docs", lambda page: page.wait_for_load_state("networkidle")),
)


def main() -> None:
    """The pictures, one after the other; ends with 1 when a page could not be brought into its state."""
    ALL.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    with fleet_site(MACHINES, SESSIONS) as place, sync_playwright() as playwright:
        _live(place)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for scheme in SCHEMES:
            with _profile(browser, place, scheme, DESK) as context:
                for name, address, pose in STATES:
                    failed += _take(context, f"{name}-{scheme}", address, pose)
                context.clear_cookies()
                failed += _take(context, f"sign-in-{scheme}", "/", _sign_in)
            with _profile(browser, place, scheme, TABLET) as context:
                failed += _take(context, f"tablet-{scheme}", "/console/sessions", _panel)
        browser.close()
    for name in CHOSEN:
        if (ALL / f"{name}.png").exists():
            shutil.copy(ALL / f"{name}.png", ROOT / "docs" / "pictures")
    if failed:
        sys.exit(f"not taken: {', '.join(failed)}")


def _live(place: Place) -> None:
    """Some of it is as on any day: people who have left, recordings, a machine that is looked after."""
    with Footlight(place.base_url, token=place.token, ca_file=place.ca_file) as client:
        rows = [one["Id"] for one in client.sessions.list()]
        for session_id in rows[5::7]:
            client.sessions.disconnect(session_id)
        for session_id in rows[-3:]:
            client.sessions.start_recording(session_id)
        client.sessions.hide(rows[-6])
        tools = client.application_folders.create({"Name": "Tools"})
        client.application_folders.create({"Name": "Office", "ParentId": tools["Id"]})
        application = next(iter(client.applications.list()))
        client.applications.update(application["Id"], {"ApplicationFolder": "Tools|Office"})
        machine = next(iter(client.machines.list()))
        client.machines.update(machine["Id"], {"InMaintenanceMode": True})


def _sign_in(page: Page) -> None:
    page.get_by_label("User name").wait_for()


def _take(context: BrowserContext, name: str, address: str, pose: Pose) -> list[str]:
    """The name, when it failed."""
    if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
        return []
    page = context.new_page()
    try:
        page.goto(address)
        pose(page)
        page.wait_for_timeout(300)  # fonts, and what follows a press
        page.screenshot(path=ALL / f"{name}.png", animations="disabled", caret="hide")
    except Error as error:
        print(f"{name}: {error}", file=sys.stderr)
        return [name]
    finally:
        page.close()
    return []


def _profile(browser: Browser, place: Place, scheme: Any, size: Any) -> BrowserContext:
    context = browser.new_context(
        base_url=place.base_url,
        ignore_https_errors=True,
        viewport=size,
        color_scheme=scheme,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(WITHIN_MS)
    context.add_cookies(signed_in(place))
    return context


if __name__ == "__main__":
    main()
