"""launch: from the launch call to the first picture in a browser, light desktop.

A page that is signed in calls the API, opens the session's page and waits until the display's canvas holds more
than one colour; Debian's Chromium, headless, on this machine.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from bench.figure import Figure
from bench.live_site import live_site
from playwright.sync_api import Page, sync_playwright

from footlight.cli.place import Place
from footlight.sdk import Footlight

BAR_S = 1.5
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURE_WITHIN_S = 30
# Whether the display shows a picture: two places of it differ, or the panel's row is not black.
PAINTED = """() => {
  const canvas = document.querySelector("#screen canvas");
  if (!canvas || !canvas.width) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4096) {
    if (data[at] > 32 || data[at + 1] > 32 || data[at + 2] > 32) return true;
  }
  return false;
}"""


def measure(quick: bool) -> Figure:
    """Median over new sessions, one after the other, each logged off before the next."""
    rounds = 5 if quick else 20
    took_s: list[float] = []
    up_s: list[float] = []
    with live_site() as (place, client), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(ignore_https_errors=True)
        context.add_cookies(signed_in(place))
        page = context.new_page()
        page.goto(place.base_url)  # the assets are in the browser's cache, as in daily use
        _once(page, place, client)
        for _ in range(rounds):
            up, painted = _once(page, place, client)
            up_s.append(up)
            took_s.append(painted)
        browser.close()
    value = statistics.median(took_s)
    details: dict[str, Any] = {
        "rounds": rounds,
        "worst_s": round(max(took_s), 3),
        "of_that_until_the_api_answers_s": round(statistics.median(up_s), 3),
    }
    return Figure("launch", round(value, 3), "s", BAR_S, value <= BAR_S, details)


def _once(page: Page, place: Place, client: Footlight) -> tuple[float, float]:
    """Seconds until the launch is answered, and until the picture is there."""
    begun = time.perf_counter()
    session_id = client.launches.create("Desktop", new=True)["sessionId"]
    up = time.perf_counter() - begun
    page.goto(f"{place.base_url}/s/{session_id}", wait_until="commit")
    while not page.evaluate(PAINTED):
        if time.perf_counter() - begun > PICTURE_WITHIN_S:
            raise TimeoutError("no picture came")
        time.sleep(0.01)
    painted = time.perf_counter() - begun
    client.sessions.logoff(session_id)
    return up, painted


def signed_in(place: Place) -> list[Any]:
    """The console cookie of a browser in which the local administrator is signed in."""
    return [
        {
            "name": "__Host-footlight",
            "value": place.token,
            "url": place.base_url,
            "secure": True,
            "httpOnly": True,
            "sameSite": "Strict",
        }
    ]
