"""The scripts of docs/how-to/call-the-api.md run as they stand there, with this site's address and certificate."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "call-the-api.md"
LANGUAGES = {"bash": ["bash", "-eu"], "python": [sys.executable]}


def script(language: str, base_url: str, ca_file: str) -> str:
    """All blocks of a language, one after the other."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 6
    return (
        "\n".join(blocks).replace("https://host.example:8443", base_url).replace("ca.pem", ca_file)
    )


def test_every_language_has_every_task() -> None:
    page = PAGE.read_text()
    for language in (*LANGUAGES, "powershell", "csharp", "go"):
        assert len(re.findall(rf"^```{language}$", page, re.MULTILINE)) == 6, language


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_page_does_the_tasks(
    footlight: Any, site: dict[str, Any], session_id: str, tmp_path: Path, language: str
) -> None:
    other = json.loads(footlight("launch", "Terminal", "--new", "--json").stdout)["sessionId"]
    file = tmp_path / "script"
    file.write_text(script(language, site["base_url"], site["ca_file"]))
    try:
        ended = subprocess.run(
            [*LANGUAGES[language], str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            cwd=tmp_path,
            env={**os.environ, "FOOTLIGHT_PASSWORD": site["admin_password"]},
            check=False,
        )
    finally:
        footlight("sessions", "logoff", other)
    assert ended.returncode == 0, ended.stderr
    assert f"site {site['site_id']}" in ended.stdout
    listed = re.findall(r"^session (\S+)", ended.stdout, re.MULTILINE)
    assert {session_id, other} <= set(listed)
    told = ended.stdout.lower()
    assert told.index("true") < told.index("false")
    recordings = json.loads(footlight("recordings", "list", "--json").stdout)
    mine = [one["state"] for one in recordings if one["sessionId"] == listed[0]]
    assert mine[0] == "completed"
