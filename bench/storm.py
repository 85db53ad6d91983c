"""storm: launches at a steady rate on simulated hosts over NATS, and what lists take meanwhile against before."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from bench.figure import Figure
from bench.fleet_process import FleetLine, FleetOrder, fleet_process
from bench.idle_agents import registered_machines
from bench.launch_clients import MOST_FAILURES_TOLD, Storm, Told, run_storm
from bench.nats_site import NatsSite, nats_site
from bench.served import Served

BAR = 3.0
PER_S = 100.0
SECONDS, QUICK_SECONDS = 300.0, 20.0
IDLE_S, QUICK_IDLE_S = 60.0, 15.0
HOSTS, QUICK_HOSTS = 1000, 200
RESTING = 1000  # sessions that are there all the time, and fill the page that is asked for
PATH = f"/cvad/manage/Sessions?limit={RESTING}"
LIST_EACH_S = 0.25
SETTLE_S = 5.0
LEAVE_S = 60.0


def measure(
    quick: bool,
    database: Literal["postgresql"] = "postgresql",
    bus: Literal["nats"] = "nats",
    per_second: float = PER_S,
) -> Figure:
    """An administrator's client launches sessions for other users, each a new one; their users log off after 20 s, so
    that as many end as begin. Who cannot keep up is told by `per_second_answered`: clients do not wait for answers.
    The value: the 95th percentile of the list's time during the storm, divided by that before. It holds only
    if no launch has failed. All processes share the machine."""
    seconds, idle_s = (QUICK_SECONDS, QUICK_IDLE_S) if quick else (SECONDS, IDLE_S)
    hosts = QUICK_HOSTS if quick else HOSTS
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name, nats_site(Path(name)) as s:
        order = FleetOrder(s.database, s.bus, s.keys_dir, hosts, RESTING)
        with fleet_process(order) as fleet:
            time.sleep(SETTLE_S)
            assert registered_machines(s) == hosts
            with _listing(s.served()) as idle:
                time.sleep(idle_s)
            before, fleet_before = s.cpu_s(), fleet.facts()["cpu_s"]
            storm = _storm(s, order, per_second, seconds)
            with _listing(s.served()) as during:
                told = run_storm(storm)
            spent = {who: cpu - before[who] for who, cpu in s.cpu_s().items()}
            spent |= {"hosts": fleet.facts()["cpu_s"] - fleet_before, "clients": told.cpu_s}
            details = _details(told, storm, spent, _left(s, fleet))
    ratio = _p95(during) / _p95(idle)
    lists = {
        "idle_p95_ms": round(_p95(idle) * 1000, 1),
        "idle_median_ms": round(statistics.median(idle) * 1000, 1),
        "storm_p95_ms": round(_p95(during) * 1000, 1),
        "storm_median_ms": round(statistics.median(during) * 1000, 1),
        "sessions": RESTING,
    }
    details = {"database": database, "bus": bus, "hosts": hosts, **details, "list": lists}
    failed = sum(told.failures.values())
    return Figure("storm", round(ratio, 2), "times", BAR, ratio <= BAR and failed == 0, details)


def _storm(site: NatsSite, order: FleetOrder, per_second: float, seconds: float) -> Storm:
    """For the fleet's users, of its desktops: of each as often as there are hosts that give it."""
    plan = order.plan()
    desktops = {group.id: plan.resources_of(group.id)[0][0].name for group in plan.fleet.groups}
    host, _, port = site.place.base_url.rpartition("/")[2].partition(":")
    users = [user.name for user in plan.fleet.users]
    resources = [desktops[machine.group_id] for machine in plan.fleet.machines]
    return Storm(host, int(port), site.place.token, per_second, seconds, users, resources)


@contextmanager
def _listing(served: Served) -> Iterator[list[float]]:
    """Seconds that each list has taken, asked for now and then by an administrator of a console."""
    took: list[float] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            began = time.monotonic()
            served.get(PATH)
            took.append(time.monotonic() - began)
            over.wait(max(0.0, LIST_EACH_S - took[-1]))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            yield took
        finally:
            over.set()
            asking.result()


def _left(site: NatsSite, fleet: FleetLine) -> dict[str, int]:
    """What is there once everybody who was launched has logged off: that the site and its hosts agree on it."""
    deadline = time.monotonic() + LEAVE_S
    while fleet.facts()["live"] > RESTING and time.monotonic() < deadline:
        time.sleep(1)
    time.sleep(2)
    rows = site.run("SELECT count(*) AS n FROM sessions WHERE ended_at_ms IS NULL")
    return {"in_database": int(rows[0]["n"]), "on_hosts": int(fleet.facts()["live"])}


def _details(
    told: Told, storm: Storm, spent: dict[str, float], left: dict[str, int]
) -> dict[str, Any]:
    answered, thousands = len(told.took_s), max(1, len(told.took_s)) / 1000
    wanted = round(storm.per_second * storm.seconds)
    details = {
        "per_second_asked": storm.per_second,
        "per_second_answered": round(answered / told.all_s, 1),
        "launches": wanted,
        "answered": answered,
        "failures": dict(told.failures.most_common(MOST_FAILURES_TOLD)),
        "unaccounted": wanted - answered - sum(told.failures.values()),
        "left": left,
        "cpu_s_per_1000_launches": {who: round(s / thousands, 2) for who, s in spent.items()},
        "percent_of_core": {who: round(s / told.all_s * 100, 1) for who, s in spent.items()},
    }
    if answered > 1:
        details["launch_ms"] = {
            "median": round(statistics.median(told.took_s) * 1000),
            "p95": round(_p95(told.took_s) * 1000),
            "worst": round(max(told.took_s) * 1000),
        }
    return details


def _p95(took_s: list[float]) -> float:
    return statistics.quantiles(took_s, n=20)[-1]
