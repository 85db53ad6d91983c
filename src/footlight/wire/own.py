"""Shapes of our own API (/footlight/v1): camelCase, unknown members ignored. Times are RFC 3339."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class OwnModel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the camelCase models."""


class SignIn(OwnModel, frozen=True):
    """Name and password."""

    user: str
    password: str


class OidcWay(OwnModel, frozen=True):
    """Signing in at the OpenID Connect provider: what the button says, and where it leads."""

    label: str
    path: str


class SignInWays(OwnModel, frozen=True):
    """How one may sign in; `oidc` null: no provider is configured."""

    password: bool
    oidc: OidcWay | None


class SignedOut(OwnModel, frozen=True):
    """Where the browser logs off at the provider too."""

    end_session_url: str


class MeView(OwnModel, frozen=True):
    """Who is signed in. `permissions`: those that it has on some objects; `everywhere`: those of them that it has on
    all, as whatever belongs to no scope needs them."""

    account_id: str
    user_name: str
    display_name: str
    permissions: list[str]
    everywhere: list[str]


class ResourceView(OwnModel, frozen=True):
    """Something that the caller may launch. `iconPath`: where its picture is, a PNG of 48 by 48; null: it has none."""

    id: str
    name: str
    kind: str
    description: str | None = None
    icon_path: str | None = None


class ResourceList(OwnModel, frozen=True):
    """All of them."""

    items: list[ResourceView]


class NewLaunch(OwnModel, frozen=True):
    """What to launch, where and for whom. `waitSeconds`: how long to wait for a machine when none is free; null: as
    the site has it."""

    resource: str
    machine: str | None = None
    user: str | None = None
    new: bool = False
    wait_seconds: int | None = None


class LaunchedView(OwnModel, frozen=True):
    """The session to work in. `notes`: what will be missing in it, for people."""

    session_id: str
    machine: str
    display_path: str
    notes: list[str] = []


class NewTicket(OwnModel, frozen=True):
    """How the display shall be opened."""

    mode: Literal["interactive", "view"] = "interactive"


class TicketView(OwnModel, frozen=True):
    """A one-time ticket of 60 s. `clipboard` and `files`: which way text and files may go: off, in, out or both;
    `viewerId`: what the viewer that comes with it is called."""

    ticket: str
    expires_at: str
    clipboard: str
    files: str
    viewer_id: str


class AccessRulesView(OwnModel, frozen=True):
    """What viewers of a delivery group's sessions may do. `clipboard`: whether text may go in (from the viewer into
    the session), out, both ways, or not at all; `files`: the same of files of the drop folder; `askBeforeShadowing`:
    the user is asked first."""

    clipboard: Literal["off", "in", "out", "both"]
    ask_before_shadowing: bool
    files: Literal["off", "in", "out", "both"]


class AccessRulesChange(OwnModel, frozen=True):
    """What to change of them."""

    clipboard: Literal["off", "in", "out", "both"] | None = None
    ask_before_shadowing: bool | None = None
    files: Literal["off", "in", "out", "both"] | None = None


class PhaseView(OwnModel, frozen=True):
    """A phase of a session's launch, in ms since the end of the one before."""

    name: str
    ms: int


class ViewerView(OwnModel, frozen=True):
    """Who has a session's display open. Bytes a second over the last 10 s or so, to two digits; `roundTripMs`: between
    the site and the viewer, by pings of the WebSocket; null until one was answered."""

    id: str
    user_name: str
    own: bool
    mode: Literal["interactive", "view"]
    address: str
    platform: str
    attached_at: str
    to_viewer_bytes_per_second: int
    from_viewer_bytes_per_second: int
    round_trip_ms: int | None


class PolicyName(OwnModel, frozen=True):
    """A recording policy by id and name."""

    id: str
    name: str


class RecordingHealthView(OwnModel, frozen=True):
    """How the recording of a session goes that should be recorded: `recording`, `starting` for its first 2 s,
    `delayed` (wanted for longer, or a gap lasts), `failed`, `refused`. `covered`: the screen is covered meanwhile;
    `policy`: the one that decides, null if it is recorded by call alone."""

    state: Literal["starting", "recording", "delayed", "failed", "refused"]
    since: str | None
    reason: str | None
    covered: bool
    policy: PolicyName | None


