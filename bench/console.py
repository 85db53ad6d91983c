"""console: the first load of the console on loopback, and its list of 100,000 sessions scrolled.

Frames are counted by the page's own animation frames, on the list and, before it, on a plain page that scrolls the
same way and does nothing else: what the machine itself drops is no fault of the table.
"""

from __future__ import annotations

import statistics
from typing import Any

from bench.crowd_site import crowd_site
from bench.figure import Figure
from bench.launch import CHROMIUM, FLAGS, signed_in
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from footlight.cli.place import Place

SESSIONS = 100_000
BAR_S = 2.0
BAR_DROPPED_PERCENT = 1.0
ROW_PX = 34
LOADED_WITHIN_MS = 60_000
SIZE: Any = {"width": 1280, "height": 800}
# Scrolls the box by so many pixels in each frame. A frame that comes late counts those that should have been there.
SCROLL = """([selector, step, frames]) => new Promise((done) => {
  const box = document.querySelector(selector);
  const times = [];
  const frame = (now) => {
    times.push(now);
    box.scrollTop += step;
    if (times.length <= frames) requestAnimationFrame(frame);
    else {
      const took = times.slice(1).map((time, at) => time - times[at]);
      const usual = took.toSorted((a, b) => a - b)[Math.floor(took.length / 4)];
      const missed = took.reduce((sum, one) => sum + Math.max(0, Math.round(one / usual) - 1), 0);
      done({ shown: took.length, missed, frame_ms: usual });
    }
  };
  requestAnimationFrame(frame);
})"""
PLAIN = "<div id=box style='height:600px;overflow:auto'><div style='height:4000000px'></div></div>"
KEPT_AT = """async (at) => {
  const body = JSON.stringify({ SortCriteria: { Property: "Uid", SortDirection: "Descending" } });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/footlight/v1/sessions/$search?limit=1&skip=${at}`, { method: "POST", headers, body });
  return (await answer.json()).items[0].id;
}"""
ROW_AT = """(at) => document.querySelector(`.table-row[data-index="${at}"]`)?.dataset.row ?? null"""


def measure(quick: bool) -> Figure:
    """Seconds until rows are on a page opened for the first time; the median of some profiles without a cache. All
    else is in the details, and the figure holds when each of it does."""
    loads, frames, jumps = (3, 300, 5) if quick else (9, 1200, 20)
    with crowd_site(SESSIONS) as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = [_first_load(browser, place) for _ in range(loads)]
        scrolled = _scrolled(browser, place, frames)
        wrong = _rows_after_jumps(browser, place, jumps)
        browser.close()
    value = statistics.median(one["usable_s"] for one in first)
    details = {
        "sessions": SESSIONS,
        "loads": loads,
        "worst_usable_s": round(max(one["usable_s"] for one in first), 3),
        "transferred_bytes": int(statistics.median(one["bytes"] for one in first)),
        "requests": int(statistics.median(one["requests"] for one in first)),
        **scrolled,
        "jumps": jumps,
        "rows_wrong_after_a_jump": wrong,
    }
    held = scrolled["dropped_percent"] - scrolled["plain_dropped_percent"] <= BAR_DROPPED_PERCENT
    holds = value <= BAR_S and held and wrong == 0
    return Figure("console", round(value, 3), "s", BAR_S, holds, details)


def _profile(browser: Browser, place: Place) -> BrowserContext:
    context = browser.new_context(base_url=place.base_url, ignore_https_errors=True, viewport=SIZE)
    context.add_cookies(signed_in(place))
    context.set_default_timeout(LOADED_WITHIN_MS)
    return context


def _first_load(browser: Browser, place: Place) -> dict[str, float]:
    """Of the list of sessions, with an empty cache: seconds until a row can be clicked, bytes on the line."""
    with _profile(browser, place) as context:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        sizes: list[float] = []
        line.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
        page.goto("/console/sessions", wait_until="commit")
        page.wait_for_selector("[data-row]")
        usable_ms = float(page.evaluate("performance.now()"))
        return {"usable_s": usable_ms / 1000, "bytes": sum(sizes), "requests": len(sizes)}


def _scrolled(browser: Browser, place: Place, frames: int) -> dict[str, float]:
    """Two and a half rows in each frame, which is 150 rows in a second."""
    found: dict[str, float] = {}
    with _profile(browser, place) as context:
        page = context.new_page()
        page.set_content(PLAIN)
        plain = page.evaluate(SCROLL, ["#box", ROW_PX * 2.5, frames])
        page.goto("/console/sessions")
        page.wait_for_selector("[data-row]")
        page.wait_for_load_state("networkidle")
        page.evaluate(
            SCROLL, [".table-scroll", ROW_PX * 2.5, frames // 4]
        )  # as after a moment's use
        table = page.evaluate(SCROLL, [".table-scroll", ROW_PX * 2.5, frames])
        for name, counted in (("plain_", plain), ("", table)):
            share = counted["missed"] / (counted["missed"] + counted["shown"])
            found[f"{name}dropped_percent"] = round(100 * share, 2)
            found[f"{name}frame_ms"] = round(counted["frame_ms"], 1)
        found["frames"] = frames
    return found


def _rows_after_jumps(browser: Browser, place: Place, jumps: int) -> int:
    """How many of the places jumped to show another row than the site has there."""
    with _profile(browser, place) as context:
        page = context.new_page()
        page.goto("/console/sessions")
        page.wait_for_selector("[data-row]")
        # Spread over the list by a step that has nothing in common with its pages.
        places = [at * 61_803 % (SESSIONS - 50) for at in range(1, jumps + 1)]
        return sum(_shown_at(page, at) != _kept_at(page, at) for at in places)


def _shown_at(page: Page, at: int) -> str | None:
    page.evaluate(
        "(top) => { document.querySelector('.table-scroll').scrollTop = top }", at * ROW_PX
    )
    page.wait_for_selector(f'.table-row[data-index="{at}"][data-row]')
    return str(page.evaluate(ROW_AT, at))


def _kept_at(page: Page, at: int) -> str:
    return str(page.evaluate(KEPT_AT, at))
