"""Footlight's own objects, member for member as on the wire (camelCase). Times are RFC 3339."""

from __future__ import annotations

from typing import Literal, TypedDict


class Launched(TypedDict):
    """A session that was started or taken up."""

    sessionId: str
    machine: str
    displayPath: str
    notes: list[str]


class Ticket(TypedDict):
    """A one-time key of 60 s for a session's display."""

    ticket: str
    expiresAt: str
    clipboard: Literal["off", "in", "out", "both"]
    files: Literal["off", "in", "out", "both"]
    viewerId: str


class AccessRules(TypedDict):
    """What viewers of a delivery group's sessions may do. `clipboard`, `files`: `in` is from the viewer into the
    session."""

    clipboard: Literal["off", "in", "out", "both"]
    askBeforeShadowing: bool
    files: Literal["off", "in", "out", "both"]


class SessionFile(TypedDict):
    """A file in a session's drop folder."""

    name: str
    sizeBytes: int
    modifiedAt: str


class StoredFile(TypedDict):
    """A file that has arrived in a session's drop folder. `sha256`: hex, of its bytes."""

    name: str
    sizeBytes: int
    sha256: str


class PlacementRules(TypedDict):
    """How many sessions a delivery group gives, in all and to one user (null: any number), and the zone whose machines
    take them before others, or alone if `zoneOnly`."""

    maxSessions: int | None
    maxSessionsPerUser: int | None
    zone: str | None
    zoneOnly: bool


class GroupPlacement(TypedDict):
    """A delivery group of a resource for a user; `reason` null: it gives the user sessions."""

    id: str
    name: str
    sessions: int
    userSessions: int
    rules: PlacementRules
    reason: str | None
    sentence: str | None


class MachinePlacement(TypedDict):
    """Whether a machine could take a session of the user now, and if not why. `rank`: 1 for the one that a launch
    would take."""

    id: str
    name: str
    deliveryGroup: str
    zone: str
    sessions: int
    loadIndex: int
    takes: bool
    rank: int | None
    reason: str | None
    sentence: str | None


class Placement(TypedDict):
    """What a launch would do now: take up `sessionId`, start a session on `machine`, or be refused for `reason`.
    `waiting`: launches that wait for a machine, of any resource; None for who does not read all sessions."""

    resource: str
    user: str
    sessionId: str | None
    machine: str | None
    reason: str | None
    sentence: str | None
    waiting: int | None
    groups: list[GroupPlacement]
    machines: list[MachinePlacement]


class Phase(TypedDict):
    """A phase of a session's launch, in ms since the end of the one before."""

    name: str
    ms: int


class Viewer(TypedDict):
    """Who has a session's display open. Bytes a second over the last seconds, to two digits."""

    id: str
    userName: str
    own: bool
    mode: Literal["interactive", "view"]
    address: str
    platform: str
    attachedAt: str
    toViewerBytesPerSecond: int
    fromViewerBytesPerSecond: int
    roundTripMs: int | None


class PolicyName(TypedDict):
    """A recording policy by id and name."""

    id: str
    name: str


class RecordingHealth(TypedDict):
    """How the recording of a session goes that should be recorded. `policy` null: it is recorded by call alone."""

    state: Literal["starting", "recording", "delayed", "failed", "refused"]
    since: str | None
    reason: str | None
    covered: bool
    policy: PolicyName | None


class SessionView(TypedDict):
    """A session in our own words; readable for 24 h after its end."""

    id: str
    userName: str
    machineName: str
    resourceName: str
    state: str
    stateChangedAt: str | None
    startedAt: str | None
    idleSince: str | None
    endedAt: str | None
    hidden: bool
    recording: bool
    recordingId: str | None
    endReason: str | None
    exitCode: int | None
    exitDetail: str | None
    launchPhases: list[Phase]
    viewers: list[Viewer]
    recordingHealth: RecordingHealth | None
    recordingSince: str | None
    watchedSince: str | None


class SessionRow(TypedDict):
    """A live session as a row of a list. `loggingOn`: it is not up yet; `idleSince`: the last key or movement, null
    while somebody is at work; `machineSilent`: nothing is heard from the machine, the row is as it was then."""

    id: str
    uid: int
    userName: str
    displayName: str
    accountId: str
    resourceName: str
    sessionType: str
    state: str
    loggingOn: bool
    stateChangedAt: str | None
    startedAt: str | None
    idleSince: str | None
    hidden: bool
    recording: bool
    recordingId: str | None
    machineId: str
    machineName: str
    machineSilent: bool
    catalogName: str | None
    groupName: str | None
    zoneName: str
    clientAddress: str | None
    clientName: str
    clientPlatform: str
    recordingHealth: Literal["starting", "recording", "delayed", "failed", "refused"] | None
    recordingProblem: str | None


