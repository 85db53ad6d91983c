"""fifty: fifty launches at once on one host, each for a user of its own: how many fail, how long they take, and what an
idle session costs afterwards.

Memory is PSS (a page that several processes share counts in parts), of all processes of a session, its X server and
its keeper apart; CPU and wake-ups are of 30 seconds in which nothing happens. Both of light desktops and of single
terminals. Reading other users' memory takes root.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bench.live_site import live_site

from footlight.cli.place import Place
from footlight.sdk import Footlight
from footlight.sdk.errors import SdkError

MANY, FEW = 50, 10
IDLE_S, QUICK_IDLE_S = 30.0, 6.0
UP_WITHIN_S = 120.0
QUIET_S = 4.0  # after the last logon, before idleness is measured
TICKS = os.sysconf("SC_CLK_TCK")
RESOURCES = ("Desktop", "Terminal")


@dataclass(frozen=True)
class Use:
    """What some processes have used so far: CPU seconds, and how often they were woken."""

    cpu_s: float
    wakes: int

    def __sub__(self, before: Use) -> Use:
        return Use(self.cpu_s - before.cpu_s, self.wakes - before.wakes)


def measure(quick: bool) -> Figure:
    """Failures are the figure; everything else is in the details."""
    count, idle_s = (FEW, QUICK_IDLE_S) if quick else (MANY, IDLE_S)
    details: dict[str, Any] = {"sessions": count}
    failures = 0
    with live_site() as (place, client):
        for resource in RESOURCES:
            found = _round(place, client, resource, count, idle_s)
            failures += len(found["failures"])
            details[resource] = found
    return Figure("fifty", failures, "failures", 0, failures == 0, details)


def _round(
    place: Place, client: Footlight, resource: str, count: int, idle_s: float
) -> dict[str, Any]:
    """Launch, wait until all are quiet, measure, log off."""
    site = _site_pid(place)
    empty_mib = _pss_mib([site])
    took_s, failures, up_s = _launch(place, client, resource, count)
    time.sleep(QUIET_S)
    parts = [_parts(state) for state in _states(place)]
    found: dict[str, Any] = {
        "failures": failures,
        "all_answered_s": round(max(took_s, default=0.0), 2),
        "median_answer_s": round(statistics.median(took_s), 2) if took_s else None,
        "all_logged_on_s": round(up_s, 2),
        "phases_ms": _phases(client, count),
        "mib_per_session": _each(parts, _pss_mib),
        "site_mib_per_session": round((_pss_mib([site]) - empty_mib) / count, 2),
        "idle_seconds": idle_s,
    }
    before = [{name: _use(pids) for name, pids in one.items()} for one in parts]
    before_site = _use([site])
    time.sleep(idle_s)
    grown = [
        {name: _use(pids) - start[name] for name, pids in one.items()}
        for one, start in zip(parts, before, strict=True)
    ]
    spent = _use([site]) - before_site
    for name in ("x", "keeper", "programs"):
        of = [one[name] for one in grown]
        found[f"idle_{name}_cpu_ms"] = round(_mean(one.cpu_s * 1000 for one in of), 1)
        found[f"idle_{name}_wakes"] = round(_mean(one.wakes for one in of), 1)
    found["idle_site_cpu_ms_per_session"] = round(spent.cpu_s * 1000 / count, 1)
    found["idle_site_wakes_per_session"] = round(spent.wakes / count, 1)
    _log_off(place, client)
    return found


def _launch(
    place: Place, client: Footlight, resource: str, count: int
) -> tuple[list[float], list[str], float]:
    """Seconds until each was answered, what failed, and seconds until the last one was logged on."""

    def one(number: int) -> tuple[float, str | None]:
        try:
            with Footlight(
                place.base_url, token=place.token, ca_file=place.ca_file, max_retries=0
            ) as own:
                begun = time.perf_counter()
                own.launches.create(resource, user=f"many{number}", new=True, timeout_s=100)
                return time.perf_counter() - begun, None
        except SdkError as error:
            return 0.0, str(error)

    begun = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(one, range(count)))
    failures = [why for _, why in answers if why is not None]
    while time.perf_counter() - begun < UP_WITHIN_S:
        sessions = list(client.sessions.list(limit=1000))
        if not any(session["LogonInProgress"] for session in sessions):
            break
        time.sleep(0.2)
    return [took for took, why in answers if why is None], failures, time.perf_counter() - begun


def _phases(client: Footlight, count: int) -> dict[str, float]:
    """The median of each phase of the launches."""
    found: dict[str, list[int]] = {}
    for session in client.sessions.list(limit=1000):
        for phase in client.sessions.view(session["Id"])["launchPhases"]:
            found.setdefault(phase["name"], []).append(phase["ms"])
    return {name: statistics.median(values) for name, values in found.items()}


def _log_off(place: Place, client: Footlight) -> None:
    for session in list(client.sessions.list(limit=1000)):
        client.sessions.logoff(session["Id"])
    limit = time.monotonic() + UP_WITHIN_S
    while list(client.sessions.list(limit=1)) and time.monotonic() < limit:
        time.sleep(0.2)


def _site_pid(place: Place) -> int:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for pid in map(int, children.read_text().split()):
        if b"footlight\0up" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    raise ProcessLookupError("the site")


def _states(place: Place) -> list[dict[str, Any]]:
    """What each keeper of the site says of itself."""
    base = Path(
        "/run/footlight" if os.geteuid() == 0 else f"{os.environ['XDG_RUNTIME_DIR']}/footlight"
    )
    files = (base / place.site_id[:8]).glob("*/state.json")
    states = [json.loads(file.read_text()) for file in files]
    return [state for state in states if state["phase"] == "running"]


def _parts(state: dict[str, Any]) -> dict[str, list[int]]:
    """The pids of a session: its keeper, its X server, and all else."""
    keeper, x = state["keeper_pid"], state["pids"]["x"]
    return {"keeper": [keeper], "x": [x], "programs": [p for p in _below(keeper) if p != x]}


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *_below(child)]
    return found


def _each(
    parts: list[dict[str, list[int]]], value: Callable[[list[int]], float]
) -> dict[str, float]:
    return {
        name: round(_mean(value(one[name]) for one in parts), 2)
        for name in ("x", "keeper", "programs")
    }


def _pss_mib(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _use(pids: list[int]) -> Use:
    cpu, wakes = 0, 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        cpu += int(fields[11]) + int(fields[12])
        for status in Path(f"/proc/{pid}/task").glob("*/status"):
            for line in status.read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    wakes += int(line.split()[1])
    return Use(cpu / TICKS, wakes)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return statistics.fmean(found) if found else 0.0
