"""A collector of traces on loopback: what it was sent, as spans."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WAIT_S = 60.0


@dataclass(frozen=True)
class Sent:
    """A span."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    values: dict[str, str]
    began_ns: int
    ended_ns: int


class Collector:
    """`url` for the option `traces`."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.spans: list[Sent] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.spans += _spans(body)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        address, port = self.server.server_address[:2]
        return f"http://{address!s}:{port}"

    def of(self, trace_id: str, wanted: Callable[[list[Sent]], bool]) -> list[Sent]:
        """The spans of that trace once they are as wanted, at most WAIT_S later."""
        until = time.monotonic() + WAIT_S
        while True:
            found = [span for span in list(self.spans) if span.trace_id == trace_id]
            if wanted(found):
                return found
            assert time.monotonic() < until, sorted((s.service, s.name) for s in found)
            time.sleep(0.05)


@contextmanager
def collecting(address: str = "127.0.0.1") -> Iterator[Collector]:
    """A collector that runs."""
    collector = Collector(address)
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.server.shutdown()
        collector.server.server_close()
        thread.join(10)


def _spans(body: bytes) -> Iterator[Sent]:
    request = ExportTraceServiceRequest()
    request.ParseFromString(body)
    for resource in request.resource_spans:
        names = {one.key: one.value.string_value for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Sent(
                    service=names["service.name"],
                    name=span.name,
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    values={
                        one.key: one.value.string_value or str(one.value.int_value)
                        for one in span.attributes
                    },
                    began_ns=span.start_time_unix_nano,
                    ended_ns=span.end_time_unix_nano,
                )
