"""The outer ASGI layer: every request passes it before the framework and every answer after.

It finds the route (paths.py), refuses what no handler should see, names the caller, hands the
framework one canonical path with a whole body, and finishes the answer: transaction id, Server,
charset, body-less 202 and 204, errors in the one error model.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from footlight import log
from footlight.api.answer import Answer, send_problem
from footlight.api.asgi import App, Message, Receive, Scope, Send
from footlight.api.authorization import Authorization, parse_authorization
from footlight.api.body import read_body
from footlight.api.errors import Refused, http_problem, problem_of
from footlight.api.head import address_of, cookies_of, headers_of, path_of, transaction_of
from footlight.api.negotiation import accepts_json, refused_media_type
from footlight.api.observer import observed_of
from footlight.api.paths import Matched, Route, RouteTable, canonical_query
from footlight.caller import Caller
from footlight.ids import is_guid
from footlight.telemetry import origin


@dataclass(frozen=True)
class Credentials:
    """All that a request says about who sends it. `needed`: the route does not go without a caller,
    so that authenticate raises Unauthenticated (fact reason = missing | invalid) instead of
    returning None. `origin` and `host` serve the check of cookie requests."""

    authorization: Authorization | None
    cookies: Mapping[str, str]
    method: str
    origin: str | None
    host: str | None
    address: str
    user_agent: str
    needed: bool


# Of a template whose id is a session's, in CVAD's and our own spelling.
_SESSIONS = "essions/{id}"

Authenticate = Callable[[Credentials], Awaitable[Caller | None]]


@dataclass(frozen=True)
class DoorConfig:
    """`server_header`: value of the Server header; uvicorn must run with server_header=False."""

    site_id: str
    site_name: str
    server_header: str = "Footlight"
    max_body_bytes: int = 1024 * 1024
    body_timeout_s: float = 30.0


@dataclass(frozen=True)
class Entry:
    """What the door found out about a request; in scope["state"]["entry"]. `parameters` are decoded
    path parameters, `base_url` is scheme, host and prefix as the caller wrote them (for
    Location)."""

    transaction: str
    route: Route
    caller: Caller | None
    authorization: Authorization | None
    parameters: Mapping[str, str]
    template: str
    base_url: str
    customer: str | None
    address: str
    user_agent: str


class Door:
    """The ASGI application that wraps another one."""

    def __init__(
        self, app: App, table: RouteTable, authenticate: Authenticate, config: DoorConfig
    ) -> None:
        self._app = app
        self._table = table
        self._authenticate = authenticate
        self._config = config
        self._site_names = {config.site_id.lower(), config.site_name.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        transaction = transaction_of(headers)
        log.bind(transaction=transaction)
        origin.come_from(transaction)
        answer = Answer(scope, send, transaction, self._config.server_header)
        try:
            inner, inner_receive = await self._enter(scope, receive, headers, transaction, answer)
            await self._app(inner, inner_receive, answer)
        except Exception as error:
            problem = problem_of(error)
            if answer.started:
                raise
            await send_problem(answer, scope, receive, problem)

    async def _enter(
        self,
        scope: Scope,
        receive: Receive,
        headers: Mapping[str, str],
        transaction: str,
        answer: Answer,
    ) -> tuple[Scope, Receive]:
        """The scope and receive for the framework. Raises Refused and errors.py's classes."""
        matched = self._table.match(path_of(scope))
        if matched is None:
            raise Refused(http_problem(404, "There is no such resource.", None, _path_facts(scope)))
        method = _method(scope, matched)
        route = matched.methods[method]
        observed = observed_of(scope)
        if observed is not None:
            observed.matched(method, route)
            observed.span.note("footlight.transaction", transaction)
        answer.cvad = matched.cvad
        if route.answer == "json" and not accepts_json(headers.get("accept")):
            raise Refused(
                http_problem(
                    406,
                    "Only application/json can be answered.",
                    None,
                    {"contentType": headers["accept"]},
                )
            )
        authorization = parse_authorization(headers.get("authorization"))
        caller = await self._authenticate(_credentials(scope, headers, authorization, route))
        if caller is not None:
            caller = replace(caller, transaction=transaction)
            log.bind(account=caller.account_id, **_of_route(matched, method))
        self._check_site(matched, route, headers.get("citrix-instanceid"))
        entry = Entry(
            transaction=transaction,
            route=route,
            caller=caller,
            authorization=authorization,
            parameters=matched.parameters,
            template=matched.template,
            base_url=_origin(scope, headers) + matched.base,
            customer=matched.customer or headers.get("citrix-customerid"),
            address=address_of(scope),
            user_agent=headers.get("user-agent", ""),
        )
        inner = _inner_scope(scope, matched, method, entry)
        if scope["type"] == "websocket":
            return inner, receive
        if route.body == "stream":
            return inner, receive
        body = await read_body(
            receive,
            headers,
            max_bytes=self._config.max_body_bytes,
            timeout_s=self._config.body_timeout_s,
        )
        _check_body(body, headers.get("content-type"), method, route)
        if not body:
            inner["headers"] = [h for h in inner["headers"] if h[0].lower() != b"content-type"]
        return inner, _replay(body, receive)

    def _check_site(self, matched: Matched, route: Route, instance: str | None) -> None:
        named = [matched.site]
        if not (route.any_site or route.open):
            named.append(instance)
        for name in named:
            bare = (name or "").strip().strip("{}").lower()
            if bare and bare not in self._site_names:
                raise Refused(
                    http_problem(
                        403,
                        "This server is not that site.",
                        None,
                        {"entityType": "Site", "id": bare},
                    )
                )


