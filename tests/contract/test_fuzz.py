"""A seeded sample of fuzz/requests.py against a site of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

FUZZER = Path(__file__).parents[2] / "fuzz" / "requests.py"


def test_a_sample_of_malformed_requests_is_refused_well() -> None:
    command = [sys.executable, str(FUZZER), "--count", "2000", "--seed", "7", "--seconds", "10"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    sent = re.match(r"(\d+) requests", done.stdout)
    assert sent is not None
    assert int(sent[1]) > 200, done.stdout
