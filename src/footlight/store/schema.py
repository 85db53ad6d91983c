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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
    Column("created_at_ms", BigInteger, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("name", String(64), nullable=False),
    Column("name_key", String(64), nullable=False, unique=True),  # lower case
    Column("display_name", String(128), nullable=False),
    Column("password_hash", Text),  # null: cannot sign in
    Column("administrator", Boolean, nullable=False, server_default=false()),
    Column("enabled", Boolean, nullable=False),
    Column("tokens_after_ms", BigInteger, nullable=False, server_default=text("0")),
    Column("created_at_ms", BigInteger, nullable=False),
)

clients = Table(  # API clients of the cloud sign-in
    "clients",
    metadata,
    _id(),
    Column("secret_hash", Text, nullable=False),
    Column("account_id", String(36), ForeignKey("accounts.id"), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
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
)

catalogs = Table(
    "catalogs",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("zone_id", String(36), ForeignKey("zones.id"), nullable=False),
)

delivery_groups = Table(
    "delivery_groups",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
)

resources = Table(  # published desktops and applications
    "resources",
    metadata,
    Column("uid", _Counter, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),  # Desktop, Application
    Column("command", Text, nullable=False),  # JSON list; [] for the desktop itself
    Column("working_dir", Text),
    Column("delivery_group_id", String(36), ForeignKey("delivery_groups.id"), nullable=False),
    Column("enabled", Boolean, nullable=False),
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
    Column("catalog_id", String(36), ForeignKey("catalogs.id"), nullable=False),
    Column("delivery_group_id", String(36), ForeignKey("delivery_groups.id"), nullable=False),
    Column("zone_id", String(36), ForeignKey("zones.id"), nullable=False),
    Column("in_maintenance", Boolean, nullable=False, server_default=false()),
    Column("registered", Boolean, nullable=False),
    Column("last_seen_ms", BigInteger, nullable=False),
    Column("boot_id", String(36)),
    Column("sequence", BigInteger, nullable=False, server_default=text("0")),
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
    sqlite_autoincrement=True,  # a uid is never used twice: page tokens hold it
)
Index(
    "ix_sessions_live",
    sessions.c.uid,
    sqlite_where=sessions.c.ended_at_ms.is_(None),
    postgresql_where=sessions.c.ended_at_ms.is_(None),
)
Index("ix_sessions_machine_id_ended_at_ms", sessions.c.machine_id, sessions.c.ended_at_ms)
Index("ix_sessions_account_id_ended_at_ms", sessions.c.account_id, sessions.c.ended_at_ms)

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
    Column("error", Text),
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
)
Index(
    "ix_jobs_open",
    jobs.c.created_at_ms,
    sqlite_where=jobs.c.ended_at_ms.is_(None),
    postgresql_where=jobs.c.ended_at_ms.is_(None),
)
Index("ix_jobs_account_id_created_at_ms", jobs.c.account_id, jobs.c.created_at_ms)

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
