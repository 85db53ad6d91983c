"""The layer around the door that brings faults about on purpose: on CVAD's paths only, so that our own routes, the
faults' own among them, always answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from footlight.api.answer import Answer, send_problem
from footlight.api.asgi import App, Receive, Scope, Send
from footlight.api.errors import Problem, http_problem, problem_of
from footlight.api.faults import Dropped, Expired, Failed, Fault, Faults, Throttled
from footlight.api.head import headers_of, path_of, transaction_of
from footlight.api.paths import RouteTable
from footlight.api.protocol import HANG_UP
from footlight.errors import LimitReached, Unauthenticated, Unavailable

HUNG_UP_WITHIN_S = 5.0


class FaultLayer:
    """The ASGI application that stands before another one."""

    def __init__(self, app: App, table: RouteTable, faults: Faults, server_header: str) -> None:
        self._app = app
        self._table = table
        self._faults = faults
        self._server_header = server_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        matched = self._table.match(path_of(scope)) if scope["type"] == "http" else None
        if matched is None or not matched.cvad:
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        route = matched.methods.get(str(scope["method"]))
        decision = self._faults.meet(
            asyncio.get_running_loop().time(),
            with_token="authorization" in headers and not (route is not None and route.open),
        )
        if decision.delay_ms:
            await asyncio.sleep(decision.delay_ms / 1000)
        if decision.fault is None:
            await self._app(scope, receive, send)
        elif isinstance(decision.fault, Dropped):
            await _hang_up(scope, receive)
        else:
            transaction = transaction_of(headers)
            answer = Answer(scope, send, transaction, self._server_header)
            await send_problem(answer, scope, receive, _problem(decision.fault))


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection and wait until the server has seen it: else it would answer for us."""
    hang_up = cast(Callable[[], None], scope["extensions"][HANG_UP])
    hang_up()
    async with asyncio.timeout(HUNG_UP_WITHIN_S):
        while (await receive())["type"] != "http.disconnect":
            continue


def _problem(fault: Fault) -> Problem:
    match fault:
        case Throttled(retry_s):
            return problem_of(LimitReached("Rate limit is exceeded.", retry_s=retry_s))
        case Expired():
            return problem_of(Unauthenticated("The token has expired.", reason="invalid"))
        case Failed(503):
            return problem_of(Unavailable("The service is not available for now."))
        case Failed(status):
            return http_problem(status, "The server met an unexpected fault.")
        case Dropped():
            raise AssertionError(fault)
