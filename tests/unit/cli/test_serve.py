"""`footlight serve`: flags reach the configuration, and what it cannot do without is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import footlight.serve
from footlight.config import SiteConfig


def test_its_flags_reach_the_configuration(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configs: list[SiteConfig] = []

    def run_server(config: SiteConfig) -> int:
        configs.append(config)
        return 0

    monkeypatch.setattr(footlight.serve, "run_server", run_server)
    ended = run(
        *("serve", "--database", "postgresql://u@h/site", "--bus-url", "bus.example:4222"),
        *("--keys-dir", str(tmp_path / "keys"), "--objects", "s3://site/one"),
        *("--data-dir", str(tmp_path), "--listen", "127.0.0.1:0", "--tls", "off"),
    )
    assert ended.code == 0
    (config,) = configs
    assert (config.database, config.bus_servers()) == (
        "postgresql://u@h/site",
        ["bus.example:4222"],
    )
    assert (config.keys_dir, config.objects) == (tmp_path / "keys", "s3://site/one")
    assert (config.data_dir, config.listen, config.tls) == (tmp_path, "127.0.0.1:0", "off")


def test_a_site_in_a_file_is_not_for_several_servers(run: Any, tmp_path: Path) -> None:
    ended = run("serve", "--data-dir", str(tmp_path))
    assert (ended.code, "needs a PostgreSQL database" in ended.err) == (2, True)
