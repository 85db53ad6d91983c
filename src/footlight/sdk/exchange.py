"""One request until its answer stands: what to do after each try. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from footlight.sdk.connection import failure
from footlight.sdk.errors import error_for
from footlight.sdk.requests.request import Request
from footlight.sdk.retry import RetryPolicy

SEE_OTHER = 303  # the result of a job is elsewhere; who asked for it follows

Outcome = httpx.Response | httpx.TransportError


@dataclass(frozen=True)
class Again:
    """Try again after `wait_s` seconds; with a fresh token where the one used was refused."""

    wait_s: float
    drop_token: bool = False


class Exchange:
    """Judges the tries of one request. `jitter` gives numbers from 0 to 1."""

    def __init__(self, request: Request, policy: RetryPolicy, jitter: Callable[[], float]) -> None:
        self._request = request
        self._policy = policy
        self._jitter = jitter
        self._attempt = 0
        self._renewed = False

    def judge(self, outcome: Outcome, *, renewable: bool) -> httpx.Response | Again:
        """The answer that stands, or how to try again. `renewable`: the try had a token that can be
        replaced. Raises SdkError when it is time to give up."""
        if isinstance(outcome, httpx.Response):
            if outcome.is_success or outcome.status_code == SEE_OTHER:
                return outcome
            # Revoked early, or our clock is wrong: sign in again, once.
            if outcome.status_code == 401 and renewable and not self._renewed:
                self._renewed = True
                return Again(0.0, drop_token=True)
        wait_s = self._policy.wait_s(self._request, outcome, self._attempt, self._jitter)
        if wait_s is None:
            if isinstance(outcome, httpx.Response):
                raise error_for(outcome)
            raise failure(outcome) from outcome
        self._attempt += 1
        return Again(wait_s)
