"""What a call of the SDK raises: one class per answer of the site, one per way of getting none."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import httpx


class SdkError(Exception):
    """Base of all that the SDK raises."""


class ConnectionFailed(SdkError):
    """The site could not be reached, or the connection broke."""


class TimedOut(ConnectionFailed):
    """The site did not answer in time."""


class BadAnswer(SdkError):
    """The answer is not what the API promises (no JSON, too big, a list without end)."""


class JobFailed(SdkError):
    """A job ended without its result; the message is the site's reason."""


class StatusError(SdkError):
    """The site refused. `body` is the decoded JSON or the text; `transaction_id` names the call in
    the site's log (header Citrix-TransactionId); `code` is the stable SdkErrorId, "" if there is
    none."""

    status: ClassVar[int] = 0

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status_code = response.status_code
        self.body = _body(response)
        self.transaction_id = response.headers.get("Citrix-TransactionId")
        self.code = _member(self.body, "SdkErrorId")
        self.message = (
            _member(self.body, "detail", "ErrorMessage", "error_description", "message")
            or f"{response.status_code} {response.reason_phrase}"
        )
        super().__init__(self.message)

    @property
    def retry_after_s(self) -> float | None:
        """Seconds that the site asks to wait, None if it does not say."""
        return retry_after_s(self.response)


class BadRequest(StatusError):
    """400: an argument is wrong."""

    status = 400


class Unauthorized(StatusError):
    """401: no token, a bad one, or wrong credentials."""

    status = 401


class Forbidden(StatusError):
    """403: the right is missing."""

    status = 403


class NotFound(StatusError):
    """404: no such object, or it is not the caller's to see."""

    status = 404


class MethodNotAllowed(StatusError):
    """405: not on this path."""

    status = 405


class NotAcceptable(StatusError):
    """406: no representation that the caller accepts."""

    status = 406


class Conflict(StatusError):
    """409: the object's state does not allow it."""

    status = 409


class UnsupportedMediaType(StatusError):
    """415: the body is of another kind."""

    status = 415


class TooManyRequests(StatusError):
    """429: too fast; `retry_after_s` says when to try again."""

    status = 429


class ServerFault(StatusError):
    """500: a fault in the site."""

    status = 500


class NotSupported(StatusError):
    """501: the site does not do that."""

    status = 501


class Unavailable(StatusError):
    """503: a part that is needed does not answer now."""

    status = 503


_CLASSES: dict[int, type[StatusError]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        Conflict,
        UnsupportedMediaType,
        TooManyRequests,
        ServerFault,
        NotSupported,
        Unavailable,
    )
}


def error_for(response: httpx.Response) -> StatusError:
    """The error of a refusal whose body has been read."""
    return _CLASSES.get(response.status_code, StatusError)(response)


def retry_after_s(response: httpx.Response) -> float | None:
    """The seconds in Retry-After; None when absent or not a number."""
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return response.text


def _member(body: Any, *names: str) -> str:
    """The first non-empty string under one of the names, in any case."""
    if not isinstance(body, dict):
        return ""
    members = {str(key).lower(): value for key, value in body.items()}
    for name in names:
        if isinstance(value := members.get(name.lower()), str) and value:
            return value
    return ""