class SessionView(OwnModel, frozen=True):
    """A session in our own words, for 24 h after its end too."""

    id: str
    user_name: str
    machine_name: str
    resource_name: str
    state: str
    state_changed_at: str | None
    started_at: str | None
    idle_since: str | None  # the last key or movement; null while somebody is at work
    ended_at: str | None
    hidden: bool
    recording: bool
    recording_id: str | None
    end_reason: str | None
    exit_code: int | None
    exit_detail: str | None
    launch_phases: list[PhaseView]
    viewers: list[ViewerView]  # all of them for who may shadow, else the user's own
    # of one that should be recorded; null for who may not know of that
    recording_health: RecordingHealthView | None = None
    recording_since: str | None = None  # of what `recording` tells
    watched_since: str | None = None  # somebody else than its user has the display open


class OutputView(OwnModel, frozen=True):
    """What a program printed at one time; control characters but line feeds and tabs are replaced."""

    at: str | None
    stream: Literal["stdout", "stderr"]
    text: str


class ProgramView(OwnModel, frozen=True):
    """A program that the site started in a session, with the output of what it started itself. `role`: `program`
    (the published one), `wm`, `x`, `bus`, `extra0`, `run`; `pid` null: it could not start; `exitCode` null: it
    runs, or `signal` says what killed it; `dropped`: characters before the first output that are not kept."""

    role: str
    command: list[str]
    pid: int | None
    started_at: str | None
    ended_at: str | None
    exit_code: int | None
    signal: str | None
    dropped: int
    output: list[OutputView]


class SessionLogs(OwnModel, frozen=True):
    """The programs of a session, in the order of their start; none where the host keeps nothing."""

    programs: list[ProgramView]


class FileView(OwnModel, frozen=True):
    """A file in a session's drop folder."""

    name: str
    size_bytes: int
    modified_at: str


class FilePage(OwnModel, frozen=True):
    """A page of files by name, of the first 10,000 names of the folder. `allowed`: which way files may go: in, out or
    both; `limitBytes`: of a file that goes in."""

    items: list[FileView]
    continuation_token: str | None
    allowed: str
    limit_bytes: int


class FileStored(OwnModel, frozen=True):
    """A file that has arrived. `sha256`: hex, of its bytes."""

    name: str
    size_bytes: int
    sha256: str


class SessionPage(OwnModel, frozen=True):
    """A page of sessions, newest first."""

    items: list[SessionView]
    continuation_token: str | None


class SessionLimits(OwnModel, frozen=True):
    """How long a delivery group's sessions may be without key or mouse (then they are disconnected), be disconnected
    and last since their log-on (then they are logged off), 60 seconds at least; null: without limit. A message on
    the screen comes `warningSeconds` before; 0: none."""

    idle_seconds: int | None = None
    disconnected_seconds: int | None = None
    total_seconds: int | None = None
    warning_seconds: int = 300


class PlacementRules(OwnModel, frozen=True):
    """How many sessions a delivery group gives, in all and to one user (null: any number), and the zone (name or id)
    whose machines take them before others, or alone if `zoneOnly`."""

    max_sessions: int | None = None
    max_sessions_per_user: int | None = None
    zone: str | None = None
    zone_only: bool = False


class GroupPlacement(OwnModel, frozen=True):
    """A delivery group of a resource for a user. `userSessions`: the user's live ones of this group; `reason`: why
    it gives the user nothing, as a word and a sentence; null: it does."""

    id: str
    name: str
    sessions: int
    user_sessions: int
    rules: PlacementRules
    reason: str | None
    sentence: str | None


class MachinePlacement(OwnModel, frozen=True):
    """Whether a machine could take a session of the user now, and if not why: a word and a sentence. `loadIndex`: 0
    to 10000, of what its host said last and the sessions that it has now; `rank`: 1 for the one that a launch would
    take, null where it cannot."""

    id: str
    name: str
    delivery_group: str
    zone: str
    sessions: int
    load_index: int
    takes: bool
    rank: int | None
    reason: str | None
    sentence: str | None


class Placement(OwnModel, frozen=True):
    """What a launch of a resource for a user would do now: take up `sessionId`, or start a session on `machine`, or
    be refused for `reason`. `waiting`: launches that wait on this server for a machine, of any resource; null for who
    does not read all sessions. Of groups that the caller does not wholly see nothing counts."""

    resource: str
    user: str
    session_id: str | None
    machine: str | None
    reason: str | None
    sentence: str | None
    waiting: int | None
    groups: list[GroupPlacement]
    machines: list[MachinePlacement]


class AccountView(OwnModel, frozen=True):
    """An account. `source`: site, os (of a host's operating system) or oidc (of the OpenID Connect provider)."""

    id: str
    name: str
    display_name: str
    administrator: bool
    can_sign_in: bool
    source: str
    user_name: str = ""  # DOMAIN\\name
    os_account: str | None = (
        None  # of the host, as which its sessions run by an administrator's word
    )


class OsAccount(OwnModel, frozen=True):
    """An account of the host's operating system, by its name there."""

    name: str


