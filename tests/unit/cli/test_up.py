"""`footlight up`: flags reach the configuration as the contract has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import footlight.serve
from footlight.config import SiteConfig
from footlight.errors import Conflict


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[SiteConfig]:
    configs: list[SiteConfig] = []

    def run_site(config: SiteConfig) -> int:
        configs.append(config)
        return 0

    monkeypatch.setattr(footlight.serve, "run_site", run_site)
    return configs


def test_without_flags_the_defaults_hold(run: Any, started: list[SiteConfig], home: Path) -> None:
    assert run("up").code == 0
    assert started == [SiteConfig(data_dir=home / "share" / "footlight")]


def test_every_flag_of_the_contract(run: Any, started: list[SiteConfig], tmp_path: Path) -> None:
    password = tmp_path / "pw"
    ended = run(
        *("up", "--data-dir", str(tmp_path), "--listen", "127.0.0.1:0", "--tls", "off"),
        *("--ready-file", str(tmp_path / "r"), "--admin-password-file", str(password)),
        *("--no-sample-apps", "--no-agent", "--keep-sessions"),
        *("--server-header", "X", "--log-level", "debug"),
        *("--database", "postgresql://u@h/site", "--database-password-file", str(password)),
    )
    assert ended.code == 0, ended.err
    assert started == [
        SiteConfig(
            data_dir=tmp_path,
            listen="127.0.0.1:0",
            tls="off",
            ready_file=tmp_path / "r",
            admin_password_file=password,
            sample_apps=False,
            agent=False,
            keep_sessions=True,
            server_header="X",
            log_level="debug",
            database="postgresql://u@h/site",
            database_password_file=password,
        )
    ]


def test_flags_win_over_environment(
    run: Any, started: list[SiteConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTLIGHT_LISTEN", "127.0.0.1:1")
    monkeypatch.setenv("FOOTLIGHT_KEEP_SESSIONS", "true")
    run("up")
    run("up", "--listen", "127.0.0.1:2")
    assert [config.listen for config in started] == ["127.0.0.1:1", "127.0.0.1:2"]
    assert started[0].keep_sessions


def test_a_taken_data_folder_is_1_and_nonsense_is_2(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_site(config: SiteConfig) -> int:
        raise Conflict("a site is running already")

    monkeypatch.setattr(footlight.serve, "run_site", run_site)
    assert run("up").err == "footlight: a site is running already\n"
    assert run("up").code == 1
    assert run("up", "--listen", "x").code == 2
    assert run("up", "--config", "/nowhere.toml").code == 2
