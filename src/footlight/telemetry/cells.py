"""Counters, gauges and histograms that cost a fraction of a microsecond, and their text.

They are counted in the event loop only (or wherever one thread alone counts), so they need no locks. Labels are values
of bounded sets: who counts sees to that. Source of the text: Prometheus text format 0.0.4.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Labels = tuple[str, ...]
MOST_KEPT = 8192  # sets of labels whose text is kept: a host's are the same in each of its metrics


@dataclass(frozen=True)
class Told:
    """What a metric tells of itself. `labels`: their names. `site`: the same on each server of a site."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    labels: Labels = ()
    site: bool = False


class Cell:
    """A metric: one value, or one for each set of label values."""

    def __init__(self, told: Told) -> None:
        self.told = told

    def text(self) -> Iterator[str]:
        """Its lines; none of one that has never been set."""
        lines = list(self._lines())
        if lines:
            told = self.told
            yield f"# HELP {told.name} {told.meaning}\n# TYPE {told.name} {told.kind}\n"
            yield from lines

    def _lines(self) -> Iterable[str]:
        raise NotImplementedError


class Numbers(Cell):
    """A counter (`add` what is more than nothing) or a gauge (`set`, `add`, `replace`)."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._values: dict[Labels, float] = {} if told.labels else {(): 0}

    def add(self, *labels: str, by: float = 1) -> None:
        """So much more."""
        self._values[labels] = self._values.get(labels, 0) + by

    def set(self, value: float, *labels: str) -> None:
        """It is so much now."""
        self._values[labels] = value

    def replace(self, values: Mapping[Labels, float]) -> None:
        """These are all there are now."""
        self._values = dict(values)

    def value(self, *labels: str) -> float:
        """What it is; 0 for what was never set."""
        return self._values.get(labels, 0)

    def _lines(self) -> Iterator[str]:
        name, names = self.told.name, self.told.labels
        for labels, value in list(self._values.items()):
            yield f"{name}{_braced(names, labels)} {_number(value)}\n"


class Tally:
    """How many values fell below which bound, and their sum."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """One more of that size."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value


class Histogram(Cell):
    """A tally for each set of label values. `bounds`: upper ones, ascending, without infinity."""

    def __init__(self, told: Told, bounds: tuple[float, ...]) -> None:
        super().__init__(told)
        self._bounds = bounds
        self._tallies: dict[Labels, Tally] = {} if told.labels else {(): Tally(bounds)}

    def of(self, *labels: str) -> Tally:
        """The tally of these label values: to keep where it is needed often."""
        tally = self._tallies.get(labels)
        if tally is None:
            tally = self._tallies[labels] = Tally(self._bounds)
        return tally

    def _lines(self) -> Iterator[str]:
        name, names = self.told.name, self.told.labels
        for labels, tally in list(self._tallies.items()):
            below, braced = 0, _braced(names, labels)
            for bound, count in zip((*self._bounds, math.inf), tally.counts, strict=True):
                below += count
                with_bound = _braced((*names, "le"), (*labels, _number(bound)))
                yield f"{name}_bucket{with_bound} {below}\n"
            yield f"{name}_sum{braced} {_number(tally.total)}\n{name}_count{braced} {below}\n"


@lru_cache(maxsize=MOST_KEPT)
def _braced(names: Labels, values: Labels) -> str:
    if not names:
        return ""
    pairs = zip(names, values, strict=True)
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs) + "}"


def _escaped(value: str) -> str:
    if value.isalnum():  # of nearly all
        return value
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if value == math.inf:
        return "+Inf"
    whole = int(value)
    return str(whole) if value == whole else repr(float(value))
