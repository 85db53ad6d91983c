"""Footlight's own objects, member for member as on the wire (camelCase). Times are RFC 3339."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class Launched(TypedDict):
    """A session that was started or taken up."""

    sessionId: str
    machine: str
    displayPath: str


class Ticket(TypedDict):
    """A one-time key of 60 s for a session's display."""

    ticket: str


class SessionView(TypedDict):
    """A session in our own words; readable for 24 h after its end."""

    id: str
    userName: str
    machineName: str
    resourceName: str
    state: str
    stateChangedAt: str | None
    startedAt: str | None
    endedAt: str | None
    recording: bool
    endReason: str | None
    exitCode: int | None


class Resource(TypedDict):
    """A published desktop or application."""

    id: str
    name: str
    kind: str


class Account(TypedDict):
    """A user or administrator of the site. `linuxName` is null until a managed account is made."""

    id: str
    name: str
    displayName: str | None
    administrator: bool
    linuxName: str | None


class NewPassword(TypedDict):
    """The password that now holds."""

    password: str


class Recording(TypedDict):
    """What was on a session's screen from start to stop."""

    id: str
    sessionId: str
    userName: str
    machineName: str
    startedAt: str | None
    endedAt: str | None
    state: Literal["recording", "completed", "failed"]
    sizeBytes: int
    durationMs: int
    segmentCount: int


class Verification(TypedDict, total=False):
    """What verifying a recording found. `verdict` is one of docs/format.md section 8."""

    verdict: str
    findings: list[dict[str, Any]]


class Job(TypedDict):
    """A long action. `progress` goes from 0 to 1; `resultPath` is set when it is done."""

    id: str
    state: Literal["running", "done", "failed"]
    progress: float
    error: str | None
    resultPath: str | None
