from __future__ import annotations

from pathlib import Path

import pytest

from footlight.config import SiteConfig
from footlight.config_rates import Rate
from footlight.config_sources import load_config


@pytest.mark.parametrize(
    ("text", "rate"),
    [("off", None), ("5", Rate(5, 10)), ("0.2", Rate(0.2, 1)), ("5,7", Rate(5, 7))],
)
def test_rates(text: str, rate: Rate | None) -> None:
    assert load_config(flags={"rate_limit": text}).rate("rate_limit") == rate
    auto = load_config().rate("sign_in_rate")
    assert auto is not None
    assert auto.spares_loopback


def test_weights_of_the_load() -> None:
    assert load_config().weights() == (1, 1, 2)
    assert load_config(flags={"load_weights": "0, 3,5"}).weights() == (0, 3, 5)


def test_objects_are_in_a_folder_unless_said(tmp_path: Path) -> None:
    assert SiteConfig(data_dir=tmp_path).objects_folder == tmp_path / "recordings"
    assert SiteConfig(data_dir=tmp_path, objects="/srv/r").objects_folder == Path("/srv/r")
    assert load_config(flags={"objects": "s3://bucket/a"}).objects == "s3://bucket/a"


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
