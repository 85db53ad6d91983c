from __future__ import annotations

from pathlib import Path

import pytest

from footlight.config import Rate, SiteConfig, load_config
from footlight.errors import Invalid


def test_flag_beats_environment_beats_file(tmp_path: Path) -> None:
    file = tmp_path / "footlight.toml"
    file.write_text('listen = "127.0.0.1:1"\nkeep_sessions = true\nserver_header = "A"\n')
    environment = {"FOOTLIGHT_LISTEN": "127.0.0.1:2", "FOOTLIGHT_SERVER_HEADER": "B"}
    config = load_config(file, environment, {"listen": "127.0.0.1:3", "server_header": None})
    assert (config.listen_port, config.server_header, config.keep_sessions) == (3, "B", True)


def test_defaults_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_config().data_dir == tmp_path / "footlight"


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


def test_unknown_options_and_unreadable_files(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("lisen = 1")
    with pytest.raises(Invalid, match="lisen"):
        load_config(file)
    with pytest.raises(Invalid, match="cannot read"):
        load_config(tmp_path / "missing.toml")
    file.write_text("= nonsense")
    with pytest.raises(Invalid, match="cannot read"):
        load_config(file)


def test_tls_off_is_for_loopback() -> None:
    assert load_config(flags={"tls": "off", "listen": "[::1]:0"}).listen_host == "::1"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("off", None), ("5", Rate(5, 10)), ("0.2", Rate(0.2, 1)), ("5,7", Rate(5, 7))],
)
def test_rates(text: str, rate: Rate | None) -> None:
    assert load_config(flags={"rate_limit": text}).rate("rate_limit") == rate
    auto = load_config().rate("sign_in_rate")
    assert auto is not None
    assert auto.spares_loopback


SECRET = "postgresql://foot:sesame@db.example/site"


def test_a_database_s_password_is_in_no_repr_and_not_on_the_command_line() -> None:
    config = load_config(environment={"FOOTLIGHT_DATABASE": SECRET})
    assert config.database == SECRET
    assert "sesame" not in repr(config)
    for url in (SECRET, "postgresql://foot@h/site?password=sesame", "postgresql://f:se/same@h/s"):
        with pytest.raises(Invalid, match="command line") as refused:
            load_config(flags={"database": url})
        assert "same" not in refused.value.message
    flags = {"database": "postgresql://foot@[::1]:5432/site", "database_password_file": "/x"}
    assert load_config(flags=flags).database_password_file == Path("/x")


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


def test_weights_of_the_load() -> None:
    assert load_config().weights() == (1, 1, 2)
    assert load_config(flags={"load_weights": "0, 3,5"}).weights() == (0, 3, 5)


def test_objects_are_in_a_folder_unless_said(tmp_path: Path) -> None:
    assert SiteConfig(data_dir=tmp_path).objects_folder == tmp_path / "recordings"
    assert SiteConfig(data_dir=tmp_path, objects="/srv/r").objects_folder == Path("/srv/r")
    assert load_config(flags={"objects": "s3://bucket/a"}).objects == "s3://bucket/a"


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


def test_how_a_site_is_watched() -> None:
    config = load_config(
        environment={
            "FOOTLIGHT_TRACES": "http://127.0.0.1:4318",
            "FOOTLIGHT_AGENT_METRICS": "[::1]:9464",
            "FOOTLIGHT_METRICS_OPEN": "loopback",
            "FOOTLIGHT_LOG_FORMAT": "text",
        }
    )
    assert (config.traces, config.agent_metrics) == ("http://127.0.0.1:4318", "[::1]:9464")
    assert (config.metrics_open, config.log_format) == ("loopback", "text")
