"""idle-agents: what a thousand hosts cost in which nothing happens: CPU and memory of the server and of NATS."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.figure import Figure
from bench.fleet_process import FleetOrder, fleet_process
from bench.nats_site import NatsSite, nats_site

MANY, FEW = 1000, 200
SETTLE_S = 10.0  # first reports, and the answers to them
IDLE_S, QUICK_IDLE_S = 60.0, 15.0


def measure(quick: bool) -> Figure:
    """The server's CPU in percent of a core per 1,000 agents, above what it takes without any; there is no bar. It
    holds when all are registered at the end."""
    count, idle_s = (FEW, QUICK_IDLE_S) if quick else (MANY, IDLE_S)
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name, nats_site(Path(name)) as s:
        time.sleep(SETTLE_S / 2)
        none, none_mib = _percent(s, QUICK_IDLE_S), s.rss_mib()
        order = FleetOrder(s.database, s.bus, s.keys_dir, count)
        began = time.monotonic()
        with fleet_process(order):
            up_s = time.monotonic() - began
            time.sleep(SETTLE_S)
            idle, mib = _percent(s, idle_s), s.rss_mib()
            registered = registered_machines(s)
    more = {who: max(0.0, idle[who] - none[who]) * 1000 / count for who in idle}
    details = {
        "agents": count,
        "connections": "one for each agent",
        "registered": registered,
        "all_connected_s": round(up_s, 1),
        "seconds": idle_s,
        "percent_of_core_without_agents": {who: round(p, 2) for who, p in none.items()},
        "percent_of_core": {who: round(p, 2) for who, p in idle.items()},
        "percent_of_core_per_1000": {who: round(p, 2) for who, p in more.items()},
        "mib_without_agents": none_mib,
        "mib": mib,
        "mib_per_1000": {who: round((mib[who] - none_mib[who]) * 1000 / count, 1) for who in mib},
    }
    holds = registered == count
    return Figure("idle-agents", round(more["server"], 2), "% of a core", 0, holds, details)


def registered_machines(site: NatsSite) -> int:
    """How many hosts the site hears of."""
    rows = site.run("SELECT count(*) AS n FROM machines WHERE registered")
    return int(rows[0]["n"])


def _percent(site: NatsSite, seconds: float) -> dict[str, float]:
    """Of a core, by process."""
    before, began = site.cpu_s(), time.monotonic()
    time.sleep(seconds)
    took_s = time.monotonic() - began
    return {who: (s - before[who]) / took_s * 100 for who, s in site.cpu_s().items()}
