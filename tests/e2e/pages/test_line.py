"""The line between a session's page and the site: cut, frozen, back again; measured; and the screen's size."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.long

NOTICED_WITHIN_MS = 90_000  # a dead line is noticed in 30 s; the machine may be slow


class Network:
    """A port of the loopback that leads to the site, until it is cut or frozen."""

    def __init__(self, url: str) -> None:
        self._site = (urlsplit(url).hostname, urlsplit(url).port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._is_cut = False
        self._pairs: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._flowing.wait()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._site)
                self._pairs += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                self._flowing.wait()
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()  # the other pump, whom this wakes, closes the other

    def freeze(self) -> None:
        """Nothing goes any more, and nobody is told."""
        self._flowing.clear()

    def cut(self) -> None:
        """All connections are reset, new ones closed."""
        self._is_cut = True
        for end in self._pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def mend(self) -> None:
        """As at first."""
        self._is_cut = False
        self._flowing.set()

    def close(self) -> None:
        self.cut()
        self._flowing.set()
        self._listener.close()


@pytest.fixture
def network(site: Any) -> Iterator[Network]:
    made = Network(site.url)
    yield made
    made.close()


@pytest.fixture
def page(signed_in: BrowserContext, network: Network, terminal: str, site: Any, until: Any) -> Page:
    """A session's page that reaches the site through the network."""
    opened = signed_in.new_page()
    opened.goto(f"{network.url}/s/{terminal}")
    expect(opened.locator("#link[data-standing=open]")).to_be_visible()
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")
    return opened


def shot(page: Page, name: str) -> None:
    """A picture for people, where FOOTLIGHT_TEST_PICTURES names a folder."""
    if folder := os.environ.get("FOOTLIGHT_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


PAINTED = """c => {
  const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
  return data.some((value, at) => at % 4 === 0 && value > 100);
}"""


def test_a_cut_line_is_taken_up_again_and_the_picture_stays(
    page: Page, network: Network, site: Any, terminal: str, until: Any
) -> None:
    until(lambda: page.locator("#screen canvas").last.evaluate(PAINTED), "the picture")
    network.cut()
    expect(page.get_by_role("heading", name="Trying again…")).to_be_visible()
    assert page.locator("#screen canvas.still").evaluate(PAINTED)
    shot(page, "line-cut")
    until(lambda: site.session(terminal)["state"] == "Disconnected", "the site to notice")
    network.mend()
    expect(page.locator("#curtain")).to_be_hidden()
    expect(page.locator("#link")).to_have_text("Connected")
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")
    expect(page.locator("#screen canvas.still")).to_have_count(0)


def test_a_frozen_line_is_noticed_on_both_sides(
    page: Page, network: Network, site: Any, terminal: str, until: Any
) -> None:
    network.freeze()
    expect(page.locator("#curtain")).to_be_visible(timeout=NOTICED_WITHIN_MS)
    until(
        lambda: site.session(terminal)["state"] == "Disconnected",
        "the site to notice",
        within_s=NOTICED_WITHIN_MS / 1000,
    )
    assert site.session(terminal)["viewers"] == []
    network.mend()
    expect(page.locator("#curtain")).to_be_hidden(timeout=NOTICED_WITHIN_MS)
    until(lambda: site.session(terminal)["state"] == "Active", "the viewer to count")


def test_how_the_line_does_is_measured_and_shown(
    page: Page, site: Any, terminal: str, until: Any
) -> None:
    def measured() -> Any:
        found = site.session(terminal)["viewers"]
        return found and found[0]["roundTripMs"] is not None and found[0]

    viewer = until(measured, "a ping's answer", within_s=60)
    assert (viewer["own"], viewer["mode"]) == (True, "interactive")
    assert viewer["toViewerBytesPerSecond"] >= 0
    expect(page.locator("#line")).to_contain_text("ms", timeout=60_000)
    shot(page, "line-measured")


def width(page: Page) -> int:
    return int(page.locator("#screen canvas:not(.still)").evaluate("c => c.width"))


def test_the_size_follows_the_window_also_with_a_watcher_and_after_the_line_was_cut(
    page: Page, network: Network, signed_in: BrowserContext, terminal: str, until: Any,
    open_session: Any,
) -> None:  # fmt: skip
    watcher = open_session(signed_in, terminal, "?view=1")
    watcher.set_viewport_size({"width": 700, "height": 500})
    for wide in (960, 1100):
        page.set_viewport_size({"width": wide, "height": 640})
        until(lambda wide=wide: width(page) == wide, "the session's new width")
        until(lambda wide=wide: width(watcher) == wide, "the watcher's")
    network.cut()
    expect(page.locator("#curtain")).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 700})
    network.mend()
    expect(page.locator("#curtain")).to_be_hidden()
    until(lambda: width(page) == 1000, "the width after the cut")
    page.set_viewport_size({"width": 900, "height": 600})
    until(lambda: (width(page), width(watcher)) == (900, 900), "the width of both")
