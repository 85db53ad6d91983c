"""Python client of Footlight's API: `from footlight.sdk import Footlight`."""

from footlight.sdk.client import Footlight
from footlight.sdk.errors import (
    BadAnswer,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    JobFailed,
    NotFound,
    SdkError,
    ServerFault,
    StatusError,
    TimedOut,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from footlight.sdk.pages import Page, Pager

__all__ = [
    "BadAnswer",
    "BadRequest",
    "Conflict",
    "ConnectionFailed",
    "Footlight",
    "Forbidden",
    "JobFailed",
    "NotFound",
    "Page",
    "Pager",
    "SdkError",
    "ServerFault",
    "StatusError",
    "TimedOut",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
]
