"""display-latency: from a key to the changed screen, through server and agent against the X server's own socket.

One session with a terminal; two clients that speak the same RFB, one through the site's door (TLS, WebSocket, bus,
agent) and one on the X server's socket. They take turns at typing, and only who types asks for
updates. In `details` also the updates and bytes that each gets of a terminal that prints without a pause.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import Any

from bench.figure import Figure
from bench.live_site import live_site
from bench.rfb_line import Client, Direct, Door

from footlight.agent.run_folder import run_folder
from footlight.cli.connect import display_url
from footlight.cli.place import Place
from footlight.sdk import Footlight

BAR = 1.3
KEYS = (ord("a"), 0xFF08)  # a letter, and Backspace: each changes the screen
RETURN = 0xFF0D
QUIET_S = 0.03
SETTLE_S = 0.5
FLOOD = "while :; do head -c 2500 /dev/urandom | od -An -tx1 -w40; done"


def measure(quick: bool) -> Figure:
    """Ratio of the medians."""
    keys, flood_s, rounds = (120, 2.0, 2) if quick else (600, 4.0, 4)
    with live_site() as (place, client):
        session_id = client.launches.create("Terminal", new=True)["sessionId"]
        lines = _open(place, client, session_id)
        try:
            took = _type(lines, keys)
            flood = _flood(lines, flood_s, rounds)
        finally:
            for one in lines.values():
                one.line.close()
            client.sessions.logoff(session_id)
    medians = {name: statistics.median(times) for name, times in took.items()}
    value = medians["site"] / medians["direct"]
    details: dict[str, Any] = {"keys": keys}
    for name, times in took.items():
        details[f"{name}_median_ms"] = round(medians[name] * 1000, 2)
        details[f"{name}_p95_ms"] = round(statistics.quantiles(times, n=20)[-1] * 1000, 2)
    details["full_motion"] = flood
    return Figure("display-latency", round(value, 3), "times", BAR, value <= BAR, details)


def _open(place: Place, client: Footlight, session_id: str) -> dict[str, Client]:
    ticket = client.sessions.ticket(session_id)["ticket"]
    assert place.site_id is not None
    socket_path = run_folder(place.site_id) / session_id[:8] / "x" / "rfb"
    lines = {
        "site": Client(Door(display_url(place.base_url, session_id, ticket), place.ca_file)),
        "direct": Client(Direct(str(socket_path))),
    }
    for one in lines.values():
        one.settle(SETTLE_S)
        _finish(one)
    return lines


def _finish(one: Client) -> None:
    """An update that was asked for and has not come is made to come: nothing is asked any more."""
    one.press(KEYS[0])
    one.update()
    one.press(KEYS[1])
    while not one.line.is_quiet(SETTLE_S):
        one.update()


def _type(lines: dict[str, Client], keys: int) -> dict[str, list[float]]:
    """Seconds from key to update, by line."""
    rng = random.Random(2026)
    took: dict[str, list[float]] = {name: [] for name in lines}
    for number in range(keys * 2):
        name = ("site", "direct")[number % 2]
        one = lines[name]
        # Changes of the other's key are taken before the clock starts.
        one.ask(changes=True)
        while not one.line.is_quiet(QUIET_S):
            one.update()
            one.ask(changes=True)
        time.sleep(rng.uniform(0, 0.02))
        began = time.perf_counter()
        one.press(KEYS[number // 2 % 2])
        one.update()
        took[name].append(time.perf_counter() - began)
        time.sleep(QUIET_S)  # the rest of what the key changed
    return took


def _flood(lines: dict[str, Client], seconds: float, rounds: int) -> dict[str, float]:
    """Updates and megabytes a second that each line gets while the terminal prints without a pause, and the
    ratio of the updates."""
    typist = lines["site"]
    for letter in FLOOD:
        typist.press(ord(letter))
    typist.press(RETURN)
    time.sleep(SETTLE_S)
    got: dict[str, list[tuple[float, float]]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, one in lines.items():
            got[name].append(_watch(one, seconds))
    found: dict[str, float] = {}
    for name, rates in got.items():
        found[f"{name}_updates_per_s"] = round(statistics.median(rate for rate, _ in rates), 1)
        found[f"{name}_mb_per_s"] = round(statistics.median(rate for _, rate in rates), 2)
    found["direct_to_site"] = round(
        found["direct_updates_per_s"] / max(found["site_updates_per_s"], 0.1), 3
    )
    return found


def _watch(one: Client, seconds: float) -> tuple[float, float]:
    one.ask(changes=True)
    one.update()
    before, count = one.received, 0
    began = time.perf_counter()
    while (now := time.perf_counter() - began) < seconds:
        one.ask(changes=True)
        one.update()
        count += 1
    return count / now, (one.received - before) / now / 1e6
