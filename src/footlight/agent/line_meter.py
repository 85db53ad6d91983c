"""How much goes over a viewer's line, and whether it lives. Times are seconds of one clock that only goes on."""

from __future__ import annotations

import math

import msgspec

from footlight.wire.host import ViewerFacts

MEASURE_EACH_S = 10.0  # what is reported changes no more often
SILENT_S = 30.0  # a watched line of which nothing is heard for so long is dead


class LineMeter:
    """Of one viewer. `in_bytes` from it, `out_bytes` to it: added to by who relays."""

    def __init__(self) -> None:
        self.in_bytes = 0
        self.out_bytes = 0
        self._since_s = 0.0
        self._in_before = 0
        self._out_before = 0
        self._heard_s = math.inf  # not watched
        self._measured = False

    def begin(self, now_s: float, *, watched: bool) -> None:
        """The viewer is there."""
        self._since_s = now_s
        if watched:
            self._heard_s = now_s

    def silent_in(self, now_s: float) -> float:
        """Seconds until the line is dead if nothing is heard of it, at most SILENT_S; not above 0: it is."""
        return min(self._heard_s + SILENT_S - now_s, SILENT_S)

    def measured(self, facts: ViewerFacts, now_s: float, round_trip_ms: int | None) -> ViewerFacts:
        """The line lives: the facts with how it does, or as they are when they are fresh enough."""
        self._heard_s = now_s
        span_s = now_s - self._since_s
        first = not self._measured or (round_trip_ms is not None and facts.round_trip_ms is None)
        if span_s <= 0 or (span_s < MEASURE_EACH_S and not first):
            return facts
        came, went = self.in_bytes - self._in_before, self.out_bytes - self._out_before
        self._in_before, self._out_before = self.in_bytes, self.out_bytes
        self._since_s, self._measured = now_s, True
        return msgspec.structs.replace(
            facts,
            to_viewer_bytes_s=two_digits(went / span_s),
            from_viewer_bytes_s=two_digits(came / span_s),
            round_trip_ms=None if round_trip_ms is None else two_digits(round_trip_ms),
        )


def two_digits(value: float) -> int:
    """Rounded to two digits, so that what hardly changes is not reported anew."""
    if value < 1:
        return 0
    unit: int = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return round(value / unit) * unit
