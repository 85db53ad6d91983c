"""Every table. Times are milliseconds since 1970 UTC; ids are GUID strings; `uid` is the wire's legacy integer."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from footlight.store import schema_keeping as schema_keeping
from footlight.store import schema_markers, schema_policies
from footlight.store.metadata import metadata as metadata

recording_policies = schema_policies.recording_policies
recording_reasons = schema_policies.recording_reasons
recording_reviews = schema_policies.recording_reviews
recording_markers = schema_markers.recording_markers

# SQLite counts rows up only for INTEGER keys; PostgreSQL gets a 64-bit identity.
_Counter = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[str]:
    return Column("id", String(36), primary_key=True)


site = Table(
    "site",
    metadata,
    _id(),
    Column("name", String(64), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("token_key", LargeBinary, nullable=False),
    Column("local_token_id", String(36)),  # the one token that run/site.json holds
    Column("pieces_shape", String(64)),  # what session_pieces were rendered by
    Column("created_at_ms", BigInteger, nullable=False),
    Column("log_begins_ms", BigInteger, nullable=False, server_default=text("0")),  # ConfigLog's
    Column("log_locale", String(16), nullable=False, server_default="en-US"),
    Column("settings", Text, nullable=False, server_default="{}"),  # JSON: those that were set
    Column("test_report", Text),  # JSON, of the last test; null: never tested
    # What every server of the site has the other half of; null: no server has started yet.
    Column("public_key", String(64)),  # hex of the Ed25519 key that signs certificates
    Column("ca_fingerprint", String(64)),  # hex SHA-256 of the X.509 authority
    Column("recording_key_id", String(36)),  # of the key that wraps the data keys of recordings
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("name", String(128), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),  # access/accounts.py key_of
    Column("display_name", String(128), nullable=False),
    Column("password_hash", Text),  # null: cannot sign in
    Column("enabled", Boolean, nullable=False),
    Column("tokens_after_ms", BigInteger, nullable=False, server_default=text("0")),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("source", String(8), nullable=False, server_default="site"),  # site, os, oidc
    Column("external_id", String(512)),  # what the source knows it by; null: an account of the site
    Column("is_group", Boolean, nullable=False, server_default=false()),  # of a source, with rights
    Column("os_name", String(64)),  # of the host, as which its sessions run; null: one of their own
)
Index("ix_accounts_source_external_id", accounts.c.source, accounts.c.external_id, unique=True)

account_groups = Table(  # as the account's source told them at the last sign-in
    "account_groups",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id"), primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("name", String(128), primary_key=True),
)
Index("ix_account_groups_source_name", account_groups.c.source, account_groups.c.name)

oidc_sign_ins = Table(  # under way at the provider; each is taken once (access/oidc_states.py)
    "oidc_sign_ins",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),  # of a cookie: who began ends
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)

oidc_sessions = Table(  # what a log-off shows to the provider
    "oidc_sessions",
    metadata,
    Column("sign_in_id", String(36), primary_key=True),
    Column("id_token", Text, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)

clients = Table(  # API clients of the cloud sign-in; those with a name are service accounts
    "clients",
    metadata,
    _id(),
    Column("secret_hash", Text, nullable=False),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("name", String(64), nullable=False, server_default=""),
    Column("expires_at_ms", BigInteger),  # null: never
    Column("last_used_at_ms", BigInteger),
    # the secret before the last change, good until then
    Column("previous_secret_hash", Text),
    Column("previous_until_ms", BigInteger),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", String(36), primary_key=True),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)

zones = Table(
    "zones",
    metadata,
    _id(),
    Column("name", String(64), nullable=False, unique=True),
    Column("is_primary", Boolean, nullable=False),
    Column("description", Text),
    Column("metadata", Text, nullable=False, server_default="{}"),  # JSON object of strings
)

folders = Table(  # one tree for applications, catalogs and groups
    "folders",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("parent_id", String(36), ForeignKey("folders.id")),  # null: at the top
    Column("name", String(64), nullable=False),
    Column("path", Text, nullable=False, unique=True),  # A|B|Name
    Column("metadata", Text, nullable=False, server_default="{}"),  # JSON object of strings
)

catalogs = Table(
    "catalogs",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("zone_id", String(36), ForeignKey("zones.id"), nullable=False),
    Column("description", Text),
    Column("session_support", String(16), nullable=False, server_default="MultiSession"),
    Column("allocation_type", String(16), nullable=False, server_default="Random"),
    Column("machine_type", String(16), nullable=False, server_default="Physical"),
    Column("persist_changes", String(16), nullable=False, server_default="OnLocal"),
    Column("minimum_functional_level", String(16), nullable=False, server_default="L7_20"),
    Column("is_remote_pc", Boolean, nullable=False, server_default=false()),
    Column("is_sample", Boolean, nullable=False, server_default=false()),  # of the founding
    Column("folder_id", String(36), ForeignKey("folders.id")),
    Column("metadata", Text, nullable=False, server_default="{}"),
)

delivery_groups = Table(
    "delivery_groups",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("description", Text),
    Column("published_name", String(128)),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("in_maintenance", Boolean, nullable=False, server_default=false()),
    Column("session_support", String(16), nullable=False, server_default="MultiSession"),
    Column("sharing_kind", String(16), nullable=False, server_default="Shared"),
    Column("delivery_type", String(24), nullable=False, server_default="DesktopsAndApps"),
    Column("minimum_functional_level", String(16), nullable=False, server_default="L7_20"),
    Column("is_sample", Boolean, nullable=False, server_default=false()),  # of the founding
    Column("folder_id", String(36), ForeignKey("folders.id")),
    Column("settings", Text, nullable=False, server_default="{}"),  # JSON: members kept as given
    Column("metadata", Text, nullable=False, server_default="{}"),
)

icons = Table(
    "icons",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),  # the id on the wire
    Column("raw", LargeBinary, nullable=False),
    Column("format", String(64), nullable=False),
    Column("is_built_in", Boolean, nullable=False, server_default=false()),
)

resources = Table(  # published desktops and applications
    "resources",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, index=True),  # of the administrators
    Column("published_name", String(64), nullable=False),  # what users see
    Column("kind", String(16), nullable=False),  # Desktop, Application
    Column("command", Text, nullable=False),  # JSON list; [] for the desktop itself
    Column("working_dir", Text),
    Column("enabled", Boolean, nullable=False),
    Column("visible", Boolean, nullable=False, server_default=true()),
    Column("description", Text),
    Column("browser_name", String(64)),
    Column("folder_id", String(36), ForeignKey("folders.id")),
    Column("icon_uid", BigInteger, ForeignKey("icons.uid")),
    Column("max_total_instances", Integer, nullable=False, server_default=text("0")),
    Column("max_per_user_instances", Integer, nullable=False, server_default=text("0")),
    Column("settings", Text, nullable=False, server_default="{}"),  # JSON: members kept as given
)

resource_groups = Table(  # which groups give a resource; a desktop has one
    "resource_groups",
    metadata,
    Column("resource_id", String(36), ForeignKey("resources.id"), primary_key=True),
    Column("delivery_group_id", String(36), ForeignKey("delivery_groups.id"), primary_key=True),
    Column("priority", Integer, nullable=False, server_default=text("0")),
)
Index("ix_resource_groups_delivery_group_id", resource_groups.c.delivery_group_id)

entitlements = Table(  # who may use a group, a resource or an assigned machine
    "entitlements",
    metadata,
    Column("object_id", String(36), primary_key=True),
    Column("principal", String(128), primary_key=True),  # DOMAIN\\name or SID, as found
    Column("excluded", Boolean, primary_key=True),
)

entitlement_rules = Table(  # whether those lists count; without a row everybody may
    "entitlement_rules",
    metadata,
    Column("object_id", String(36), primary_key=True),
    Column("included_only", Boolean, nullable=False, server_default=false()),
    Column("use_excluded", Boolean, nullable=False, server_default=false()),
    Column("allow_anonymous", Boolean, nullable=False, server_default=false()),
)

machines = Table(
    "machines",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(128), nullable=False, unique=True),  # DOMAIN\HOST
    Column("dns_name", String(255), nullable=False),
    Column("ip_address", String(45)),
    Column("os_type", String(64), nullable=False),
    Column("os_version", String(64), nullable=False),
    Column("agent_version", String(64), nullable=False),
    Column("as_root", Boolean, nullable=False),
    Column("agent_public_key", String(64), nullable=False),
    # null: not configured yet, or taken out again
    Column("catalog_id", String(36), ForeignKey("catalogs.id"), index=True),
    Column("delivery_group_id", String(36), ForeignKey("delivery_groups.id"), index=True),
    Column("zone_id", String(36), ForeignKey("zones.id"), nullable=False),
    Column("in_maintenance", Boolean, nullable=False, server_default=false()),
    Column("published_name", String(128)),
    Column("description", Text),
    Column("simulated", Boolean, nullable=False, server_default=false()),
    Column("settings", Text, nullable=False, server_default="{}"),  # JSON: members kept as given
    Column("metadata", Text, nullable=False, server_default="{}"),
    Column("last_deregistered_ms", BigInteger),
    Column("last_deregistration_reason", String(48)),
    Column("registered", Boolean, nullable=False),
    Column("last_seen_ms", BigInteger, nullable=False),
    Column("boot_id", String(36)),
    Column("sequence", BigInteger, nullable=False, server_default=text("0")),
    # as its host reported, 0 to 10,000 (broker/load.py); null: nothing yet
    Column("load_index", Integer),
    Column("load_cpu", Integer),
    Column("load_memory", Integer),
    Column("load_sessions", Integer),
    Column("load_at_ms", BigInteger),
    Column("spool", Text),  # JSON: wire.host.SpoolFacts as last written; null: nothing yet
    # kept true by the database itself (migration 0008)
    Column("live_sessions", Integer, nullable=False, server_default=text("0")),
    Column("figures", Text),  # wire.host.HostFigures as JSON, as its host last told them
    Column("figures_at_ms", BigInteger),
)

sessions = Table(
    "sessions",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    # whose, where, what
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False),
    Column("user_name", String(128), nullable=False),  # DOMAIN\name
    Column("user_display_name", String(128), nullable=False),
    Column("machine_id", String(36), ForeignKey("machines.id"), nullable=False),
    Column("resource_id", String(36), nullable=False),
    Column("resource_name", String(64), nullable=False),
    Column("session_type", String(16), nullable=False),
    Column("launch", Text, nullable=False),  # wire.host.Launch as JSON
    # brokering
    Column("brokered_at_ms", BigInteger, nullable=False),
    Column("brokering_ms", Integer),
    Column("brokered_by", String(128), nullable=False),
    # wanted
    Column("generation", BigInteger, nullable=False),
    Column("wanted", String(8), nullable=False),  # run, end
    Column("wanted_end_reason", Text),
    Column("wanted_disconnects", Integer, nullable=False, server_default=text("0")),
    Column("wanted_recording_id", String(36)),
    Column("is_hidden", Boolean, nullable=False, server_default=false()),  # not to be taken up
    # actual, as reported
    Column("reported_generation", BigInteger, nullable=False, server_default=text("0")),
    Column("phase", String(16), nullable=False),  # ordered, starting, running, ending, ended
    Column("disconnects", Integer, nullable=False, server_default=text("0")),
    Column("display", String(16)),
    Column("linux_user", String(32)),
    Column("linux_uid", BigInteger),
    Column("started_at_ms", BigInteger),
    Column("established_at_ms", BigInteger),
    Column("state", String(16), nullable=False),
    Column("state_changed_at_ms", BigInteger, nullable=False),
    Column("app_state", String(16), nullable=False),
    Column("app_state_changed_at_ms", BigInteger, nullable=False),
    Column("recording_live", Boolean, nullable=False, server_default=false()),
    Column("ended_at_ms", BigInteger),
    Column("end_reason", Text),
    Column("exit_code", Integer),
    Column("exit_detail", Text),
    # the client last seen on it (before any viewer: the launching request)
    Column("client_address", String(45)),
    Column("client_name", String(128), nullable=False, server_default=""),
    Column("client_platform", String(32), nullable=False, server_default="Unknown"),
    Column("client_version", String(64)),
    Column("connected_via_ip", String(45)),
    Column("launch_client_ip", String(45)),  # where the launching request came from
    Column("launched_via_ip", String(45)),  # the address of the server that took it
    Column("launched_via_host", String(255)),
    Column("wanted_manager_restarts", Integer, nullable=False, server_default=text("0")),
    Column("manager_restarts", Integer, nullable=False, server_default=text("0")),
    Column("idle_since_ms", BigInteger),  # null: somebody is at work, or nothing is known
    Column("limit_warned_ms", BigInteger),  # the moment of a limit of which the user was warned
    Column("launch_moments", Text),  # JSON: when each phase on the host was through
    Column("first_picture_ms", BigInteger),
    Column("viewers", Text),  # JSON: who has the display open, and over what line; null for nobody
    Column("logon", String(8)),  # what PAM opened it with: password, none; null: no PAM
    Column("is_anonymous", Boolean, nullable=False, server_default=false()),
    # of the request that wanted the last of what is wanted: its transaction, its traceparent
    Column("wanted_transaction", String(128)),
    Column("wanted_trace", String(64)),
    Column("wanted_pre_roll_s", Integer, nullable=False, server_default=text("0")),
    Column("events_recording_id", String(36)),  # the wanted recording, if it holds no screen
    # where its user last asked for it from, if no viewer has come from there yet
    Column("asked_from", String(45)),
    sqlite_autoincrement=True,  # a uid is never used twice: page tokens hold it
)
Index(
    "ix_sessions_live",
    sessions.c.uid,
    sqlite_where=sessions.c.ended_at_ms.is_(None),
    postgresql_where=sessions.c.ended_at_ms.is_(None),
)
_UNANSWERED = text("ended_at_ms IS NULL AND generation > reported_generation")
Index(  # what hosts have not acted on: the broker asks for it each second
    "ix_sessions_unanswered",
    sessions.c.uid,
    sqlite_where=_UNANSWERED,
    postgresql_where=_UNANSWERED,
)
Index("ix_sessions_machine_id_ended_at_ms", sessions.c.machine_id, sessions.c.ended_at_ms)
Index(  # what a resource's limits count
    "ix_sessions_resource_id_live",
    sessions.c.resource_id,
    sessions.c.account_id,
    sqlite_where=sessions.c.ended_at_ms.is_(None),
    postgresql_where=sessions.c.ended_at_ms.is_(None),
)
Index("ix_sessions_account_id_ended_at_ms", sessions.c.account_id, sessions.c.ended_at_ms)

# Of live sessions: what lists and searches read. The database itself keeps both true to `sessions`, by triggers
# (migration 0004), whoever writes there: nobody else inserts or deletes here.
_Sorted = String().with_variant(String(collation="C"), "postgresql")  # by code point

session_pieces = Table(  # a session's own half of its JSON
    "session_pieces",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=False),
    Column("machine_uid", _Counter, nullable=False),
    Column("piece", LargeBinary),  # null: its facts have changed since it was rendered
)
Index(
    "ix_session_pieces_unrendered",
    session_pieces.c.uid,
    sqlite_where=session_pieces.c.piece.is_(None),
    postgresql_where=session_pieces.c.piece.is_(None),
)

# Narrow, so that all of them are looked through soon; text is folded (text.py).
session_keys = Table(
    "session_keys",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=False),
    Column("machine_uid", _Counter, nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("state", String(16), nullable=False),  # as on the wire
    Column("app_state", String(16), nullable=False),
    Column("state_changed_at_ms", BigInteger, nullable=False),
    Column("started_at_ms", BigInteger),
    Column("user_name", _Sorted, nullable=False),
    Column("user_display_name", _Sorted, nullable=False),
    Column("resource_name", _Sorted, nullable=False),
    Column("application", _Sorted),  # in use, as AppState says: the resource's name; null: none
    Column("client_name", _Sorted, nullable=False),
    Column("client_version", _Sorted),
    Column("client_address", _Sorted),
    Column("connected_via_ip", _Sorted),
    Column("launched_via_ip", _Sorted),
    Column("launched_via_host", _Sorted),
    Column("linux_user", _Sorted),
    Column("words", _Sorted, nullable=False),  # what free text is looked for in, by lines
    # migration 0021: as in `sessions`; whether its user is given notice; as in `recording_reasons`
    Column("recording_live", Boolean, nullable=False, server_default=false()),
    Column("recording_told", Boolean, nullable=False, server_default=false()),
    Column("recording_health", String(16)),
)
# What changes often has none: an index would cost each report more than a search gains.
for _name in ("machine_uid", "account_id", "user_name", "user_display_name", "resource_name"):
    Index(f"ix_session_keys_{_name}_uid", session_keys.c[_name], session_keys.c.uid)

recordings = Table(
    "recordings",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("session_id", String(36), nullable=False, index=True),
    Column("account_id", String(36), nullable=False),
    Column("user_name", String(128), nullable=False),
    Column("machine_id", String(36), nullable=False),
    Column("machine_name", String(128), nullable=False),
    # where the machine was when the recording was ordered: whose scopes hold the recording
    Column("catalog_id", String(36), index=True),
    Column("delivery_group_id", String(36), index=True),
    Column("resource_name", String(64), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("ordered_by", String(128), nullable=False),
    Column("notify", Boolean, nullable=False),
    Column("ordered_at_ms", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),  # ordered, starting, recording, completed, failed
    Column("started_at_ms", BigInteger),
    Column("ended_at_ms", BigInteger),
    Column("duration_ms", BigInteger, nullable=False, server_default=text("0")),
    Column("size_bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("segment_count", Integer, nullable=False, server_default=text("0")),
    Column("sealed_count", Integer, nullable=False, server_default=text("0")),
    Column("head", String(64)),
    # what the audit chain last got of the head, and when
    Column("head_logged", String(64)),
    Column("head_logged_ms", BigInteger),
    Column("error", Text),
    Column("retention_class", String(64)),  # None: the default one
    Column("indexed_count", Integer, nullable=False, server_default=text("0")),  # of its segments
    Column("activity", Text),  # JSON: how much changed when (archive/activity.py)
    Column("continues", String(36)),  # the recording that this one took over from
    Column("terms", Text),  # JSON of archive/terms.py; null: the plain ones
    Column("roll_over_bytes", BigInteger),  # where it goes on as a new one; null: nowhere
    Column("roll_over_ms", BigInteger),
)

Index(
    "ix_recordings_retention_class_ended_at_ms",
    recordings.c.retention_class,
    recordings.c.ended_at_ms,
)
_NOT_INDEXED = text("indexed_count < sealed_count")
Index(
    "ix_recordings_not_indexed",
    recordings.c.uid,
    sqlite_where=_NOT_INDEXED,
    postgresql_where=_NOT_INDEXED,
)
_NOT_OVER = text("status NOT IN ('completed', 'failed')")
Index(
    "ix_recordings_open",
    recordings.c.uid,
    sqlite_where=_NOT_OVER,
    postgresql_where=_NOT_OVER,
)

tickets = Table(  # one-time, for the display door; only the hash is kept
    "tickets",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    Column("session_id", String(36), nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)

launch_keys = Table(  # Idempotency-Key: the first answer for 10 minutes
    "launch_keys",
    metadata,
    Column("account_id", String(36), nullable=False),
    Column("key", String(128), nullable=False),
    Column("session_id", String(36), nullable=False),
    Column("created", Boolean, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    UniqueConstraint("account_id", "key"),
)

messages = Table(  # to the screens of sessions
    "messages",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("session_id", String(36), nullable=False, index=True),
    Column("style", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("ordered_by", String(128), nullable=False),
    Column("ordered_at_ms", BigInteger, nullable=False, index=True),
    Column("shown_at_ms", BigInteger),  # null: the host has not said so yet
)

jobs = Table(  # long actions: of the broker (column action), or a task of one server
    "jobs",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),  # a JobType of the wire, or our own word
    Column("account_id", String(36), nullable=False),
    Column("parent_id", String(36), index=True),  # of a batch's items
    Column("object_id", String(36), nullable=False),  # "" when there is no one object
    Column("parameters", Text, nullable=False, server_default="{}"),  # JSON object of strings
    Column("action", Text),  # broker.action as JSON: what settles it; null: a task settles it
    Column("deadline_ms", BigInteger),  # of an action: silence until then withdraws it
    Column("state", String(16), nullable=False),  # running, done, failed, cancelled
    Column("progress", Integer, nullable=False, server_default=text("0")),  # per mille
    Column("error", Text),
    Column("error_code", String(64)),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("started_at_ms", BigInteger),
    Column("ended_at_ms", BigInteger),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Column("server_id", String(36)),  # of a task: the server that runs it; null: release 0.1's
    Column("cancel_wanted", Boolean, nullable=False, server_default=false()),  # of a task
)
Index(
    "ix_jobs_open",
    jobs.c.created_at_ms,
    sqlite_where=jobs.c.ended_at_ms.is_(None),
    postgresql_where=jobs.c.ended_at_ms.is_(None),
)
Index("ix_jobs_state", jobs.c.state)
Index("ix_jobs_account_id_created_at_ms", jobs.c.account_id, jobs.c.created_at_ms)

tags = Table(
    "tags",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("description", Text),
)

tag_objects = Table(
    "tag_objects",
    metadata,
    Column("tag_id", String(36), ForeignKey("tags.id"), primary_key=True),
    Column("object_kind", String(24), primary_key=True),  # Machine, Application, DeliveryGroup, ...
    Column("object_id", String(36), primary_key=True, index=True),
)

preferences = Table(  # of the web console: free names and values
    "preferences",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id"), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("value", Text, nullable=False),
)

storefronts = Table(  # addresses that clients keep here
    "storefronts",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("description", Text),
    Column("url", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("description", Text),
    Column("is_built_in", Boolean, nullable=False, server_default=false()),
)

role_permissions = Table(
    "role_permissions",
    metadata,
    Column("role_id", String(36), ForeignKey("roles.id"), primary_key=True),
    Column("permission", String(64), primary_key=True),
)

scopes = Table(  # the scope All is no row: its id is the zero GUID
    "scopes",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("description", Text),
)

scope_objects = Table(
    "scope_objects",
    metadata,
    Column("scope_id", String(36), ForeignKey("scopes.id"), primary_key=True),
    Column("object_kind", String(24), primary_key=True),  # MachineCatalog, DeliveryGroup
    Column("object_id", String(36), primary_key=True, index=True),
)

administrators = Table(
    "administrators",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("enabled", Boolean, nullable=False),
)

administrator_rights = Table(
    "administrator_rights",
    metadata,
    Column("account_id", String(36), ForeignKey("administrators.account_id"), primary_key=True),
    Column("role_id", String(36), ForeignKey("roles.id"), primary_key=True),
    Column("scope_id", String(36), primary_key=True),  # the zero GUID: All
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_ms", BigInteger, nullable=False, index=True),
    Column("locked_until_ms", BigInteger, nullable=False, server_default=text("0")),
)

audit = Table(  # a hash chain: rows are appended and never changed (audit/log.py)
    "audit",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Column("kind", String(32), nullable=False),  # ConfigurationChange, AdminActivity, ...
    # of the entry, to search by; verification compares them with it
    Column("account_id", String(36), nullable=False),
    Column("user_name", String(128), nullable=False),
    Column("address", String(45), nullable=False),
    Column("target_type", String(48), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Column("entry", Text, nullable=False),  # JSON, the bytes that are hashed
    Column("previous_hash", String(64), nullable=False, unique=True),  # no two follow the same one
    Column("hash", String(64), nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_audit_kind_seq", audit.c.kind, audit.c.seq)
Index("ix_audit_object_id_seq", audit.c.object_id, audit.c.seq)

audit_labels = Table(  # what people write on entries afterwards; no part of the chain
    "audit_labels",
    metadata,
    Column("entry_id", String(36), primary_key=True),
    Column("label_key", String(60), primary_key=True),  # lower case
    Column("label", String(60), nullable=False),
)

outbox = Table(  # every change, in the transaction that made it; its order is the history's order
    "outbox",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Column("kind", String(32), nullable=False),  # session, recording, machine, ...
    Column("object_id", String(36), nullable=False),
    Column("account_id", String(36)),  # whose object it is; null: administrators only
    sqlite_autoincrement=True,
)

session_limits = Table(  # of time; null: no limit
    "session_limits",
    metadata,
    Column("delivery_group_id", String(36), ForeignKey("delivery_groups.id"), primary_key=True),
    Column("idle_s", Integer),
    Column("disconnected_s", Integer),
    Column("total_s", Integer),
    Column("warning_s", Integer, nullable=False),
)

access_rules = Table(  # what viewers of a delivery group's sessions may do; without a row site/access_rules.py says
    "access_rules",
    metadata,
    Column("delivery_group_id", String(36), primary_key=True),
    Column("clipboard", String(8), nullable=False),  # off, in, out, both
    Column("ask_before_shadowing", Boolean, nullable=False),
    Column("files", String(8), nullable=False, server_default="off"),  # off, in, out, both
)

placement_rules = Table(  # how many sessions a delivery group gives, and where
    "placement_rules",
    metadata,
    Column("delivery_group_id", String(36), primary_key=True),
    Column("max_sessions", Integer),  # null: without limit
    Column("max_user_sessions", Integer),
    Column("zone_id", String(36), ForeignKey("zones.id")),  # null: anywhere
    Column("zone_only", Boolean, nullable=False, server_default=false()),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("account_id", String(36), nullable=False),  # who made it: what it sees is told
    Column("description", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),  # JSON list of kinds; []: all
    Column("secret", String(64), nullable=False),
    Column("previous_secret", String(64)),
    Column("previous_until_ms", BigInteger),
    Column("enabled", Boolean, nullable=False),
    Column("stopped_reason", Text),  # why the site itself disabled it
    Column("created_at_ms", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),  # of the outbox: told up to here
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("failing_since_ms", BigInteger),
    Column("next_attempt_ms", BigInteger),
    Column("delivered_at_ms", BigInteger),
)

webhook_deliveries = Table(  # the newest of each webhook
    "webhook_deliveries",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("webhook_id", String(36), ForeignKey("webhooks.id"), nullable=False),
    Column("id", String(36), nullable=False),
    Column("outbox_seq", BigInteger, nullable=False),
    Column("event", String(32), nullable=False),
    Column("object_id", String(36), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("status", Integer),  # of the last answer; null: none came
    Column("error", Text),
    Column("at_ms", BigInteger, nullable=False),  # of the last attempt
    Column("took_ms", Integer, nullable=False),
    UniqueConstraint("webhook_id", "id"),
)

visits = Table(  # of people without an account, each with an account for one session
    "visits",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id"), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # in the name Anon###
    Column("address", String(64), nullable=False),  # whose they count for
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    Column("account_id", String(36), nullable=False),  # who made it
    Column("user_name", String(160), nullable=False),
    # where the machine shall be; null: as machines are that come by themselves
    Column("zone_id", String(36)),
    Column("catalog_id", String(36)),
    Column("delivery_group_id", String(36)),
    Column("machine_id", String(36)),  # the one that is enrolled again; null: a new one
    Column("revoked_at_ms", BigInteger),
    Column("used_at_ms", BigInteger),
    Column("used_machine_id", String(36)),
    Column("used_keys", String(64)),  # SHA-256 of the public keys that it was used with
    Column("answer", Text),  # to them, as long as it may be asked for again
)

enrolled_hosts = Table(  # hosts that came by a code; what is public of their keys
    "enrolled_hosts",
    metadata,
    Column("machine_id", String(36), primary_key=True),
    Column("host_name", String(64), nullable=False),  # the machine's, without domain
    Column("signing_key", String(64), nullable=False),  # hex
    Column("previous_signing_key", String(64)),  # before the last rotation
    Column("bus_key", String(64), nullable=False),  # of its user there
    Column("previous_bus_key", String(64)),  # until the host is seen with the new one
    Column("tls_key", String(64), nullable=False),  # SHA-256 of its public half, hex
    Column("code_id", String(36), nullable=False),
    Column("enrolled_at_ms", BigInteger, nullable=False),
    Column("enrolled_by", String(160), nullable=False),  # who made the code
    Column("address", String(64), nullable=False),  # where it came from
    Column("issued_at_ms", BigInteger, nullable=False),  # its credentials
    Column("expires_at_ms", BigInteger, nullable=False),
    Column("rotate", Boolean, nullable=False, server_default=false()),  # shall make new keys
    Column("revoked_at_ms", BigInteger),
    Column("revoked_by", String(160)),
)

servers = Table(  # those that are up, and those that ended without a word
    "servers",
    metadata,
    _id(),
    Column("name", String(255), nullable=False),  # of its machine
    Column("version", String(64), nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("seen_at_ms", BigInteger, nullable=False),  # by the database's clock
    Column("local_token_id", String(36)),  # the one token that its run/site.json holds
)

leases = Table(  # duties that one server has at a time (leases.py)
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("until_ms", BigInteger, nullable=False),  # by the database's clock
    Column("epoch", BigInteger, nullable=False),  # counted up each time that it is taken
)

audit_streams = Table(  # how far those are that the whole site has once
    "audit_streams",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sent_seq", BigInteger, nullable=False),
)

schema_release = Table(  # one row: the newest release that has been here (release.py)
    "schema_release",
    metadata,
    Column("release", Integer, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=False),
)

session_counts = Table(  # of live sessions; kept true by the database itself (migration 0016)
    "session_counts",
    metadata,
    Column("state", String(16), primary_key=True),
    Column("app_state", String(16), primary_key=True),
    Column("sessions", BigInteger, nullable=False),
)
