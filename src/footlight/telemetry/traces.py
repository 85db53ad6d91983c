"""Spans of traces, as all rooms make them; nothing where no collector is configured (otel.py sends them).

A span's place is its traceparent: a text that goes over the bus, into a session's row and to other processes. What has
no parent begins no trace of its own, except a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

Kind = Literal["internal", "server", "client"]
Value = str | int | bool
NO_VALUES: Mapping[str, Value] = {}


class Span(Protocol):
    """A piece of work under way."""

    @property
    def trace(self) -> str | None:
        """Its traceparent, for what belongs to it; None: nothing is traced."""
        ...

    def note(self, name: str, value: Value) -> None:
        """One more fact of it."""
        ...

    def rename(self, name: str) -> None:
        """It is known by now what it is."""
        ...

    def end(self, *, error: str | None = None, at_ms: int | None = None) -> None:
        """It is done, now or at that time (ms since 1970). Safe to call twice; the first counts."""
        ...


class Traces(Protocol):
    """`on`: whether anything is sent; who asks first spares itself the work."""

    on: bool

    def begin(
        self,
        name: str,
        parent: str | None,
        kind: Kind = "internal",
        values: Mapping[str, Value] = NO_VALUES,
        *,
        at_ms: int | None = None,
        root: bool = False,
    ) -> Span:
        """A span below the traceparent `parent`; without one nothing, unless `root`: it then begins a trace."""
        ...

    async def close(self) -> None:
        """Send what waits, as far as that is quick."""
        ...


class _NoSpan:
    trace: str | None = None

    def note(self, name: str, value: Value) -> None:
        """Nothing."""

    def rename(self, name: str) -> None:
        """Nothing."""

    def end(self, *, error: str | None = None, at_ms: int | None = None) -> None:
        """Nothing."""


NO_SPAN: Span = _NoSpan()


class _NoTraces:
    on = False

    def begin(
        self,
        name: str,
        parent: str | None,
        kind: Kind = "internal",
        values: Mapping[str, Value] = NO_VALUES,
        *,
        at_ms: int | None = None,
        root: bool = False,
    ) -> Span:
        return NO_SPAN

    async def close(self) -> None:
        """Nothing."""


OFF: Traces = _NoTraces()


def open_traces(url: str, service: str, site_id: str = "") -> Traces:
    """Spans to the collector at that URL (OTLP over HTTP), called by that service's name; OFF without one."""
    if not url:
        return OFF
    # Only who sends traces pays for the library: a quarter of a second and 15 MB.
    from footlight.telemetry.otel import OtelTraces

    return OtelTraces(url, service, site_id)
