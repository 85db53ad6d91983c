"""recording-faults: an embedded site with three sessions that are recorded (called for with a pre-roll, by a policy
that covers and rolls over, events alone), all encrypted. One process after the other is killed or frozen, or the
disk of the spool is full, by chance from a seed: how many rounds end with something that is not as it must be.

What is looked at in each round is in tests/cluster/recording_round.py. Of the details, in seconds: `back`: from the
repair, or from a kill that the site mends by itself, until the recording went on; `gap`: the longest stretch that it
lacks. A round whose recording was not back within BACK_S of the agent's return has failed.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.figure import Figure
from tests.cluster.recorded_site import recorded_site
from tests.cluster.recording_faults import seeded
from tests.cluster.recording_round import RecordingOutcome, RecordingRound, closing

MANY, FEW = 200, 6
SEED = 1
BACK_S = 2.0


def measure(quick: bool, seed: int = SEED, rounds: int | None = None) -> Figure:
    """Rounds that failed are the figure, with one more when not all is whole after them."""
    count = rounds or (FEW if quick else MANY)
    outcomes = []
    with (
        tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder,
        recorded_site(Path(folder)) as site,
    ):
        for number, fault in enumerate(itertools.islice(seeded(seed), count), 1):
            outcome = RecordingRound(site, number, fault).run()
            if fault.who == "site" and (outcome.back_s or 0.0) > BACK_S:
                outcome.wrong.append(f"not back within {BACK_S:g} s of the agent's return")
            print(_line(number, outcome), file=sys.stderr, flush=True)
            outcomes.append(outcome)
        at_the_end = closing(site)
    failed = sum(bool(outcome.wrong) for outcome in outcomes) + bool(at_the_end)
    details: dict[str, Any] = {
        "seed": seed,
        "rounds": count,
        "seconds": _seconds(outcomes),
        "flushed_records": sum(outcome.flushed for outcome in outcomes),
        "failures": [_line(n, o) for n, o in enumerate(outcomes, 1) if o.wrong],
        "at_the_end": at_the_end,
    }
    return Figure("recording-faults", failed, "rounds failed", 0, failed == 0, details)


def _line(number: int, outcome: RecordingOutcome) -> str:
    fault = outcome.fault
    what = f"{number}. {fault.kind} ({fault.user}) for {fault.lasts_s} s"
    times = f"back {outcome.back_s}, gap {outcome.gap_s}, {outcome.flushed} records flushed"
    return "; ".join([f"{what}: {times}", *outcome.wrong])


def _seconds(outcomes: list[RecordingOutcome]) -> dict[str, dict[str, str]]:
    """Median and worst of each time, by kind of fault, where the recording was interrupted."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        if outcome.back_s is not None:
            found[outcome.fault.kind]["back"].append(outcome.back_s)
            found[outcome.fault.kind]["gap"].append(outcome.gap_s)
    return {
        kind: {
            name: f"median {statistics.median(values):.1f}, worst {max(values):.1f}"
            for name, values in times.items()
        }
        for kind, times in sorted(found.items())
    }
