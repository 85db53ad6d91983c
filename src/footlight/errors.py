"""Failures on which a caller gives up. Each has a stable code and named facts; only api/errors.py
knows HTTP. An expected refusal with which a sane caller goes on is returned, not raised."""

from __future__ import annotations


class FootlightError(Exception):
    """Base of the tree: `code` is stable and for machines, the message for people, `facts` name
    what it was about (strings, safe to show)."""

    code = "UnknownError"

    def __init__(self, message: str, *, code: str | None = None, **facts: str) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.facts = facts


class Invalid(FootlightError):
    """The input is wrong; the same call will fail again."""

    code = "InvalidArgument"


class Unauthenticated(FootlightError):
    """Nobody, or nobody valid, is calling."""

    code = "AuthorizationFailed"


class Forbidden(FootlightError):
    """The caller is known but lacks the right."""

    code = "AccessDenied"


class NotFound(FootlightError):
    """The object does not exist, or the caller may not see it."""

    code = "ObjectNotFound"


class Conflict(FootlightError):
    """The object's state does not allow it."""

    code = "ConstraintViolation"


class LimitReached(FootlightError):
    """Too much, too fast. `retry_s` tells when to try again."""

    code = "LimitReached"

    def __init__(self, message: str, *, retry_s: int, **facts: str) -> None:
        super().__init__(message, **facts)
        self.retry_s = retry_s


class Unavailable(FootlightError):
    """A part that is needed does not answer now; the same call may pass later."""

    code = "CommunicationError"
