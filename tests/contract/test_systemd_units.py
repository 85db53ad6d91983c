"""The units of deploy/systemd, by systemd's own check."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")


def test_there_is_one_for_each_process() -> None:
    names = {unit.stem for unit in UNITS}
    assert names == {"footlight-server", "footlight-agent", "footlight-bus"}


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_wrong(unit: Path, tmp_path: Path) -> None:
    """With a program that is there: on this machine Footlight is elsewhere."""
    text = unit.read_text().replace("/opt/footlight/bin/footlight", "/bin/true")
    copy = tmp_path / unit.name
    copy.write_text(text)
    told = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_the_agents_end_is_not_that_of_its_sessions() -> None:
    (unit,) = [unit for unit in UNITS if unit.stem == "footlight-agent"]
    lines = unit.read_text().splitlines()
    assert "KillMode=process" in lines
    assert "Delegate=yes" in lines