def _of_route(matched: Matched, method: str) -> dict[str, str]:
    """What a route tells that belongs on every event of its request."""
    found = {"route": f"{method} {matched.template}"}
    session_id = matched.parameters.get("id", "")
    if _SESSIONS in matched.template and is_guid(session_id):
        found["session"] = session_id.lower()
    return found


def entry_of(scope: Mapping[str, Any]) -> Entry:
    """The Entry of a request from its scope (Litestar: request.scope)."""
    return cast(Entry, scope["state"]["entry"])


def _method(scope: Scope, matched: Matched) -> str:
    method = "WS" if scope["type"] == "websocket" else str(scope["method"])
    if method in matched.methods:
        return method
    if method == "HEAD" and "GET" in matched.methods:
        return "GET"
    if method == "WS":
        raise Refused(http_problem(404, "There is no such WebSocket.", None, _path_facts(scope)))
    allowed = [name for name in matched.methods if name != "WS"]
    if "GET" in allowed and "HEAD" not in allowed:
        allowed.append("HEAD")
    raise Refused(
        http_problem(
            405,
            f"{method} is not possible here.",
            {"allow": ", ".join(sorted(allowed))},
            {"method": method},
        )
    )


def _check_body(body: bytes, content_type: str | None, method: str, route: Route) -> None:
    if not body or method == "GET" or route.body == "stream":
        return
    refused = refused_media_type(content_type, route.body)
    if refused is not None:
        wanted = "application/json; charset=utf-8"
        if route.body == "form":
            wanted = "application/x-www-form-urlencoded"
        raise Refused(
            http_problem(415, f"The body must be {wanted}.", None, {"mediaType": refused})
        )


def _path_facts(scope: Scope) -> dict[str, str]:
    return {"entityType": "Path", "id": str(scope["path"])[:256]}


def _origin(scope: Scope, headers: Mapping[str, str]) -> str:
    server = scope.get("server") or ("localhost", None)
    own = f"{server[0]}:{server[1]}" if server[1] else server[0]
    return f"{scope.get('scheme') or 'https'}://{headers.get('host') or own}"


def _credentials(
    scope: Scope,
    headers: Mapping[str, str],
    authorization: Authorization | None,
    route: Route,
) -> Credentials:
    return Credentials(
        authorization=authorization,
        cookies=cookies_of(headers.get("cookie")),
        method=str(scope.get("method", "GET")),
        origin=headers.get("origin"),
        host=headers.get("host"),
        address=address_of(scope),
        user_agent=headers.get("user-agent", ""),
        needed=not route.open,
    )


def _inner_scope(scope: Scope, matched: Matched, method: str, entry: Entry) -> Scope:
    inner = dict(scope)
    inner["path"] = matched.path
    inner["raw_path"] = matched.path.encode()
    inner["root_path"] = ""
    inner["query_string"] = canonical_query(scope.get("query_string", b""))
    inner["headers"] = list(scope["headers"])
    inner["state"] = {**(scope.get("state") or {}), "entry": entry, "caller": entry.caller}
    if scope["type"] == "http":
        inner["method"] = method
    return inner


def _replay(body: bytes, receive: Receive) -> Receive:
    """The whole body as one message, then whatever the server says (the disconnect)."""
    given = False

    async def inner_receive() -> Message:
        nonlocal given
        if given:
            after: Message = await receive()
            return after
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return inner_receive
