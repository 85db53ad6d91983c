from __future__ import annotations

from pathlib import Path

import pytest

from footlight.config_sources import load_config
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
