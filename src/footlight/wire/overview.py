"""What the first page of the console shows. Counts are of what the caller may see."""

from __future__ import annotations

from footlight.wire.own import OwnModel


class SessionFigures(OwnModel, frozen=True):
    """Live sessions by state. `recorded`: by recordings that run."""

    active: int
    logging_on: int
    disconnected: int
    recorded: int


class MachineFigures(OwnModel, frozen=True):
    """Machines. `silent`: nothing is heard from them; `maintenance`: of the others, those that take no sessions;
    `full`: of the rest, those whose load is at its end."""

    total: int
    silent: int
    maintenance: int
    full: int


class BusyMachine(OwnModel, frozen=True):
    """One of the fullest. `loadIndex`: of 10,000."""

    id: str
    name: str
    sessions: int
    load_index: int


class EndFigures(OwnModel, frozen=True):
    """Sessions that did not come up or whose program ended with an error, by what was said of it."""

    reason: str
    count: int


class Overview(OwnModel, frozen=True):
    """Now, and the last 24 hours. `sessionCounts`: how many sessions there were at `historyFrom` and each
    `historyStepSeconds` after it, the last of them now."""

    sessions: SessionFigures
    machines: MachineFigures
    busiest: list[BusyMachine]
    history_from: str
    history_step_seconds: int
    session_counts: list[int]
    started: int
    failures: list[EndFigures]
    failed_recordings: int
