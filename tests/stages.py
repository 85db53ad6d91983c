"""Run the stages of ./test and say at the end how each went: beside those that mostly wait, one after the other,
those that keep the processors busy; then each of those that look at times by itself.

    ./test                      every stage
    ./test static unit          these stages
    ./test tests/unit/rfb -k x  anything else goes to pytest as it is
    --no-root-tests             leave out what can only be tested as root

A failed stage does not keep the later ones from running; the exit code is 0 only if all passed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# Where files of unit tests go, if it has room: thousands of databases wait for a disk longer than for a processor.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30
KEEP_FAILED = ["--override-ini", "tmp_path_retention_policy=failed"]
# More than the worst time of any stage seen, so that a hang ends instead of blocking whoever waits.
STAGE_TIMEOUT_S = 1800
# Tests of real sessions look at times; what works beside them takes what they leave.
BESIDE = ["nice", "-n", "5"]
# What pytest ends with when --no-root-tests left nothing over.
NO_TESTS = 5


@dataclass(frozen=True)
class Check:
    """One command of a stage that passes or fails as a whole."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Stage:
    """Commands, then a pytest run over folders, then further pytest runs; each may be empty. `works`: keeps the
    processors busy, and has no test that looks at times; `alone`: has many, so that nothing else runs beside it."""

    name: str
    about: str
    checks: list[Check] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    further: list[list[str]] = field(default_factory=list)
    works: bool = False
    alone: bool = False

    def runs(self) -> list[list[str]]:
        """The arguments of each of its pytest runs."""
        return [[*self.options, *self.folders], *self.further] if self.folders else self.further


@dataclass
class Outcome:
    """How one stage went: pytest's counts, and the checks that failed."""

    name: str
    seconds: float
    counts: Counter[str]
    failures: list[str]


def _console(verb: str) -> Check:
    return Check(f"console {verb}", [str(ROOT / "console/build.sh"), verb])


# Rooms whose tests run again, as far as they use a database, and the parts of the contract in which the database
# decides: order, pages, search, what happens at once. The rest of it (spelling, headers, documents, clients, refusals,
# what inventory answers) is the same above any store, whose statements the rooms' tests have run.
ON_POSTGRESQL = [
    f"tests/unit/{room}"
    for room in ["access", "archive", "audit", "broker", "jobs", "sessions", "site", "store"]
]
WIRE_ON_POSTGRESQL = [
    f"tests/contract/test_{part}.py" for part in ["actions", "jobs", "paging", "search", "truth"]
]
TWO_AT_ONCE = "--numprocesses=2"
# Tests of real sites wait more than they work, so there are more of them at once than processors. Each worker has
# sites of its own, so a file stays with one; in the order of collection, which begins with what takes long
# (conftest.py), not by the number of tests.
BY_FILES = ["--dist=loadfile", "--no-loadscope-reorder"]
FILES_AT_ONCE = ["--numprocesses=3", *BY_FILES]
STAGES = [
    Stage(
        "static",
        "ruff, mypy, import rules",
        checks=[
            Check("ruff check", [str(BIN / "ruff"), "check"]),
            Check("ruff format", [str(BIN / "ruff"), "format", "--check"]),
            Check("mypy", [str(BIN / "mypy")]),
            Check("lint-imports", [str(BIN / "lint-imports")]),
        ],
        works=True,
    ),
    Stage(
        "console",
        "eslint, tsc and unit tests of the web pages",
        checks=[_console("lint"), _console("types"), _console("test")],
        works=True,
    ),
    Stage(
        "unit",
        "one test file a source file",
        folders=["tests/unit"],
        options=[TWO_AT_ONCE],
        works=True,
    ),
    Stage(
        "rooms",
        "the rooms' unit tests again, on PostgreSQL",
        folders=ON_POSTGRESQL,
        options=["--database=postgresql", TWO_AT_ONCE],
        works=True,
    ),
    Stage(
        "stores",
        "one suite for each implementation of an interface; the wire on PostgreSQL",
        folders=["tests/stores"],
        options=FILES_AT_ONCE,
        further=[["--database=postgresql", *FILES_AT_ONCE, *WIRE_ON_POSTGRESQL]],
    ),
    Stage(
        "contract",
        "the API as a client sees it",
        folders=["tests/contract"],
        options=FILES_AT_ONCE,
    ),
    Stage(
        "host",
        "real X sessions and recordings",
        folders=["tests/host"],
        options=FILES_AT_ONCE,
        alone=True,
    ),
    Stage(
        "e2e",
        "the whole site with browser and CLI",
        folders=["tests/e2e"],
        options=FILES_AT_ONCE,
        alone=True,
    ),
    Stage(
        "cluster",
        "servers, bus and hosts on several machines",
        folders=["tests/cluster"],
        options=FILES_AT_ONCE,
        alone=True,
    ),
]
NAMES = {stage.name: stage for stage in STAGES}


def main(arguments: list[str]) -> int:
    """Exit code for these command line arguments."""
    # Each of a hundred processes that tests start would compile all modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--help" in arguments or "-h" in arguments:
        print(__doc__)
        print("\n".join(f"  {stage.name:10}{stage.about}" for stage in STAGES))
        return 0
    shared = [word for word in arguments if word == "--no-root-tests"]
    words = [word for word in arguments if word != "--no-root-tests"]
    if all(word in NAMES for word in words):
        chosen = [NAMES[word] for word in dict.fromkeys(words)] or STAGES
        before = _traces()
        started = time.monotonic()
        outcomes = _run_all(chosen, shared)
        seconds = time.monotonic() - started
        if os.environ.get("CI") == "true":
            # Elsewhere a site may be at work beside the tests, and what it makes is not ours.
            outcomes.append(Outcome("cleanup", 0.0, Counter(), sorted(_traces() - before)))
        return _report(outcomes, seconds)
    return _run_selection(words + shared)