class Output(TypedDict):
    """What a program printed at one time, without control characters but line feeds and tabs."""

    at: str | None
    stream: Literal["stdout", "stderr"]
    text: str


class Program(TypedDict):
    """A program that the site started in a session. `pid` null: it could not start; `exitCode` null: it runs, or
    `signal` says what killed it; `dropped`: characters before the first output that are not kept."""

    role: str
    command: list[str]
    pid: int | None
    startedAt: str | None
    endedAt: str | None
    exitCode: int | None
    signal: str | None
    dropped: int
    output: list[Output]


class SessionLogs(TypedDict):
    """The programs of a session, in the order of their start."""

    programs: list[Program]


class Resource(TypedDict):
    """A published desktop or application. `iconPath` null: it has no picture."""

    id: str
    name: str
    kind: str
    description: str | None
    iconPath: str | None


class Account(TypedDict):
    """A user or administrator of the site. `osAccount`: of the host, as which its sessions run by an administrator's
    word."""

    id: str
    name: str
    displayName: str
    administrator: bool
    canSignIn: bool
    source: Literal["site", "os", "oidc"]
    userName: str
    osAccount: str | None


class NewPassword(TypedDict):
    """Whose password was set, the one that now holds, and how many API clients of the account were revoked and can
    still sign in."""

    name: str
    password: str
    clientsRevoked: int
    clientsLeft: int


class ServiceAccount(TypedDict):
    """An API client that acts as an account. `name` "": of the site's first start; `expiresAt` null: never."""

    id: str
    name: str
    accountId: str
    accountName: str
    createdAt: str
    expiresAt: str | None
    expired: bool
    lastUsedAt: str | None
    oldSecretUntil: str | None


class ServiceAccountSecret(TypedDict):
    """What a program signs in with, told once."""

    clientId: str
    clientSecret: str
    serviceAccount: ServiceAccount


class Activity(TypedDict):
    """Changed pixels in spans of `seconds` from a recording's start."""

    seconds: int
    pixels: list[int]


class Marker(TypedDict):
    """What somebody said of a moment of a recording. `own`: the caller did."""

    id: str
    atMs: int
    kind: Literal["marker", "comment"]
    text: str
    author: str
    createdAt: str
    changedAt: str | None
    own: bool


class Markers(TypedDict):
    """All of a recording."""

    items: list[Marker]


class RecordingEvent(TypedDict):
    """What happened at `atMs` of recording time. Further members by `type` (docs/format.md section 5)."""

    type: str
    atMs: int


class Recording(TypedDict):
    """What was on a session's screen from start to stop. `live`: its recorder is at work now; `expiresAt`: when its
    retention class lets it go."""

    id: str
    sessionId: str
    userName: str
    machineName: str
    resourceName: str
    reason: str
    orderedBy: str
    startedAt: str | None
    endedAt: str | None
    state: Literal["recording", "completed", "failed"]
    live: bool
    sizeBytes: int
    durationMs: int
    segmentCount: int
    error: str | None
    retentionClass: str
    expiresAt: str | None
    held: bool
    activity: Activity | None


class Finding(TypedDict):
    """One thing that verifying found. `offset` counts bytes from the segment's start; null: about
    no place in particular, or about the recording as a whole."""

    segment: int | None
    offset: int | None
    reason: str


class DataKey(TypedDict):
    """What the sealed segments of a recording are decrypted with. `dataKey`: 32 bytes in base64, a secret;
    `wrappedKey`: the same for the site alone."""

    cipher: str
    dataKey: str
    wrappedKey: str


class Verification(TypedDict):
    """What verifying a recording found. `head`, `signer` and `siteKey` are hex; `siteKey` is null
    unless the signer is certified by that key."""

    status: Literal["verified", "unchanged-unknown-signer", "unfinished", "truncated", "damaged"]
    findings: list[Finding]
    segments: int
    sizeBytes: int
    recordingId: str | None
    head: str | None
    signer: str | None
    siteKey: str | None


class Job(TypedDict):
    """A long action. `progress` goes from 0 to 1; `resultPath` is set when it is done."""

    id: str
    kind: str
    objectId: str
    state: Literal["running", "done", "failed", "cancelled"]
    progress: float
    error: str | None
    resultPath: str | None
