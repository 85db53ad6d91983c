"""The client's token over time: signing in, renewing, dropping. Flows only; the sender runs them, one at a time."""

from __future__ import annotations

from collections.abc import Callable

from footlight.sdk.credentials import Credentials, Token, read_token
from footlight.sdk.errors import BadAnswer, StatusError
from footlight.sdk.flow import Flow, ask
from footlight.sdk.requests import cvad


class Keyring:
    """Holds one token and what gives another. `now` counts seconds since 1970."""

    def __init__(
        self, credentials: Credentials | None, token: Token | None, now: Callable[[], float]
    ) -> None:
        self._credentials = credentials
        self._token = token
        self._now = now

    @property
    def can_sign_in(self) -> bool:
        """Whether a refused token can be replaced."""
        return self._credentials is not None

    def current(self) -> Flow[Token]:
        """A token that holds, signing in or renewing when needed. Raises SdkError."""
        if self._token is None:
            self._token = yield from self._sign_in()
        elif self._token.is_due(self._now()):
            self._token = yield from self._renew(self._token)
        return self._token

    def drop(self, token: Token | None) -> None:
        """Forget a refused token, unless another has replaced it meanwhile."""
        if self._token == token:
            self._token = None

    def _sign_in(self) -> Flow[Token]:
        if self._credentials is None:
            raise BadAnswer("the client has neither a token nor credentials")
        return read_token((yield from ask(self._credentials.sign_in())), self._now())

    def _renew(self, token: Token) -> Flow[Token]:
        """By refreshing; where that is refused, by signing in again."""
        try:
            return read_token((yield from ask(cvad.refresh_token(token.text))), self._now())
        except StatusError:
            if self._credentials is None:
                return token  # it may hold a little longer; the site will say
        return (yield from self._sign_in())
