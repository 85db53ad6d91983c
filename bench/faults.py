"""faults: a site of two servers, two hosts, NATS and PostgreSQL under light load, of which one process after the other
is killed or frozen, by chance from a seed; then the rounds of recording-faults: how many of both end with something
that is not as it must be.

In each round (tests/cluster/round.py) sessions, recordings, messages and a launch are followed through the fault. Of
the details, in seconds: `served`: until an order of a server that was left alone was carried out on a host, from the
fault where that was before the repair, else from the repair's beginning. `ready`: of the repair itself. `true`: from
its end until everything that the site says is what its hosts know. `gap`: the longest time in which a server that was
not hit did not answer a list.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import recording_faults
from bench.figure import Figure
from tests.cluster.failover import failover
from tests.cluster.faults import seeded
from tests.cluster.round import Outcome

MANY, FEW = 40, 4
SEED = 1


def measure(quick: bool, seed: int = SEED, rounds: int | None = None) -> Figure:
    """Rounds that failed are the figure, with one more when the site is not whole after them all."""
    count = rounds or (FEW if quick else MANY)
    outcomes = []
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder,
        failover(Path(folder)) as site,
    ):
        for fault in itertools.islice(seeded(seed, servers=2, hosts=2), count):
            outcome = site.round(fault)
            print(_line(len(outcomes) + 1, outcome), file=sys.stderr, flush=True)
            outcomes.append(outcome)
        at_the_end = site.closing()
    of_recording = recording_faults.measure(quick, seed, rounds)
    assert of_recording.value is not None
    failed = sum(bool(outcome.wrong or outcome.late) for outcome in outcomes) + bool(at_the_end)
    failed += round(of_recording.value)
    details: dict[str, Any] = {
        "seed": seed,
        "rounds": count,
        "seconds": _seconds(outcomes),
        "failures": [_line(n, o) for n, o in enumerate(outcomes, 1) if o.wrong or o.late],
        "at_the_end": at_the_end,
        "recording": of_recording.details,
    }
    return Figure("faults", failed, "rounds failed", 0, failed == 0, details)


def _line(number: int, outcome: Outcome) -> str:
    fault = outcome.fault
    what = f"{number}. {fault.kind} {fault.which} for {outcome.lasted_s} s"
    times = f"served {outcome.served_s}, ready {outcome.ready_s}, true {outcome.true_s}, gaps {outcome.gap_s}"
    return "; ".join([f"{what}: {times}", *outcome.wrong, *outcome.late])


def _seconds(outcomes: list[Outcome]) -> dict[str, dict[str, str]]:
    """Median and worst of each time, by kind of fault."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        of = found[_kind(outcome)]
        times = {"served": outcome.served_s, "ready": outcome.ready_s, "true": outcome.true_s}
        for name, value in {**times, "gap": max(outcome.others_gap_s, default=None)}.items():
            if value is not None:
                of[name].append(value)
    return {
        kind: {
            name: f"median {statistics.median(values):.1f}, worst {max(values):.1f}"
            for name, values in times.items()
        }
        for kind, times in sorted(found.items())
    }


def _kind(outcome: Outcome) -> str:
    return f"{outcome.fault.kind}, with the duty of hosts" if outcome.duty else outcome.fault.kind
