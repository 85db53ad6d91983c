from __future__ import annotations

import os
from pathlib import Path

import pytest
import structlog

from footlight.agent.spool_meter import SpoolMeter, Waiting, waiting_in


def put(path: Path, size: int, at_s: int) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (at_s, at_s))


def test_all_bytes_count_and_the_oldest_complete_file(tmp_path: Path) -> None:
    assert waiting_in(tmp_path) == Waiting()
    put(tmp_path / "a" / "000001.flseg", 10, 50)
    put(tmp_path / "a" / "000002.open", 5, 20)
    put(tmp_path / "b" / "000001.flseg", 1, 40)
    (tmp_path / ".lock").write_bytes(b"no recording")
    (tmp_path / "c").symlink_to("/etc")
    assert waiting_in(tmp_path) == Waiting(16, 40_000)


async def test_it_looks_at_once_and_survives_a_missing_spool(tmp_path: Path) -> None:
    put(tmp_path / "a" / "000001.flseg", 3, 7)
    meter = SpoolMeter(tmp_path)
    await meter.start()
    assert meter.waiting == Waiting(3, 7_000)
    await meter.stop()
    await meter.stop()
    missing = SpoolMeter(tmp_path / "none")
    with structlog.testing.capture_logs() as told:
        await missing.start()
    await missing.stop()
    assert missing.waiting == Waiting()
    assert [entry["event"] for entry in told] == ["spool not looked at"]


def test_a_spool_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        waiting_in(tmp_path / "none")
