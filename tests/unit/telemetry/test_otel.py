from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
import structlog

from collector import Collector, collecting
from footlight.telemetry.otel import OtelTraces, endpoint_of
from footlight.telemetry.traces import NO_SPAN, open_traces

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


def test_a_collectors_address_gets_the_usual_path() -> None:
    assert endpoint_of("http://c:4318") == "http://c:4318/v1/traces"
    assert endpoint_of("http://c:4318/") == "http://c:4318/v1/traces"
    assert endpoint_of("https://c/own/path") == "https://c/own/path"


async def test_spans_belong_to_their_parents(collector: Collector) -> None:
    traces = open_traces(collector.url, "footlight test", "a-site")
    outer = traces.begin("outer", PARENT, "server", {"a": "b"})
    inner = traces.begin("inner", outer.trace, at_ms=1_000)
    inner.end(at_ms=2_000)
    outer.note("n", 3)
    outer.rename("renamed")
    outer.end(error="it failed")
    outer.end()
    await traces.close()
    spans = {span.name: span for span in collector.of(TRACE, lambda found: len(found) == 2)}
    assert spans["renamed"].parent_id == SPAN
    assert spans["renamed"].values == {"a": "b", "n": "3"}
    assert spans["inner"].parent_id == spans["renamed"].span_id
    assert (spans["inner"].began_ns, spans["inner"].ended_ns) == (10**9, 2 * 10**9)
    assert spans["inner"].service == "footlight test"


async def test_only_a_root_begins_a_trace(collector: Collector) -> None:
    traces = open_traces(collector.url, "footlight test")
    assert traces.begin("work", None) is NO_SPAN
    root = traces.begin("request", None, root=True)
    assert root.trace is not None
    root.end()
    await traces.close()
    trace_id = root.trace.split("-")[1]
    (span,) = collector.of(trace_id, lambda found: len(found) == 1)
    assert span.parent_id == ""


async def test_a_trace_that_is_not_sampled_is_not_sent(collector: Collector) -> None:
    traces = open_traces(collector.url, "footlight test")
    unwanted = traces.begin("work", PARENT[:-2] + "00")
    assert unwanted.trace is not None
    assert int(unwanted.trace[-2:], 16) & 1 == 0
    unwanted.end()
    await traces.close()
    assert collector.spans == []


async def test_a_collector_that_is_gone_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nobody waits for it: more spans than the queue holds are simply dropped."""
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "16")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8")
    with collecting() as collector:
        url = collector.url
    traces = OtelTraces(url.replace("http://", "http://user:secret@"), "footlight test", "")
    began = time.process_time()
    for _ in range(1000):
        traces.begin("work", PARENT).end()
    assert time.process_time() - began < 5
    with structlog.testing.capture_logs() as told:
        (handler,) = logging.getLogger("opentelemetry").handlers
        for _ in range(3):
            handler.handle(logging.LogRecord("o", logging.WARNING, "f", 1, "no way", (), None))
    await traces.close()
    said = [entry for entry in told if entry["event"] == "traces are not sent"]
    assert len(said) <= 1
    assert "secret" not in str(told)
