"""The one table from failures to HTTP status and error body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from footlight.errors import (
    Conflict,
    FootlightError,
    Forbidden,
    Invalid,
    LimitReached,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from footlight.log import get_logger
from footlight.wire.rest.error import Error, Parameter

JSON_TYPE = "application/json; charset=utf-8"
RETRY_UNAVAILABLE_S = 5
_TYPE_BASE = "https://errors-api.cloud.com/common/"
_INVALID_PROBLEMS = (
    "outOfRange",
    "tooLong",
    "invalidString",
    "invalidEnum",
    "missing",
    "invalidJson",
)

_log = get_logger(__name__)

# class: (status, suffix of `type`); the first one that fits counts
_TABLE: tuple[tuple[type[FootlightError], int, str], ...] = (
    (Invalid, 400, "invalidString"),
    (Unauthenticated, 401, "authentication"),
    (Forbidden, 403, "authorization"),
    (NotFound, 404, "notFound"),
    (Conflict, 409, "conflict"),
    (LimitReached, 429, "rateLimitExceeded"),
    (Unavailable, 503, "serviceUnavailable"),
)

# status: (SdkErrorId, suffix of `type`) of what the HTTP layers refuse by themselves
_BY_STATUS: Mapping[int, tuple[str, str]] = {
    400: ("InvalidArgument", "invalidString"),
    401: ("AuthorizationFailed", "authentication"),
    403: ("AccessDenied", "authorization"),
    404: ("ObjectNotFound", "notFound"),
    405: ("MethodNotAllowed", "methodNotAllowed"),
    406: ("NotAcceptable", "notAcceptable"),
    408: ("ServerTimeout", "requestTimeout"),
    413: ("InvalidArgument", "tooLong"),
    415: ("UnsupportedMediaType", "unsupportedMediaType"),
    416: ("InvalidArgument", "outOfRange"),
    431: ("InvalidArgument", "tooLong"),
    501: ("NotImplemented", "notImplemented"),
}


@dataclass(frozen=True)
class Problem:
    """A failure as it goes over the wire."""

    status: int
    error: Error
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The error object as JSON."""
        return msgspec.json.encode(self.error)


class Refused(Exception):
    """Raised in the HTTP layers with the answer to give."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.error.error_message)
        self.problem = problem


def http_problem(
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Problem:
    """A refusal by the HTTP layers themselves; `parameters` become the array of that name."""
    code, suffix = _BY_STATUS.get(status, ("UnknownError", "internalServerError"))
    return _problem(status, code, suffix, message, "HttpError", parameters or {}, headers or {})


def problem_of(error: BaseException) -> Problem:
    """What any exception is on the wire. An unexpected one is logged here and shows nothing."""
    match error:
        case Refused():
            return error.problem
        case FootlightError():
            return _of_ours(error)
        case HTTPException() if error.status_code < 500:
            return _of_litestar(error)
        case RecursionError() if "deserializing" in str(
            error
        ):  # msgspec's, of a body that litestar reads
            return http_problem(400, "The body is nested too deep.", None, {"name": "body"})
        case _:
            return _unexpected(error)


def _unexpected(error: BaseException) -> Problem:
    _log.error("request failed", exc_info=error)
    return http_problem(500, "The server met an unexpected fault.")


def _of_litestar(error: HTTPException) -> Problem:
    extra = error.extra if isinstance(error.extra, list) else []
    named = {
        str(item["key"]): str(item.get("message", ""))
        for item in extra
        if isinstance(item, dict) and "key" in item
    }
    message = "; ".join(f"{name}: {text}" for name, text in named.items()) or error.detail
    return http_problem(error.status_code, message, error.headers or {}, named)


def _of_ours(error: FootlightError) -> Problem:
    row = next((row for row in _TABLE if isinstance(error, row[0])), None)
    if row is None:
        return _unexpected(error)
    _, status, suffix = row
    facts = dict(error.facts)
    headers: dict[str, str] = {}
    if isinstance(error, Invalid) and facts.get("problem") in _INVALID_PROBLEMS:
        suffix = facts.pop("problem")
    if isinstance(error, Unauthenticated):
        facts.setdefault("reason", "invalid")
        headers["www-authenticate"] = 'CWSAuth realm="footlight"'
    if isinstance(error, LimitReached):
        facts["retryDelay"] = headers["retry-after"] = str(error.retry_s)
    if isinstance(error, Unavailable):
        facts["retryDelay"] = headers["retry-after"] = str(RETRY_UNAVAILABLE_S)
    return _problem(status, error.code, suffix, error.message, type(error).__name__, facts, headers)


def _problem(
    status: int,
    code: str,
    suffix: str,
    message: str,
    error_type: str,
    parameters: Mapping[str, str],
    headers: Mapping[str, str],
) -> Problem:
    error = Error(
        error_message=message,
        sdk_error_id=code,
        error_type=error_type,
        type=_TYPE_BASE + suffix,
        detail=message,
        parameters=[Parameter(name, value) for name, value in parameters.items()],
    )
    return Problem(status, error, headers)


def _respond(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    problem = problem_of(error)
    return Response(
        problem.body(),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type=JSON_TYPE,
    )


# For the Litestar app: whatever a handler or Litestar itself raises.
EXCEPTION_HANDLERS: ExceptionHandlersMap = {Exception: _respond, HTTPException: _respond}
