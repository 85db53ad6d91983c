"""list: a page of 1,000 whole sessions while 1 % of them change each second, against ready bytes."""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
import time
from pathlib import Path

from bench import crowd
from bench.figure import Figure
from bench.served import Served, ready_bytes, site

from footlight.clock import SystemClock
from footlight.store.store import Store

BAR = 5.0
SESSIONS = 1000
PATH = "/cvad/manage/Sessions?limit=1000"
CHANGES_PER_S = SESSIONS // 100


def measure(quick: bool) -> Figure:
    """CPU of the server process for each page: routing, authorization, database, JSON and what the changes
    themselves cost meanwhile, without TLS and compression."""
    rounds, calls = (4, 40) if quick else (12, 100)
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name:
        data_dir = Path(name) / "data"
        data_dir.mkdir(mode=0o700)
        asyncio.run(_prepare(data_dir / "footlight.db"))
        with site(data_dir) as served, site_changes(data_dir, served) as ids:
            body = served.get(PATH)
            assert len(json.loads(body)["Items"]) == SESSIONS == len(ids)
            Path(name, "body").write_bytes(body)
            with ready_bytes(Path(name, "body")) as ready:
                ours, theirs = _rounds(served, ready, rounds, calls)
    ratio = sum(ours) / sum(theirs)
    details = {
        "database": "sqlite",
        "sessions": SESSIONS,
        "bytes": len(body),
        "changesPerSecond": CHANGES_PER_S,
        "listMs": round(sum(ours) / len(ours) * 1000, 2),
        "readyMs": round(sum(theirs) / len(theirs) * 1000, 2),
        "ratios": [round(a / b, 2) for a, b in zip(ours, theirs, strict=True)],
    }
    return Figure("list", round(ratio, 2), "times", BAR, ratio <= BAR, details)
