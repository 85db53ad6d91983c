"""A receiver of webhooks that remembers what came."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST_BYTES = 64 * 1024


class Receiver:
    """Listens on loopback from its making to `close`. `ids`: those of the deliveries of each number of the outbox;
    `order`: numbers as they came for the first time."""

    def __init__(self) -> None:
        self.ids: defaultdict[int, set[str]] = defaultdict(set)
        self.order: list[int] = []
        self.repeated = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _take(self, told: dict[str, Any]) -> None:
        seq = told["seq"]
        if seq in self.ids:
            self.repeated += 1
        else:
            self.order.append(seq)
        self.ids[seq].add(told["id"])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers["Content-Length"]), LONGEST_BYTES)
                take(json.loads(self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
