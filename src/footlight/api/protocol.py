"""HTTP/1.1 on a connection: uvicorn's, with a bound on the head of a request, on the patience with who does not read
his answer, and refusals in our words.

uvicorn reads a head of any length, waits for a reader without end, and answers what is no HTTP in plain text.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from footlight.api.errors import JSON_TYPE, http_problem
from footlight.ids import new_guid

# In scope["extensions"]: closes the connection at once, without an answer.
HANG_UP = "footlight.hang_up"
MAX_HEAD_BYTES = 128 * 1024
# Who takes nothing of a full buffer (some 64 KiB) for so long is cut off: a stream of events would be held for him.
STALLED_S = 60.0
_PHRASES = {400: "Bad Request", 431: "Request Header Fields Too Large"}


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = False
        self._head_bytes = 0
        self._stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._reads()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reads()
        super().connection_lost(exc)

    def _reads(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._head_bytes = self._head_bytes + len(data) if self._in_head else 0
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, f"The head of the request is over {MAX_HEAD_BYTES} bytes.")

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: self.transport.abort}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._in_head = False
        self._refuse(400, "This is not HTTP/1.1.")

    def _refuse(self, status: int, message: str) -> None:
        body = http_problem(status, message).body()
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}",
            f"content-type: {JSON_TYPE}",
            f"content-length: {len(body)}",
            f"citrix-transactionid: {new_guid()}",
            "connection: close",
            "\r\n",
        )
        self.transport.write("\r\n".join(head).encode() + body)
        self.transport.close()
