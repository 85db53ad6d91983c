from __future__ import annotations

from pathlib import Path

import pytest

from footlight.config_sources import load_config
from footlight.errors import Invalid


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({"listen": "nowhere"}, "listen"),
        ({"listen": "127.0.0.1:99999"}, "listen"),
        ({"tls": "maybe"}, "tls"),
        ({"tls": "off", "listen": "0.0.0.0:80"}, "tls"),
        ({"site_name": "two words"}, "site_name"),
        ({"token_minutes": "soon"}, "token_minutes"),
        ({"log_level": "loud"}, "log_level"),
        ({"desktop": "kde"}, "desktop"),
        ({"webhook_days": 0}, "webhook_days"),
        ({"objects": "gs://bucket"}, "objects"),
        ({"spool_limit_mib": 1}, "spool_limit_mib"),
        ({"spool_free_mib": -1}, "spool_free_mib"),
        ({"rate_limit": "fast"}, "rate_limit"),
        ({"load_weights": "1,1"}, "load_weights"),
        ({"load_weights": "0,0,0"}, "load_weights"),
        ({"load_weights": "1,-1,2"}, "load_weights"),
        ({"load_full_sessions": 0}, "load_full_sessions"),
        ({"load_full_memory": 101}, "load_full_memory"),
        ({"launch_wait": -1}, "launch_wait"),
        ({"launch_wait_most": 100_000}, "launch_wait_most"),
        ({"rate_limit": "0"}, "rate_limit"),
        ({"rate_limit": "nan,5"}, "rate_limit"),
        ({"sign_in_rate": "1,0"}, "sign_in_rate"),
        ({"sign_in_attempts": -1}, "sign_in_attempts"),
        ({"sign_in_lock_seconds": 0}, "sign_in_lock_seconds"),
    ],
)
def test_wrong_values_are_named(flags: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_config(flags=flags)
    assert named in refused.value.message


def test_tls_off_is_for_loopback() -> None:
    assert load_config(flags={"tls": "off", "listen": "[::1]:0"}).listen_host == "::1"


@pytest.mark.parametrize(
    "url", ["http://h", "h:1", "https://", "https://u@h", "https://h?q", "wss://h", "https://h h"]
)
def test_hosts_bring_streams_to_an_https_address(url: str) -> None:
    assert load_config(flags={"stream_url": "https://h.test:1/a"}).stream_url
    with pytest.raises(Invalid, match="stream_url"):
        load_config(flags={"stream_url": url})


def test_a_database_is_postgresql(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="postgresql://") as refused:
        load_config(environment={"FOOTLIGHT_DATABASE": "mysql://u:sesame@h/d"})
    assert "sesame" not in refused.value.message
    with pytest.raises(Invalid, match="needs database"):
        load_config(flags={"database_password_file": tmp_path})


@pytest.mark.parametrize(
    "wrong",
    [
        {"log_format": "xml"},
        {"metrics_open": "friends"},
        {"agent_metrics": "0.0.0.0:9464"},
        {"agent_metrics": "127.0.0.1"},
        {"traces": "collector:4318"},
        {"traces": "ftp://collector"},
    ],
)
def test_how_a_site_is_watched_is_checked(wrong: dict[str, str]) -> None:
    (name,) = wrong
    with pytest.raises(Invalid) as refused:
        load_config(flags=wrong)
    assert refused.value.facts["name"] == name
