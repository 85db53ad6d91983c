"""Which way streams to each host go: what did not work is not tried again at each of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from footlight.clock import Clock
from footlight.wire.lines import Way

FIRST_REST_S, LONGEST_REST_S = 60.0, 3600.0
PROBE_S = 10.0  # while one stream tries the direct way again the others don't wait for it
MOST_HOSTS = 10_000

DIRECT_FIRST: tuple[Way, Way] = ("direct", "tunnel")
TUNNEL_FIRST: tuple[Way, Way] = ("tunnel", "direct")


@dataclass
class _Rest:
    """The direct way of a host, which did not work."""

    length_s: float
    until_ns: int


class Ways:
    """Hosts that were not reached directly. The rest doubles each time that it fails again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rests: OrderedDict[str, _Rest] = OrderedDict()

    def order(self, machine_id: str) -> tuple[Way, Way]:
        """The ways of the next stream to that host, in the order to try. Of many streams at once one tries again what
        did not work."""
        rest = self._rests.get(machine_id)
        if rest is None:
            return DIRECT_FIRST
        now_ns = self._clock.monotonic_ns()
        if now_ns < rest.until_ns:
            return TUNNEL_FIRST
        rest.until_ns = now_ns + _ns(PROBE_S)
        return DIRECT_FIRST

    def direct_worked(self, machine_id: str) -> None:
        """It is the first choice again."""
        self._rests.pop(machine_id, None)

    def direct_failed(self, machine_id: str) -> None:
        """And the tunnel worked: it is taken for a while."""
        known = self._rests.pop(machine_id, None)
        length_s = FIRST_REST_S if known is None else min(2 * known.length_s, LONGEST_REST_S)
        until_ns = self._clock.monotonic_ns() + _ns(length_s)
        self._rests[machine_id] = _Rest(length_s, until_ns)
        if len(self._rests) > MOST_HOSTS:
            self._rests.popitem(last=False)


def _ns(seconds: float) -> int:
    return int(seconds * 1e9)