def _traces() -> set[str]:
    """What sites leave on a machine outside of their folders: managed accounts, run folders."""
    accounts = {
        f"account {entry.pw_name}" for entry in pwd.getpwall() if entry.pw_name.startswith("fl-")
    }
    return accounts | {_of_folder(path) for path in Path("/run/footlight").glob("*")}


def _of_folder(path: Path) -> str:
    """The folder with what is in it, by which one finds out whose it is."""
    inside = sorted(str(one.relative_to(path)) for one in islice(path.rglob("*"), 12))
    return f"folder {path} ({', '.join(inside) or 'empty'})"


def _run_selection(words: list[str]) -> int:
    """pytest itself, with stage names as their folders and paths as the caller's folder means them."""
    resolved: list[str] = []
    for word in words:
        path, mark, node = word.partition("::")
        if word in NAMES:
            resolved += NAMES[word].folders
        elif not word.startswith("-") and Path(path).exists():
            resolved.append(f"{Path(path).resolve()}{mark}{node}")
        else:
            resolved.append(word)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *resolved])


def _run_all(chosen: list[Stage], shared: list[str]) -> list[Outcome]:
    """Those that work beside those that wait, but for those that look at times, which begin when all work is done;
    what is printed comes between the others' output."""
    working = [stage for stage in chosen if stage.works]
    alone = [stage for stage in chosen if stage.alone]
    waiting = [stage for stage in chosen if not stage.works and not stage.alone]
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(1) as line:
        beside = [line.submit(_run_beside, stage, shared) for stage in working]
        for stage in waiting:
            outcomes[stage.name] = _run(stage, shared, sys.stdout)
            _tell([future for future in beside if future.done()], outcomes)
        _tell(beside, outcomes)
    for stage in alone:
        outcomes[stage.name] = _run(stage, shared, sys.stdout)
    return [outcomes[stage.name] for stage in chosen]


def _run_beside(stage: Stage, shared: list[str]) -> tuple[Outcome, str]:
    """How it went, and what it printed."""
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        outcome = _run(stage, shared, output, BESIDE)
        output.seek(0)
        return outcome, output.read()


def _tell(beside: list[Future[tuple[Outcome, str]]], outcomes: dict[str, Outcome]) -> None:
    """Print what is not printed yet, and wait for what is not done."""
    for future in beside:
        outcome, printed = future.result()
        if outcome.name not in outcomes:
            outcomes[outcome.name] = outcome
            print(printed, end="", flush=True)


def _run(
    stage: Stage, shared: list[str], output: TextIO, before: list[str] | None = None
) -> Outcome:
    """`before`: words before each command."""
    print(f"\n##### {stage.name}: {stage.about}", file=output, flush=True)
    started = time.monotonic()
    counts: Counter[str] = Counter()
    failures = []
    for check in stage.checks:
        print(f"--- {check.name}", file=output, flush=True)
        if _call([*(before or []), *check.command], output) != 0:
            failures.append(check.name)
    for run in stage.runs():
        # A short name: paths of sockets end at 107 bytes.
        with tempfile.TemporaryDirectory(prefix="ft", dir=_place(stage)) as folder:
            report = Path(folder) / "junit.xml"
            pytest = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}"]
            if stage.works:
                pytest += [f"--basetemp={folder}/t", *KEEP_FAILED]
            code = _call([*(before or []), *pytest, *shared, *run], output)
            found = _counts(report)
        if code == NO_TESTS and shared:
            code = 0
        if code != 0 and not found["failed"] and not found["errors"]:
            failures.append(f"pytest ended with {code}")
        counts += found
    return Outcome(stage.name, time.monotonic() - started, counts, failures)


def _place(stage: Stage) -> Path | None:
    """Where its files go; None: the usual place."""
    if not stage.works or not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None


def _call(command: list[str], output: TextIO) -> int:
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=None if output is sys.stdout else subprocess.STDOUT,
            timeout=STAGE_TIMEOUT_S,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        words = " ".join(command)
        print(f"!!! no end within {STAGE_TIMEOUT_S} s: {words}", file=output, flush=True)
        return 124


def _counts(report: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not report.exists():
        return counts
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        attributes = {
            key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")
        }
        counts["failed"] += attributes["failures"]
        counts["errors"] += attributes["errors"]
        counts["skipped"] += attributes["skipped"]
        counts["passed"] += attributes["tests"] - sum(
            attributes[key] for key in ("failures", "errors", "skipped")
        )
    return counts


def _report(outcomes: list[Outcome], seconds: float) -> int:
    print("\n##### summary")
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total += outcome.counts
        total["errors"] += len(outcome.failures)
        broken = outcome.failures or outcome.counts["failed"] or outcome.counts["errors"]
        parts = [f"{number} {word}" for word, number in outcome.counts.items() if number]
        said = "left behind" if outcome.name == "cleanup" else "failed"
        parts += [f"{name} {said}" for name in outcome.failures]
        verdict = "FAILED" if broken else "ok"
        print(f"{outcome.name:10}{verdict:8}{outcome.seconds:7.1f} s  {', '.join(parts)}")
    words = [f"{total[word]} {word}" for word in ("failed", "passed", "skipped") if total[word]]
    if total["errors"]:
        words.append(f"{total['errors']} error" + "s" * (total["errors"] > 1))
    print(f"===== {', '.join(words) or 'no tests'} in {seconds:.2f}s =====", flush=True)
    return 1 if total["failed"] or total["errors"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
