"""Spans by OpenTelemetry's SDK, sent over OTLP/HTTP by a thread of its own from a bounded queue.

What the queue cannot take is dropped: a collector that is slow, silent or gone never holds anybody up. OTEL_BSP_*,
OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS hold, as the SDK reads them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from importlib.metadata import version
from urllib.parse import urlsplit

from opentelemetry import trace as api
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from footlight.log import get_logger
from footlight.telemetry.traces import NO_SPAN, NO_VALUES, Kind, Span, Value

_log = get_logger(__name__)

EXPORT_TIMEOUT_S = 5
CLOSE_WITHIN_S = 3.0
SILENT_S = 300.0
_PATH = "/v1/traces"
_KINDS = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER, "client": SpanKind.CLIENT}
_NS_PER_MS = 1_000_000


class OtelTraces:
    """`service` is "footlight server", "footlight agent" or "footlight recorder"."""

    on = True

    def __init__(self, url: str, service: str, site_id: str) -> None:
        _hear_of_trouble(url)
        named = {"service.name": service, "service.version": version("footlight")}
        if site_id:
            named["service.namespace"] = site_id
        self._provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self._exporter = OTLPSpanExporter(endpoint=endpoint_of(url), timeout=EXPORT_TIMEOUT_S)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("footlight", version("footlight"))

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
        if parent is None and not root:
            return NO_SPAN
        span = self._tracer.start_span(
            name,
            api.set_span_in_context(_remote(parent)),
            _KINDS[kind],
            dict(values),
            start_time=None if at_ms is None else at_ms * _NS_PER_MS,
        )
        return _OtelSpan(span)

    async def close(self) -> None:
        # A daemon's thread, which nobody waits for longer: the exporter may be waiting for a collector that is gone.
        loop, sent = asyncio.get_running_loop(), asyncio.Event()

        def flush() -> None:
            self._provider.shutdown()
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(sent.set)

        threading.Thread(target=flush, name="last spans", daemon=True).start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await sent.wait()
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


class _OtelSpan:
    def __init__(self, span: api.Span) -> None:
        self._span = span
        self._ended = False

    @property
    def trace(self) -> str | None:
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def note(self, name: str, value: Value) -> None:
        self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def end(self, *, error: str | None = None, at_ms: int | None = None) -> None:
        if self._ended:
            return
        self._ended = True
        if error is not None:
            self._span.set_status(Status(StatusCode.ERROR, error))
        self._span.end(time.time_ns() if at_ms is None else at_ms * _NS_PER_MS)


def endpoint_of(url: str) -> str:
    """Where spans are posted to: a collector's address gets the usual path."""
    return url.rstrip("/") + _PATH if urlsplit(url).path in ("", "/") else url


def _remote(parent: str | None) -> api.Span:
    if parent is None:
        return api.INVALID_SPAN
    _, trace_id, span_id, flags = parent.split("-")
    context = SpanContext(
        int(trace_id, 16), int(span_id, 16), True, TraceFlags(int(flags, 16) & TraceFlags.SAMPLED)
    )
    return api.NonRecordingSpan(context)


class _Trouble(logging.Handler):
    """The library's complaints as one line of ours now and then."""

    def __init__(self, url: str) -> None:
        super().__init__(logging.WARNING)
        self._url = url
        self._told_s = -SILENT_S

    def emit(self, record: logging.LogRecord) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s >= SILENT_S:
            self._told_s = now_s
            _log.warning(
                "traces are not sent", collector=self._url, reason=record.getMessage()[:300]
            )


def _hear_of_trouble(url: str) -> None:
    logger = logging.getLogger("opentelemetry")
    logger.handlers = [_Trouble(_without_password(url))]
    logger.propagate = False


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
