"""The printed samples run as they are, against a real session."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

INTERPRETERS = {"curl": ["bash"], "python": [sys.executable]}


def run_sample(
    language: str, text: str, password: str, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    script = folder / "sample"
    script.write_text(text)
    return subprocess.run(
        [*INTERPRETERS[language], str(script), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "FOOTLIGHT_PASSWORD": password},
        check=False,
    )


@pytest.mark.parametrize("language", list(INTERPRETERS))
def test_a_sample_does_the_tasks(
    footlight: Any,
    site: dict[str, Any],
    session_id: str,
    tmp_path: Path,
    language: str,
) -> None:
    other = json.loads(footlight("launch", "Terminal", "--new", "--json").stdout)["sessionId"]
    try:
        text = footlight("samples", language).stdout
        ended = run_sample(language, text, site["admin_password"], tmp_path, session_id)
    finally:
        footlight("sessions", "logoff", other)
    assert ended.returncode == 0, ended.stderr
    assert f"site {site['site_id']}" in ended.stdout
    assert f"session {session_id}" in ended.stdout  # both, so a second page was fetched
    assert f"session {other}" in ended.stdout
    told = ended.stdout.lower()
    assert told.index("true") < told.index("false")
    recordings = json.loads(
        footlight("recordings", "list", "--session", session_id, "--json").stdout
    )
    assert [recording["state"] for recording in recordings] == ["completed"]


@pytest.mark.parametrize("language", list(INTERPRETERS))
def test_a_wrong_password_ends_a_sample(footlight: Any, tmp_path: Path, language: str) -> None:
    text = footlight("samples", language).stdout
    ended = run_sample(language, text, "not the password", tmp_path)
    assert ended.returncode != 0


@pytest.mark.parametrize("language", ["powershell", "csharp", "go"])
def test_the_others_name_this_site(footlight: Any, site: dict[str, Any], language: str) -> None:
    text = footlight("samples", language).stdout
    for fact in ("base_url", "ca_file", "customer_id"):
        assert site[fact] in text
