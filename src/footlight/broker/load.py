"""How full a machine is, as one number: CVAD's load index, made of what its host reports. Pure.

Each part goes from 0 to FULL: memory and CPU by their share of what counts as full, sessions by their number. The
index is their weighted mean, so that of two machines the one with more room comes first; a part that is full makes
the whole full, and a machine that is full takes no new session. Source: rest-api.md section 4.7 (LoadIndex).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from footlight.wire.host import LoadFacts

FULL = 10_000
NAMES = ("CPU", "Memory", "SessionCount")  # of the parts, in their order, as on the wire
STEP = 200  # a change of the index by less is not written
APART_MS = (
    5_000  # nor one that comes sooner after the last; sessions of rows are counted at once anyway
)


@dataclass(frozen=True)
class Scale:
    """What counts how much, and from where on a machine is full. Per cent of memory and CPU; 0: however busy they
    are, they alone fill no machine (the CPU by default, since logons of others make it busy for moments)."""

    weights: tuple[int, int, int] = (1, 1, 2)  # as NAMES
    full_sessions: int = 250
    full_memory: int = 97
    full_cpu: int = 0


DEFAULT_SCALE = Scale()


class Parts(NamedTuple):
    """The load indexes of the parts, 0 to FULL each."""

    cpu: int
    memory: int
    sessions: int


def parts_of(facts: LoadFacts, scale: Scale) -> Parts:
    """The parts of what a host reports."""
    return Parts(
        _part(facts.cpu_permille, scale.full_cpu),
        _part(facts.memory_permille, scale.full_memory),
        sessions_part(facts.sessions, scale),
    )


def sessions_part(sessions: int, scale: Scale) -> int:
    """The part of that many sessions."""
    return min(FULL, FULL * sessions // scale.full_sessions)


def index_of(parts: Parts, scale: Scale) -> int:
    """The load index, 0 to FULL."""
    if parts.cpu >= FULL or parts.memory >= FULL or parts.sessions >= FULL:
        return FULL
    cpu, memory, sessions = scale.weights
    weighted = cpu * parts.cpu + memory * parts.memory + sessions * parts.sessions
    return weighted // (cpu + memory + sessions)


def is_worth_writing(
    known_index: int | None, known_at_ms: int | None, index: int, now_ms: int
) -> bool:
    """Whether a new index is to replace the known one: it moved by a step, or to or from full, and not just now."""
    if known_index is None or known_at_ms is None:
        return True
    if index == known_index or now_ms - known_at_ms < APART_MS:
        return False
    return abs(index - known_index) >= STEP or FULL in (index, known_index)


def _part(permille: int, full_percent: int) -> int:
    permille = max(0, min(1000, permille))
    if full_percent <= 0:
        return min(FULL - 1, permille * FULL // 1000)
    return min(FULL, permille * FULL // (full_percent * 10))
