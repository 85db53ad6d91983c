"""A seeded sample of fuzz/reader.py, so that the fuzzer itself stays whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FUZZER = Path(__file__).parents[3] / "fuzz" / "reader.py"


def test_a_sample_of_damaged_recordings_is_read_without_error() -> None:
    command = [sys.executable, str(FUZZER), "--count", "40", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) == 40, "cases were run"