class VisitsView(OwnModel, frozen=True):
    """Whether anything is offered to people without an account."""

    offered: bool


class NewVisit(OwnModel, frozen=True):
    """A visit to begin; `resource`, if named, is what it is for: refused where that is not offered."""

    resource: str | None = None


class VisitView(OwnModel, frozen=True):
    """A visitor's account, for one session, and its token."""

    account_id: str
    user_name: str
    display_name: str
    permissions: list[str]
    token: str
    expires_at: str


class AccountList(OwnModel, frozen=True):
    """All accounts."""

    items: list[AccountView]


class NewAccount(OwnModel, frozen=True):
    """An account to make; without a password it cannot sign in."""

    name: str
    password: str | None = None
    display_name: str | None = None
    administrator: bool = False


class NewPassword(OwnModel, frozen=True):
    """A password to set; one is made up if absent. `revokeClients`: no secret of the account's API clients is good
    any more either."""

    password: str | None = None
    revoke_clients: bool = False


class PasswordSet(OwnModel, frozen=True):
    """The password that an account has now, how many of its API clients were revoked, and how many can still sign
    in."""

    name: str
    password: str
    clients_revoked: int = 0
    clients_left: int = 0


class NewServiceAccount(OwnModel, frozen=True):
    """A service account to make. `account`: the account that it acts as, by name or id, else the caller's;
    `expiresAt`: in 90 days if absent, at most 730 days ahead."""

    name: str
    account: str | None = None
    expires_at: str | None = None


class Rotation(OwnModel, frozen=True):
    """How a secret is changed: how long the one before stays good, at most seven days, and when the service account
    expires, if that changes."""

    old_valid_seconds: int = 0
    expires_at: str | None = None


class ServiceAccountView(OwnModel, frozen=True):
    """An API client. `name` "": the one that the site's first start made; `expiresAt` null: never; `lastUsedAt` to a
    minute; `oldSecretUntil` null: one secret is good."""

    id: str
    name: str
    account_id: str
    account_name: str
    created_at: str
    expires_at: str | None
    expired: bool
    last_used_at: str | None
    old_secret_until: str | None


class ServiceAccountList(OwnModel, frozen=True):
    """All of them, the oldest first."""

    items: list[ServiceAccountView]


class ServiceAccountSecret(OwnModel, frozen=True):
    """What a program signs in with; the secret is told this once."""

    client_id: str
    client_secret: str
    service_account: ServiceAccountView


class JobBegun(OwnModel, frozen=True):
    """The job that does the work."""

    job_id: str


class JobView(OwnModel, frozen=True):
    """A job: `state` running, done, failed or cancelled; `progress` 0 to 1."""

    id: str
    kind: str
    object_id: str
    state: str
    progress: float
    error: str | None
    result_path: str | None


class ActivityView(OwnModel, frozen=True):
    """How much changed when: changed pixels in spans of `seconds`, from the recording's start, as far as it is
    indexed."""

    seconds: int
    pixels: list[int]


class RecordingView(OwnModel, frozen=True):
    """A recording as listed. `state`: recording, completed or failed; `live`: its recorder is at work now;
    `expiresAt`: when its retention class lets it go, null: never, or not ended; `held`: by a legal hold, so that it
    stays; `activity` null: nothing is indexed yet."""

    id: str
    session_id: str
    user_name: str
    machine_name: str
    resource_name: str
    reason: str
    ordered_by: str
    started_at: str | None
    ended_at: str | None
    state: str
    live: bool
    size_bytes: int
    duration_ms: int
    segment_count: int
    error: str | None
    retention_class: str
    expires_at: str | None
    held: bool
    activity: ActivityView | None


class RecordingPage(OwnModel, frozen=True):
    """A page of recordings, newest first unless sorted."""

    items: list[RecordingView]
    continuation_token: str | None


class AuditAct(OwnModel, frozen=True):
    """What was done, by whom, from where. `changes`: members of the object, before and after; `transactionId`: of
    the request, as its answer told it."""

    id: str
    at_ms: int
    account_id: str
    user_name: str
    address: str
    kind: str
    text: str
    target_type: str
    object_id: str
    object_name: str
    parameters: dict[str, str]
    changes: dict[str, tuple[Any, Any]]
    succeeded: bool
    transaction_id: str = ""


class AuditEntry(OwnModel, frozen=True):
    """An entry with its place in the chain: `hash` is the SHA-256 of `previousHash`, a line feed, and the bytes of
    `entry` as they stand here."""

    seq: int
    previous_hash: str
    hash: str
    entry: AuditAct


