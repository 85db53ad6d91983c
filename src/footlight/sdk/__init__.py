"""Python client of Footlight's API: `from footlight.sdk import Footlight`."""

from footlight.sdk.async_client import AsyncFootlight
from footlight.sdk.background import JobHandle
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
from footlight.sdk.pages import AsyncPager, Page, Pager

__all__ = [
    "AsyncFootlight",
    "AsyncPager",
    "BadAnswer",
    "BadRequest",
    "Conflict",
    "ConnectionFailed",
    "Footlight",
    "Forbidden",
    "JobFailed",
    "JobHandle",
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
