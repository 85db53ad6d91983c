"""`footlight samples`: filled for the site, valid in their languages as far as can be told here."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from footlight.cli.samples import Language, SiteFacts, render

FACTS = SiteFacts(
    base_url="https://host.test:8443",
    ca_file='/srv/it\'s "here"/ca.pem',
    customer_id="c-1",
    site_id="s-1",
    user="admin",
)


@pytest.mark.parametrize("language", list(Language))
def test_every_gap_is_filled_and_every_task_is_there(language: Language) -> None:
    text = render(language, FACTS)
    assert "@@" not in text
    assert FACTS.base_url in text
    for task in ("okens", "me", "ontinuationToken", "startRecording", "RecordingStatus", "stopRec"):
        assert task in text
    assert not re.search(r"example\.com|cloud\.com", text)


def test_python_is_python_and_needs_requests_only() -> None:
    tree = ast.parse(render(Language.PYTHON, FACTS))
    imports = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert imports == {"getpass", "os", "sys", "time", "requests"}
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    assert constants["CA_FILE"] == FACTS.ca_file


def test_curl_is_bash_and_quotes_what_is_filled_in(tmp_path: Path) -> None:
    script = tmp_path / "sample.sh"
    script.write_text(render(Language.CURL, FACTS))
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=10)
    assert r"""ca_file='/srv/it'\''s "here"/ca.pem'""" in script.read_text()


def test_no_secret_goes_into_an_argument_of_curl() -> None:
    text = render(Language.CURL, FACTS)
    command = text[text.index("| curl") : text.index("$site$3")]
    assert "$1" not in command
    assert "password" not in command


def test_the_command_fills_in_what_the_site_says(run: Any, site: Any, data_dir: Path) -> None:
    sites = [{"Id": "site-1", "Name": "EX"}]
    site.on("GET", "/cvad/manage/me", {"Customers": [{"Id": "c-1", "Name": None, "Sites": sites}]})
    people = [{"name": "zoe", "administrator": False}, {"name": "root", "administrator": True}]
    site.on("GET", "/footlight/v1/accounts", {"items": people})
    ended = run("samples", "python")
    assert f"SITE = '{site.base_url}'" in ended.out
    assert "USER = 'root'" in ended.out
    assert "CA_FILE = ''" in ended.out
    assert "local-token" not in ended.out
    assert run("samples", "cobol").code == 2
