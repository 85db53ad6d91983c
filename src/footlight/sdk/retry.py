"""When to send a request again, and after how long. Pure: time and randomness are arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from footlight.sdk.errors import retry_after_s
from footlight.sdk.requests.request import Request

RETRIED_STATUSES = frozenset({429, 503})
# The connection was never made, so the site has not seen the request.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class RetryPolicy:
    """At most `retries` repetitions; waits double from `first_s` to `longest_s`, each shortened at
    random by up to half. A site that asks for more than `patience_s` is not waited for."""

    retries: int = 2
    first_s: float = 0.25
    longest_s: float = 8.0
    patience_s: float = 60.0

    def wait_s(
        self,
        request: Request,
        outcome: httpx.Response | httpx.TransportError,
        attempt: int,
        jitter: Callable[[], float],
    ) -> float | None:
        """Seconds to wait before sending again after `attempt` (0 is the first), None for giving
        up. `jitter` gives numbers from 0 to 1."""
        if attempt >= self.retries:
            return None
        asked_s: float | None = None
        if isinstance(outcome, httpx.Response):
            if outcome.status_code not in RETRIED_STATUSES:
                return None
            # A refusal has no later effect (both statuses say: not done), so any request may be
            # repeated.
            asked_s = retry_after_s(outcome)
        elif not (request.repeatable or isinstance(outcome, _UNSENT)):
            return None
        if asked_s is not None and asked_s > self.patience_s:
            return None
        backoff_s: float = min(self.longest_s, self.first_s * 2**attempt) * (1 - jitter() / 2)
        return max(backoff_s, asked_s or 0.0)
