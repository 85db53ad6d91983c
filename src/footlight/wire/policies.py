"""Shapes of recording policies (/footlight/v1/recording-policies). Times are RFC 3339."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from footlight.wire.own import OwnModel, PolicyName

Record = Literal["screen", "events", "no"]
IfLost = Literal["go-on", "cover", "end"]
Verdict = Literal["decides", "disabled", "no-match", "outranked"]
Health = Literal["starting", "recording", "delayed", "failed", "refused"]


class PolicyTimes(OwnModel, frozen=True):
    """A part of the week. `days`: English names of days, none: each day; `start` to before `end`: HH:MM, `end` up to
    24:00, at or before `start` it is of the next day; `timeZone`: IANA name, Windows id, offset or UTC."""

    days: list[str] = field(default_factory=list)
    start: str = "00:00"
    end: str = "24:00"
    time_zone: str = "UTC"


class PolicyConditions(OwnModel, frozen=True):
    """Whose sessions a policy is about: all lists that are not empty must hold one that fits. `users`: names and SIDs
    of users and groups, as delivery groups take them; `deliveryGroups`, `resources`, `machines`, `tags`: names or ids,
    a tag may be on the machine, its catalog, its delivery group or the application; `clientAddresses`: addresses and
    networks (192.0.2.0/24)."""

    users: list[str] = field(default_factory=list)
    delivery_groups: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    machines: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    client_addresses: list[str] = field(default_factory=list)
    times: list[PolicyTimes] = field(default_factory=list)


class PolicyOutcome(OwnModel, frozen=True):
    """What a policy wants of the sessions that it decides on. `notify`: the user is told; `preRollSeconds`: so much of
    the time before is in a recording's start, and kept in memory until then, also where `record` is `no`;
    `rollOverBytes`, `rollOverSeconds`: where a recording goes on as a new one; `ifLost`: what becomes of a session
    that cannot be recorded; `bytesPerSecond`: sustained budget of stored bytes; `arguments`: those of programs are
    in the events, not their names alone; `stopAllowed`: `$stopRecording` may
    stop it."""

    record: Record
    notify: bool = True
    pre_roll_seconds: int = 0
    roll_over_bytes: int | None = None
    roll_over_seconds: int | None = None
    if_lost: IfLost = "go-on"
    bytes_per_second: int | None = None
    clipboard_text: bool = False
    arguments: bool = True
    retention_class: str | None = None
    stop_allowed: bool = False


class NewPolicy(OwnModel, frozen=True):
    """A policy to make. `position`: its place in the order from 1 on; null: the last."""

    name: str
    then: PolicyOutcome
    description: str = ""
    enabled: bool = True
    position: int | None = None
    conditions: PolicyConditions = PolicyConditions()


class PolicyChange(OwnModel, frozen=True):
    """What to change of a policy; `conditions` and `then` are replaced as a whole."""

    name: str | None = None
    description: str | None = None
    enabled: bool | None = None
    position: int | None = None
    conditions: PolicyConditions | None = None
    then: PolicyOutcome | None = None


class PolicyView(OwnModel, frozen=True):
    """A policy. Objects in `conditions` are shown by name, or by id where they are gone or share their name."""

    id: str
    position: int
    name: str
    description: str
    enabled: bool
    conditions: PolicyConditions
    then: PolicyOutcome
    created_at: str
    changed_at: str


class PolicyList(OwnModel, frozen=True):
    """All policies, in their order: the first enabled one that fits decides."""

    items: list[PolicyView]


class PolicyOrder(OwnModel, frozen=True):
    """The ids of all policies in the order that they shall have."""

    ids: list[str]


class GivenFacts(OwnModel, frozen=True):
    """A session that there need not be. `user`: of the site or one's own name; `groups`: further groups of the user;
    `at`: the moment, null for now. What is null fits no condition about it."""

    user: str | None = None
    groups: list[str] = field(default_factory=list)
    delivery_group: str | None = None
    resource: str | None = None
    machine: str | None = None
    tags: list[str] = field(default_factory=list)
    client_address: str | None = None
    at: str | None = None


class PolicyQuestion(OwnModel, frozen=True):
    """What would be decided for a session that runs, or for facts: one of the two."""

    session_id: str | None = None
    facts: GivenFacts | None = None


class JudgementView(OwnModel, frozen=True):
    """What came of one policy. `verdict`: `decides`, `disabled`, `no-match`, or `outranked`: it would fit, but an
    earlier one decides; `missed`: the conditions that do not hold; `sentence`: the same for people."""

    id: str
    name: str
    position: int
    verdict: Verdict
    missed: list[str]
    sentence: str


class RecordingReason(OwnModel, frozen=True):
    """Why a recording is wanted: `policy`, by `name`, or `on-demand`, by `orderedBy`."""

    kind: Literal["policy", "on-demand"]
    name: str | None = None
    id: str | None = None
    ordered_by: str | None = None


class DecisionView(OwnModel, frozen=True):
    """What policies decide for a session, and why. `policy` null: none fits, so that it is not recorded; `then` is
    what the deciding one wants; `reasons`: why it is being recorded now, calls of `$startRecording` included (of
    facts: none); `stopped`: the deciding policy's recording was stopped by `$stopRecording`, which it allows."""

    session_id: str | None
    at: str
    policy: PolicyName | None
    then: PolicyOutcome | None
    sentence: str
    reasons: list[RecordingReason]
    stopped: bool
    policies: list[JudgementView]


class ResourceForecast(OwnModel, frozen=True):
    """How much recordings of a resource came to. `bytesPerHour` null: too little was recorded to say."""

    resource_name: str
    bytes_per_hour: int | None
    hours: float
    recordings: int


class PolicyForecast(OwnModel, frozen=True):
    """What a policy's recordings come to: for the sessions that it decides on now, in an hour."""

    id: str
    name: str
    sessions: int
    bytes_per_hour: int | None


class ForecastView(OwnModel, frozen=True):
    """How much recordings take, from those that ended within `days`: on how many hours and recordings that rests."""

    days: int
    bytes_per_hour: int | None
    hours: float
    recordings: int
    resources: list[ResourceForecast]
    policies: list[PolicyForecast]
