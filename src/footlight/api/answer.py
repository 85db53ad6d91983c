"""The answering half of the door: what every response carries, whoever made it."""

from __future__ import annotations

from footlight.api.asgi import Message, Receive, Scope, Send
from footlight.api.errors import JSON_TYPE, Problem

_OURS = (b"citrix-transactionid", b"server")


class Answer:
    """A `send` that finishes responses: transaction id and Server header, charset of JSON, no body
    on HEAD, 204, 304 and on CVAD's 202 (frameworks send `null` there; clients misread it)."""

    def __init__(self, scope: Scope, send: Send, transaction: str, server: str) -> None:
        self.started = False
        self.cvad = True
        self._send = send
        self._head = scope.get("method") == "HEAD"
        self._extra = [
            (b"citrix-transactionid", transaction.encode("latin-1")),
            (b"server", server.encode("latin-1")),
        ]
        self._bare = False
        self._bare_sent = False

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            self.started = True
            await self._send(self._start(message))
        elif kind == "websocket.accept":
            self.started = True
            headers = [*message.get("headers", ()), *self._extra]
            await self._send({**message, "headers": headers})
        elif kind == "websocket.close":
            self.started = True
            await self._send(message)
        elif self._bare and kind == "http.response.body":
            await self._empty_body()
        else:
            await self._send(message)

    def _start(self, message: Message) -> Message:
        status = message["status"]
        forced_empty = status in (204, 304) or (status == 202 and self.cvad)
        self._bare = forced_empty or self._head
        headers = [
            (name, _with_charset(value) if name.lower() == b"content-type" else value)
            for name, value in message.get("headers", ())
            if name.lower() not in _OURS
            and not (forced_empty and name.lower() in (b"content-length", b"content-type"))
        ]
        if status == 202 and forced_empty:
            headers += [(b"content-type", JSON_TYPE.encode()), (b"content-length", b"0")]
        return {**message, "headers": headers + self._extra}

    async def _empty_body(self) -> None:
        # The first body message ends the response; the rest of a longer one is dropped.
        if not self._bare_sent:
            self._bare_sent = True
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _with_charset(value: bytes) -> bytes:
    return JSON_TYPE.encode() if value.strip().lower() == b"application/json" else value


async def send_problem(answer: Answer, scope: Scope, receive: Receive, problem: Problem) -> None:
    """Answer with an error, over HTTP or in place of a WebSocket handshake."""
    body = problem.body()
    prefix = ""
    if scope["type"] == "websocket":
        await receive()  # websocket.connect must be taken before it is answered
        if "websocket.http.response" not in (scope.get("extensions") or {}):
            await answer({"type": "websocket.close", "code": 1008, "reason": str(problem.status)})
            return
        prefix = "websocket."
    start = {
        "type": f"{prefix}http.response.start",
        "status": problem.status,
        "headers": [
            (b"content-type", JSON_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            *((name.encode(), value.encode()) for name, value in problem.headers.items()),
        ],
    }
    await answer(start)
    await answer({"type": f"{prefix}http.response.body", "body": body, "more_body": False})
