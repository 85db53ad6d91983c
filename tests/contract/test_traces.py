"""Traces over a real site with a real host: one from the call to the picture on the disk."""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.contract.conftest import LiveSite, start_site, stop_site

from collector import Collector, Sent, collecting

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
LAUNCH = "POST /footlight/v1/launches"
RECORD = "POST /cvad/manage/Sessions/{id}/$startRecording"
OTHER_TRACE = "5bf92f3577b34da6a3ce929d0e0e4736"
TICKET = "a-ticket-that-nobody-should-see"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture(scope="module")
def traced(collector: Collector) -> Iterator[LiveSite]:
    """A site with an agent whose spans go to the collector."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-traces-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTLIGHT_TRACES", collector.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        process, running = start_site(folder / "data")
    yield running
    stop_site(process, running)
    shutil.rmtree(folder, ignore_errors=True)


def launched(client: httpx.Client) -> tuple[str, httpx.Response]:
    """A session that is up."""
    answer = client.post("/footlight/v1/launches", json={"resource": "Terminal", "new": True})
    assert answer.status_code == 201, answer.text
    session_id = str(answer.json()["sessionId"])
    until = time.monotonic() + 30
    while client.get(f"/cvad/manage/Sessions/{session_id}").json()["LogonInProgress"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    return session_id, answer


def one(spans: list[Sent], name: str) -> Sent:
    (found,) = [span for span in spans if span.name == name]
    return found


def test_a_launch_and_a_recording_are_one_trace_each(
    traced: LiveSite, collector: Collector
) -> None:
    with traced.client() as client:
        session_id, answer = launched(client)
        trace_id = answer.headers["traceparent"].split("-")[1]
        spans = collector.of(
            trace_id,
            lambda s: {LAUNCH, "launch program", "host order"} <= {x.name for x in s},
        )
        root = one(spans, LAUNCH)
        order, host = one(spans, "order"), one(spans, "host order")
        assert root.parent_id == ""
        assert answer.headers["traceparent"].split("-")[2] == root.span_id
        assert root.values["http.response.status_code"] == "201"
        assert root.values["footlight.transaction"] == answer.headers["citrix-transactionid"]
        assert (order.parent_id, host.parent_id) == (root.span_id, order.span_id)
        assert host.values["footlight.session"] == session_id
        assert host.values["footlight.transaction"] == root.values["footlight.transaction"]
        phases = [span for span in spans if span.name.startswith("launch ")]
        assert {span.parent_id for span in phases} == {host.span_id}
        assert {"launch keeper", "launch x_server", "launch program"} <= {p.name for p in phases}
        assert all(span.began_ns <= span.ended_ns for span in spans)
        assert one(spans, "store write").parent_id == root.span_id

        path = f"/cvad/manage/Sessions/{session_id}/$startRecording"
        answer = client.post(path, headers={"traceparent": PARENT})
        assert answer.status_code == 200, answer.text
        assert answer.headers["traceparent"].split("-")[1] == TRACE
        spans = collector.of(
            TRACE,
            lambda s: {RECORD, "first key frame", "host order", "order"} <= {x.name for x in s},
        )
        root = one(spans, RECORD)
        order, host = one(spans, "order"), one(spans, "host order")
        frame = one(spans, "first key frame")
        assert root.parent_id == SPAN
        assert order.parent_id == root.span_id
        assert host.parent_id == order.span_id
        assert frame.parent_id == host.span_id
        assert frame.service == "footlight recorder"
        assert frame.values["footlight.session"] == session_id
        assert client.post(f"/cvad/manage/Sessions/{session_id}/$logoff").status_code < 300


def test_what_is_no_traceparent_begins_a_trace(traced: LiveSite) -> None:
    with traced.client() as client:
        for given in ("", "nonsense", f"ff-{TRACE}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01"):
            answer = client.get("/cvad/manage/About", headers={"traceparent": given})
            assert answer.status_code == 200
            assert TRACE not in answer.headers["traceparent"]


def test_a_ticket_in_a_path_is_in_no_span(traced: LiveSite, collector: Collector) -> None:
    asked = {"traceparent": f"00-{OTHER_TRACE}-{SPAN}-01"}
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    with traced.bare_client() as client:
        assert client.put(f"/footlight/v1/uploads/{TICKET}", content=b"x", headers=asked).is_error
        assert client.get(f"/footlight/v1/streams/{TICKET}", headers=asked | upgrade).is_error
    names = {"PUT /footlight/v1/uploads/{ticket}", "WS /footlight/v1/streams/{ticket}"}
    spans = collector.of(OTHER_TRACE, lambda s: names <= {x.name for x in s})
    for span in spans:
        assert TICKET not in span.name
        assert not [value for value in span.values.values() if TICKET in str(value)]


def test_without_a_collector_nothing_is_told(client: httpx.Client) -> None:
    answer = client.get("/cvad/manage/About", headers={"traceparent": PARENT})
    assert "traceparent" not in answer.headers


def test_a_collector_that_says_nothing_holds_nobody_up(tmp_path: Path) -> None:
    """It takes connections and never answers; more calls than its queue has room for are answered all the same."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as silent:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FOOTLIGHT_TRACES", f"http://127.0.0.1:{silent.getsockname()[1]}")
            patch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "32")
            patch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8")
            patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
            process, site = start_site(tmp_path / "data", "--no-agent")
        with site.client() as client:
            assert {client.get("/cvad/manage/About").status_code for _ in range(200)} == {200}
        stop_site(process, site)
