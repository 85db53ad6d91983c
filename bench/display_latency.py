"""display-latency: from a key to the changed screen, through server and agent against the X server's own socket, by
each way that streams go between a server and a host.

For each way one session with a terminal; two clients that speak the same RFB, one through the site's door (TLS,
WebSocket, the way, agent) and one on the X server's socket. They take turns at typing, and only who types asks for
updates. In `details` also the updates and bytes that each gets of a terminal that prints without a pause.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bench.live_site import live_site
from bench.rfb_line import Client, Direct, Door

from footlight.agent.run_folder import run_folder
from footlight.cli.connect import display_url
from footlight.cli.place import Place
from footlight.sdk import Footlight

BAR = 1.3
WAYS = ("inprocess", "direct", "tunnel")
LINED_SITE = Path(__file__).parent / "lined_site.py"
KEYS = (ord("a"), 0xFF08)  # a letter, and Backspace: each changes the screen
RETURN = 0xFF0D
QUIET_S = 0.03
SETTLE_S = 0.5
FLOOD = "while :; do head -c 2500 /dev/urandom | od -An -tx1 -w40; done"

Pair = dict[str, Client]  # "site" and "direct"


def measure(quick: bool, way: str | None = None) -> Figure:
    """Ratio of the medians, of the slowest of the ways."""
    ways = WAYS if way is None else (way,)
    keys, flood_s, rounds = (60, 2.0, 1) if quick else (400, 4.0, 3)
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder:
        way_file = Path(folder) / "way"
        with live_site((sys.executable, str(LINED_SITE), str(way_file))) as (place, client):
            sessions = {one: client.launches.create("Terminal", new=True) for one in ways}
            pairs = {}
            for one in ways:
                way_file.write_text(one)
                pairs[one] = _open(place, client, sessions[one]["sessionId"])
            try:
                took = _type(pairs, keys)
                flood = {}
                for one in ways:
                    flood[one] = _flood(pairs[one], flood_s, rounds)
                    client.sessions.logoff(sessions[one]["sessionId"])
            finally:
                for pair in pairs.values():
                    for line in pair.values():
                        line.line.close()
    details: dict[str, Any] = {"keys": keys}
    for one in ways:
        details[one] = {**_told(took[one]), "full_motion": flood[one]}
    value = max(details[one]["ratio"] for one in ways)
    return Figure("display-latency", value, "times", BAR, value <= BAR, details)


def _told(took: dict[str, list[float]]) -> dict[str, float]:
    medians = {name: statistics.median(times) for name, times in took.items()}
    told = {"ratio": round(medians["site"] / medians["direct"], 3)}
    for name, times in took.items():
        told[f"{name}_median_ms"] = round(medians[name] * 1000, 2)
        told[f"{name}_p95_ms"] = round(statistics.quantiles(times, n=20)[-1] * 1000, 2)
    return told


def _open(place: Place, client: Footlight, session_id: str) -> Pair:
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


def _type(pairs: dict[str, Pair], keys: int) -> dict[str, dict[str, list[float]]]:
    """Seconds from key to update, by way and line. All take turns, so that what else the machine does hits each."""
    rng = random.Random(2026)
    took: dict[str, dict[str, list[float]]] = {
        way: {name: [] for name in pair} for way, pair in pairs.items()
    }
    for number in range(keys):
        for way, pair in pairs.items():
            for name, one in pair.items():
                took[way][name].append(_press(one, KEYS[number % 2], rng))
    return took


def _press(one: Client, key: int, rng: random.Random) -> float:
    # Changes of the other's key are taken before the clock starts.
    one.ask(changes=True)
    while not one.line.is_quiet(QUIET_S):
        one.update()
        one.ask(changes=True)
    time.sleep(rng.uniform(0, 0.02))
    began = time.perf_counter()
    one.press(key)
    one.update()
    took_s = time.perf_counter() - began
    time.sleep(QUIET_S)  # the rest of what the key changed
    return took_s


def _flood(lines: Pair, seconds: float, rounds: int) -> dict[str, float]:
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
