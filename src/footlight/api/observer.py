"""The outermost layer: counts every request, and makes the span that a trace of it begins with.

The door tells it the route, so that labels and names are those of the route table and never a path as it was sent.
"""

from __future__ import annotations

import time

from footlight.api.asgi import App, Message, Receive, Scope, Send
from footlight.api.paths import Route
from footlight.telemetry import origin
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import NO_SPAN, Span, Traces

KEY = "footlight.observed"
EVENTS = "/footlight/v1/events"
NO_ROUTE = "none"
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


class Observed:
    """One request under way."""

    __slots__ = ("_meters", "_open", "_send", "begun", "method", "route", "span", "status", "timed")

    def __init__(self, meters: Meters, send: Send, span: Span) -> None:
        self.method, self.route, self.status = "other", NO_ROUTE, 0
        self.timed = True
        self.span = span
        self.begun = time.perf_counter()
        self._meters = meters
        self._send = send
        self._open = meters.in_flight
        self._open.add()

    def matched(self, method: str, route: Route) -> None:
        """The door has found its route."""
        self.method, self.route = method, route.template
        self.span.rename(f"{method} {route.template}")
        if method == "WS" or route.body == "stream" or route.template == EVENTS:
            self.timed = False
            self._open.add(by=-1)
            meters = self._meters
            self._open = meters.event_streams if route.template == EVENTS else meters.in_flight
            if method == "WS":
                self._open = meters.displays
            self._open.add()

    async def send(self, message: Message) -> None:
        """As the server's `send`; the head of an answer names the span."""
        kind = message["type"]
        if kind == "http.response.start" or kind == "websocket.http.response.start":
            self.status = message["status"]
            if self.span.trace is not None:
                named = (b"traceparent", self.span.trace.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
        elif kind == "websocket.accept":
            self.status = 101
        await self._send(message)

    def end(self, error: BaseException | None) -> None:
        """It is answered, or given up."""
        meters = self._meters
        self._open.add(by=-1)
        status = _CLASSES[self.status // 100 - 1] if self.status else "none"
        meters.requests.add(self.method, self.route, status)
        if self.timed:
            took = time.perf_counter() - self.begun
            meters.request_seconds.of(self.method, self.route).observe(took)
        if self.span.trace is not None:
            self.span.note("http.request.method", self.method)
            self.span.note("http.route", self.route)
            self.span.note("http.response.status_code", self.status)
            failed = error is not None or self.status >= 500
            self.span.end(error=(type(error).__name__ if error else "5xx") if failed else None)


class Observer:
    """The ASGI application that wraps all others."""

    def __init__(self, app: App, meters: Meters, traces: Traces) -> None:
        self._app = app
        self._meters = meters
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        span = self._begin(scope) if self._traces.on else NO_SPAN
        observed = Observed(self._meters, send, span)
        scope[KEY] = observed
        token = origin.enter(span.trace)
        failure: BaseException | None = None
        try:
            await self._app(scope, receive, observed.send)
        except BaseException as error:
            failure = error
            raise
        finally:
            observed.end(failure)
            origin.leave(token)

    def _begin(self, scope: Scope) -> Span:
        given = [value for name, value in scope["headers"] if name.lower() == b"traceparent"]
        parent = origin.parse(given[0].decode("latin-1")) if len(given) == 1 else None
        return self._traces.begin("request", parent, "server", root=True)


def observed_of(scope: Scope) -> Observed | None:
    """That of a request that came over the wire; an item of a batch has none."""
    found: Observed | None = scope.get(KEY)
    return found
