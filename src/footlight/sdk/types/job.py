"""A job, member for member as on the wire (PascalCase)."""

from __future__ import annotations

from typing import Literal, TypedDict


class NameValue(TypedDict):
    """A named string."""

    Name: str | None
    Value: str | None


JobStatus = Literal[
    "Unknown",
    "NotStarted",
    "InProgress",
    "Complete",
    "CompleteWithWarning",
    "Failed",
    "Canceled",
    "NonTerminatingError",
]


class CvadJob(TypedDict):
    """What `async=true` has begun. Times come twice: in US locale form and, under Formatted..., in RFC 3339."""

    Id: str
    Type: str
    OverallProgressPercent: int | None
    IsCancellable: bool | None
    Parameters: list[NameValue]
    SubJobs: list[CvadJob] | None
    Status: JobStatus
    ResultLocation: str | None
    ErrorString: str | None
    ErrorCode: str | None
    ErrorParameters: list[NameValue] | None
    CreationTime: str
    FormattedCreationTime: str
    StartTime: str | None
    FormattedStartTime: str | None
    EndTime: str | None
    FormattedEndTime: str | None


class CvadJobs(TypedDict):
    """The answer of Jobs."""

    Items: list[CvadJob]
    ContinuationToken: str | None
    TotalItems: int | None
