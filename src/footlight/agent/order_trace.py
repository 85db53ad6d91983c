"""What a host does by an order, as spans below the one that the order names."""

from __future__ import annotations

from collections.abc import Mapping

from footlight.telemetry.traces import NO_SPAN, OFF, Span, Traces, Value
from footlight.wire.host import SessionOrder

# In their order; each begins where the one before ended (sessions/phases.py, which the host does not import).
_PHASES = ("taken", "account", "turn", "keeper", "x_server", "held", "bus", "window_manager")
_ALL = (*_PHASES, "program")


class OrderTrace:
    """Of one session: the span of the newest order until it is settled, and of its launch's phases."""

    __slots__ = ("_generation", "_launch", "_span", "_told", "_traces")

    def __init__(self, traces: Traces = OFF) -> None:
        self._traces = traces
        self._span: Span = NO_SPAN
        self._generation = 0
        self._launch: str | None = None  # the span that the launch's phases belong to
        self._told: frozenset[str] = frozenset()

    def take(self, order: SessionOrder) -> None:
        """A newer order takes the place of the last."""
        if not self._traces.on or order.generation <= self._generation:
            return
        self._span.end(error="another order came")
        values: dict[str, Value] = {
            "footlight.session": order.session_id,
            "footlight.generation": order.generation,
        }
        if order.transaction is not None:
            values["footlight.transaction"] = order.transaction
        self._span = self._traces.begin("host order", order.trace, "server", values)
        if order.want == "run" and not order.known and self._launch is None:
            self._launch = self._span.trace
        self._generation = order.generation

    def here(self, order: SessionOrder) -> str | None:
        """The span of what is done by the order now."""
        return self._span.trace if order.generation == self._generation else order.trace

    def passed(self, moments: Mapping[str, int]) -> None:
        """Phases of the launch that are through, and when (ms since 1970)."""
        if self._launch is None:
            return
        before_ms: int | None = None
        for name in _ALL:
            at_ms = moments.get(name)
            if at_ms is None:
                continue
            if before_ms is not None and name not in self._told:
                self._told |= {name}
                # The kernel's clock may have been set back meanwhile.
                began_ms = min(before_ms, at_ms)
                span = self._traces.begin(f"launch {name}", self._launch, at_ms=began_ms)
                span.end(at_ms=at_ms)
            before_ms = at_ms

    def settled(self, generation: int) -> None:
        """All is as the order of that generation wants it."""
        if generation >= self._generation:
            self._span.end()

    def failed(self, why: str) -> None:
        """The session is over, and not by an order."""
        self._span.end(error=why[:200])