class AuditPage(OwnModel, frozen=True):
    """A page of audit entries."""

    items: list[AuditEntry]
    continuation_token: str | None


class NewWebhook(OwnModel, frozen=True):
    """A webhook to make: an https URL, and the kinds of changes that it is told; without any all of them."""

    url: str
    events: list[str] = []
    description: str = ""
    enabled: bool = True


class WebhookChange(OwnModel, frozen=True):
    """What to change of a webhook. Enabled again it goes on where it was."""

    url: str | None = None
    events: list[str] | None = None
    description: str | None = None
    enabled: bool | None = None


class WebhookView(OwnModel, frozen=True):
    """A webhook. `events` empty: all kinds; `accountId`: who made it, and what that account sees is told;
    `stoppedReason`: why the site itself disabled it; `failures`: attempts in a row, since `failingSince`."""

    id: str
    url: str
    description: str
    events: list[str]
    enabled: bool
    stopped_reason: str | None
    account_id: str
    created_at: str
    failures: int
    failing_since: str | None
    next_attempt_at: str | None
    delivered_at: str | None
    previous_secret_until: str | None


class WebhookMade(WebhookView, frozen=True):
    """A new webhook, with its secret, which is not shown again."""

    secret: str


class WebhookList(OwnModel, frozen=True):
    """All webhooks that the caller sees."""

    items: list[WebhookView]


class NewSecret(OwnModel, frozen=True):
    """For how many hours the secret before signs too."""

    overlap_hours: int = 24


class SecretSet(OwnModel, frozen=True):
    """The secret that a webhook has now, which is not shown again."""

    secret: str
    previous_secret_until: str | None


class DeliveryView(OwnModel, frozen=True):
    """A delivery and its last attempt. `status`: of the receiver's answer, null: none came; `error`: why it failed."""

    id: str
    event: str
    seq: int
    object_id: str
    attempts: int
    delivered: bool
    status: int | None
    error: str | None
    at: str
    took_ms: int


class DeliveryList(OwnModel, frozen=True):
    """The newest deliveries of a webhook, the newest first."""

    items: list[DeliveryView]


class SpoolView(OwnModel, frozen=True):
    """What a session host still holds of recordings. `registered` false: it is silent, and said this last.
    `uploadsFailSince`: no upload has worked since, of the reason `failure`; `full`: why recordings pause; `text`: all
    of it for people."""

    machine_id: str
    machine_name: str
    registered: bool
    size_bytes: int
    limit_bytes: int
    oldest_at: str | None
    uploads_fail_since: str | None
    failure: str | None
    full: str | None
    text: str


class SpoolList(OwnModel, frozen=True):
    """The spools of all session hosts that the caller sees."""

    items: list[SpoolView]


class NewEnrolment(OwnModel, frozen=True):
    """A code to make, for one host. `minutes`: how long it may be used; `zone`, `catalog`, `deliveryGroup`: where the
    machine shall be (names or ids; null: as machines that come by themselves); `machine`: one to enrol again."""

    minutes: int = 60
    description: str = ""
    zone: str | None = None
    catalog: str | None = None
    delivery_group: str | None = None
    machine: str | None = None


class EnrolmentView(OwnModel, frozen=True):
    """An enrolment code, without its secret."""

    id: str
    description: str
    status: Literal["open", "used", "expired", "revoked"]
    created_at: str
    created_by: str
    expires_at: str
    zone_id: str | None
    catalog_id: str | None
    delivery_group_id: str | None
    machine_id: str | None
    used_at: str | None
    used_machine_id: str | None


class EnrolmentMade(EnrolmentView, frozen=True):
    """A new code, which is not shown again, and the command to run on the host. `warning`: what keeps hosts on other
    machines from coming, as far as the site knows; null: nothing."""

    code: str
    command: str
    warning: str | None


class EnrolmentList(OwnModel, frozen=True):
    """The codes that the caller sees, the newest first."""

    items: list[EnrolmentView]


class HostView(OwnModel, frozen=True):
    """An enrolled host; `id` is its machine's. `signingKey`: what signs its recordings, Ed25519 in hex; `rotating`:
    it has been asked for new keys and has none yet; `expiresAt`: of its credentials, which it renews by itself."""

    id: str
    name: str
    status: Literal["enrolled", "revoked"]
    registered: bool
    last_seen_at: str | None
    agent_version: str
    as_root: bool
    address: str
    signing_key: str
    enrolled_at: str
    enrolled_by: str
    issued_at: str
    expires_at: str
    rotating: bool
    revoked_at: str | None
    revoked_by: str | None


class HostList(OwnModel, frozen=True):
    """The enrolled hosts that the caller sees."""

    items: list[HostView]
