"""Ways to sign in, and the token that each gives. Values only; sender.py sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from footlight.sdk.errors import BadAnswer
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import Request

RENEW_BEFORE_S = 60.0
ON_PREM_CUSTOMER = "CitrixOnPremises"


@dataclass(frozen=True)
class Token:
    """A bearer token. `expires_at_s` counts from 1970 UTC; None: unknown, never renewed."""

    text: str = field(repr=False)
    expires_at_s: float | None = None

    def is_due(self, now_s: float) -> bool:
        """Whether it is time to renew it."""
        return self.expires_at_s is not None and now_s >= self.expires_at_s - RENEW_BEFORE_S


@dataclass(frozen=True)
class Password:
    """An account's name and password."""

    user: str
    password: str = field(repr=False)

    def sign_in(self) -> Request:
        return cvad.sign_in(self.user, self.password)


@dataclass(frozen=True)
class ClientSecret:
    """An API client's id and secret (the CVAD cloud form)."""

    client_id: str
    client_secret: str = field(repr=False)
    customer_id: str = "root"

    def sign_in(self) -> Request:
        return cvad.sign_in_client(self.client_id, self.client_secret, self.customer_id)


Credentials = Password | ClientSecret


def read_token(answer: Any, now_s: float) -> Token:
    """The token in an answer of either form of sign-in. Raises BadAnswer when there is none."""
    if not isinstance(answer, dict):
        raise BadAnswer("the answer to the sign-in is no JSON object")
    if isinstance(text := answer.get("access_token"), str) and text:
        return Token(text, now_s + _seconds(answer.get("expires_in")))
    if isinstance(text := answer.get("Token"), str) and text:
        return Token(text, instant_s(answer.get("ExpiresAt")))
    raise BadAnswer("the answer to the sign-in holds no token")


def instant_s(text: Any) -> float | None:
    """Seconds since 1970 of an RFC 3339 time; None when it is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


def _seconds(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadAnswer(f"expires_in is {value!r}, not a number of seconds") from None
