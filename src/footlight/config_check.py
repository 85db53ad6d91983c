"""Whether a configuration can be: each value by itself, and values beside one another."""

from __future__ import annotations

import re

from footlight.config import MAX_PORT, SiteConfig, is_loopback
from footlight.config_rates import AUTO_RATES
from footlight.errors import Invalid

MOST_SESSIONS = 1_000_000
MOST_WAIT_S = 3600
_RANGES = (
    ("spool_limit_mib", 64, 1 << 30),
    ("spool_free_mib", 0, 1 << 30),
    ("load_full_sessions", 1, MOST_SESSIONS),
    ("load_full_memory", 0, 100),
    ("load_full_cpu", 0, 100),
    ("max_user_sessions", 0, MOST_SESSIONS),
    ("launch_wait", 0, MOST_WAIT_S),
    ("launch_wait_most", 0, MOST_WAIT_S),
)


def check(config: SiteConfig) -> None:
    """Raises Invalid naming the first option that cannot be."""
    host, _, port = config.listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > MAX_PORT:
        raise Invalid(f"listen: {config.listen!r} is not HOST:PORT", name="listen")
    if config.tls == "off" and not is_loopback(config.listen_host):
        raise Invalid("tls off is for loopback addresses only", name="tls")
    if config.stream_url and not re.fullmatch(r"https://[^/\s?#@]+(/[^\s?#]*)?", config.stream_url):
        raise Invalid(
            f"stream_url: {config.stream_url!r} is not https://HOST:PORT", name="stream_url"
        )
    if config.database_password_file and not config.database:
        raise Invalid("database_password_file needs database", name="database_password_file")
    if config.database and not config.database.startswith(("postgresql://", "postgres://")):
        raise Invalid("database is postgresql://USER@HOST:PORT/NAME", name="database")
    if config.tls not in ("auto", "off") and config.tls.count(",") != 1:
        raise Invalid("tls is auto, off or CERT,KEY", name="tls")
    if not config.site_name.isalnum() or len(config.site_name) > 15:
        raise Invalid("site_name is 1 to 15 letters and digits", name="site_name")
    receiver = config.audit_syslog
    if receiver is not None and not re.fullmatch(r"(udp|tcp)://[^/\s]+:[0-9]{1,5}", receiver):
        raise Invalid(
            f"audit_syslog: {receiver!r} is not udp://HOST:PORT or tcp://HOST:PORT",
            name="audit_syslog",
        )
    if config.log_level not in ("debug", "info", "warning", "error"):
        raise Invalid("log_level is debug, info, warning or error", name="log_level")
    if re.match(r"(?!s3://)\w+://", config.objects or ""):
        raise Invalid("objects is a folder or s3://BUCKET/PREFIX", name="objects")
    if config.log_format not in ("auto", "text", "json"):
        raise Invalid("log_format is auto, text or json", name="log_format")
    if config.metrics_open not in ("none", "loopback", "any"):
        raise Invalid("metrics_open is none, loopback or any", name="metrics_open")
    if config.agent_metrics and not _is_loopback_port(config.agent_metrics):
        raise Invalid("agent_metrics is HOST:PORT of a loopback address", name="agent_metrics")
    if config.traces and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", config.traces):
        raise Invalid("traces is http://HOST:PORT or https://HOST:PORT", name="traces")
    if config.file_limit_mib < 1:
        raise Invalid("file_limit_mib is 1 or more", name="file_limit_mib")
    for name in ("sign_in_attempts", "sign_in_address_attempts"):
        if getattr(config, name) < 0:
            raise Invalid(f"{name} is 0 or more", name=name)
    if config.desktop not in ("light", "xfce", "auto"):
        raise Invalid("desktop is light, xfce or auto", name="desktop")
    if config.webhook_days < 1:
        raise Invalid("webhook_days is 1 or more", name="webhook_days")
    if config.sign_in_lock_seconds < 1:
        raise Invalid("sign_in_lock_seconds is 1 or more", name="sign_in_lock_seconds")
    for option in AUTO_RATES:
        config.rate(option)
    for name, least, most in _RANGES:
        if not least <= getattr(config, name) <= most:
            raise Invalid(f"{name} is {least} to {most}", name=name)
    config.weights()
    config.bus_servers()
    config.bus_address()


def _is_loopback_port(address: str) -> bool:
    host, _, port = address.rpartition(":")
    return is_loopback(host.strip("[]")) and port.isdigit() and int(port) <= MAX_PORT
