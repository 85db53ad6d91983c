"""A site of the demo's own, played by a few lines of Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from footlight.cli import demo_site
from footlight.cli.exits import Failed

SITE = """
import json, pathlib, signal, sys, time
data, ready = map(pathlib.Path, sys.argv[1:3])
def end(*_):
    (data.parent.parent / "ended").write_text("properly")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
(data / "run").mkdir(parents=True)
(data / "run" / "site.json").write_text(json.dumps({"base_url": "https://x:1/", "token": "t"}))
ready.write_text(json.dumps({"site_id": "00000000-0000-4000-8000-00000000dead"}))
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_site.tempfile, "tempdir", str(tmp_path))


def played_by(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(
        demo_site,
        "_command",
        lambda given, data_dir, ready: [sys.executable, "-c", program, str(data_dir), str(ready)],
    )


def test_it_runs_for_the_demo_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played_by(monkeypatch, SITE)
    with demo_site.own_site() as place:
        assert (place.base_url, place.token) == ("https://x:1", "t")
        assert len(os.listdir(tmp_path)) == 1
    assert os.listdir(tmp_path) == ["ended"], "stopped politely, its folder gone"


def test_it_ends_when_the_demo_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played_by(monkeypatch, SITE)
    with pytest.raises(KeyError), demo_site.own_site():
        raise KeyError("step")
    assert os.listdir(tmp_path) == ["ended"]


def test_a_site_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played_by(monkeypatch, "import sys; sys.exit('no port is free')")
    with pytest.raises(Failed, match="ended with 1 at its start: no port is free"):
        demo_site.own_site().__enter__()
    assert os.listdir(tmp_path) == []


def test_a_site_that_is_never_ready_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_site, "START_S", 0)
    played_by(monkeypatch, "import time; time.sleep(60)")
    with pytest.raises(Failed, match="not ready"):
        demo_site.own_site().__enter__()
    assert os.listdir(tmp_path) == []


def test_it_is_started_as_a_site_on_a_free_port(tmp_path: Path) -> None:
    command = demo_site._command(demo_site.FOOTLIGHT, tmp_path / "d", tmp_path / "r")
    assert command[:4] == [sys.executable, "-m", "footlight", "up"]
    assert command[command.index("--listen") + 1] == "127.0.0.1:0"
    assert command[command.index("--data-dir") + 1] == str(tmp_path / "d")
