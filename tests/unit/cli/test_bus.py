"""`footlight bus`: flags reach the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import footlight.bus_process
from footlight.config import SiteConfig


def test_its_flags_reach_the_configuration(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configs: list[SiteConfig] = []

    def run_bus(config: SiteConfig) -> int:
        configs.append(config)
        return 0

    monkeypatch.setattr(footlight.bus_process, "run_bus", run_bus)
    ended = run(
        *("bus", "--listen", "[::1]:4333", "--keys-dir", str(tmp_path / "keys")),
        *("--data-dir", str(tmp_path), "--posts-dir", str(tmp_path / "posts")),
    )
    assert ended.code == 0
    (config,) = configs
    assert config.bus_address() == ("::1", 4333)
    assert (config.keys_dir, config.data_dir) == (tmp_path / "keys", tmp_path)
    assert config.bus_posts_dir == tmp_path / "posts"


@pytest.mark.parametrize("listen", ["4222", ":4222", "host:", "host:70000", "host:x"])
def test_where_nobody_can_listen_is_refused(run: Any, tmp_path: Path, listen: str) -> None:
    ended = run("bus", "--data-dir", str(tmp_path), "--listen", listen)
    assert (ended.code, "bus_listen" in ended.err) == (2, True)
