"""The layer before the door that refuses who sends too much: 429, Retry-After, the one error body.

A request with a token of ours counts for the token's account, any other for the client's address. Pages, files,
probes, the event stream and WebSockets don't count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from footlight.access.lockout import address_key
from footlight.api.answer import Answer, send_problem
from footlight.api.asgi import App, Receive, Scope, Send
from footlight.api.authorization import Token, parse_authorization
from footlight.api.bucket import Buckets
from footlight.api.errors import problem_of
from footlight.api.head import address_of, cookies_of, headers_of, path_of, transaction_of
from footlight.api.paths import CVAD_PREFIX, RouteTable
from footlight.clock import Clock
from footlight.config import is_loopback
from footlight.config_rates import Rate
from footlight.errors import LimitReached

_COUNTED = (CVAD_PREFIX + "/", "/footlight/v1/", "/cctrustoauth2/")
_EVENTS = "/footlight/v1/events"


@dataclass(frozen=True)
class RateConfig:
    """None: no limit of that kind."""

    caller: Rate | None
    address: Rate | None
    cookie_name: str
    server_header: str


class RateLimit:
    """The ASGI application that wraps the door. `account_of` gives the account that a token's text names, None
    where it is none of ours; whether the token still holds is the door's question. A revoked token still counts
    for its account: only who once had it can send it."""

    def __init__(
        self,
        app: App,
        table: RouteTable,
        account_of: Callable[[str], str | None],
        clock: Clock,
        config: RateConfig,
    ) -> None:
        self._app = app
        self._table = table
        self._account_of = account_of
        self._clock = clock
        self._config = config
        rates = (config.caller, config.address)
        self._spares_loopback = all(rate is None or rate.spares_loopback for rate in rates)
        self._callers = None if config.caller is None else Buckets(config.caller)
        self._addresses = None if config.address is None else Buckets(config.address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        retry_s = self._refused(scope) if scope["type"] == "http" else None
        if retry_s is None:
            await self._app(scope, receive, send)
            return
        transaction = transaction_of(headers_of(scope))
        answer = Answer(scope, send, transaction, self._config.server_header)
        error = LimitReached(
            f"Rate limit is exceeded. Try again in {retry_s} seconds.", retry_s=retry_s
        )
        await send_problem(answer, scope, receive, problem_of(error))

    def _refused(self, scope: Scope) -> int | None:
        """Seconds to wait, None for a request that may pass."""
        address = address_of(scope)
        local = is_loopback(address)
        if (local and self._spares_loopback) or not self._counts(scope):
            return None
        account = self._account(headers_of(scope))
        rate = self._config.caller if account is not None else self._config.address
        buckets = self._callers if account is not None else self._addresses
        if rate is None or buckets is None or (local and rate.spares_loopback):
            return None
        return buckets.take(account or address_key(address) or address, self._clock.now_ms())

    def _counts(self, scope: Scope) -> bool:
        """Whether it is a call of the API; a path that is not known counts, for scanners ask for those."""
        matched = self._table.match(path_of(scope))
        if matched is None:
            return True
        return matched.template.startswith(_COUNTED) and matched.template != _EVENTS

    def _account(self, headers: Mapping[str, str]) -> str | None:
        match parse_authorization(headers.get("authorization")):
            case Token(text):
                return self._account_of(text)
            case None:
                text = cookies_of(headers.get("cookie")).get(self._config.cookie_name, "")
                return self._account_of(text) if text else None
            case _:
                return None
