"""Takes the pictures of the README from a site of its own: `.venv/bin/python docs/pictures/take.py`, as root."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.launch import CHROMIUM, FLAGS, PAINTED, signed_in  # noqa: E402
from bench.live_site import live_site  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

SIZE: Any = {"width": 1280, "height": 800}
WORDS = "date --utc +%F\nls -l /usr/share | head -12\n# every pixel of this is being kept\n"


def main() -> None:
    """Work in a session while it is recorded, then play the recording."""
    with live_site() as (place, client), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(ignore_https_errors=True, viewport=SIZE)
        context.add_cookies(signed_in(place))
        page = context.new_page()
        session_id = client.launches.create("Desktop")["sessionId"]
        page.goto(f"{place.base_url}/s/{session_id}")
        await_picture(page)
        client.sessions.start_recording(session_id)
        work(page)
        page.screenshot(path=ROOT / "docs" / "pictures" / "session.png")
        time.sleep(2)
        client.sessions.stop_recording(session_id)
        (recording,) = client.recordings.list(session_id=session_id)
        page.goto(f"{place.base_url}/r/{recording['id']}")
        page.wait_for_selector("canvas")
        time.sleep(2)
        page.evaluate(
            "async () => { await window.footlightPlayer.seek(window.footlightPlayer.durationMs * 0.8) }"
        )
        time.sleep(1)
        page.screenshot(path=ROOT / "docs" / "pictures" / "player.png")
        page.goto(f"{place.base_url}/portal")
        time.sleep(2)
        page.screenshot(path=ROOT / "docs" / "pictures" / "portal.png")
        client.sessions.logoff(session_id)
        browser.close()


def await_picture(page: Page) -> None:
    """Until the display is painted."""
    limit = time.monotonic() + 30
    while not page.evaluate(PAINTED):
        if time.monotonic() > limit:
            raise TimeoutError("no picture came")
        time.sleep(0.05)


def work(page: Page) -> None:
    """Open a terminal and an editor by the desktop's menu, and type."""
    time.sleep(1)
    page.mouse.click(700, 620, button="right")
    time.sleep(0.5)
    page.mouse.click(725, 630)
    time.sleep(2)
    page.keyboard.type(WORDS, delay=25)
    time.sleep(1)


if __name__ == "__main__":
    main()
