from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

ME = {"UserId": "1", "DisplayName": "Zoe", "Customers": [{"Id": "c-9", "Sites": []}]}


@pytest.fixture
def signing(site: Any, tmp_path: Path) -> list[str]:
    """The flags of a login at the scripted site."""
    token = {"Token": "fresh", "ExpiresAt": "2099-01-07T09:05:03Z"}
    site.on("POST", "/cvad/manage/tokens", token)
    site.on("GET", "/cvad/manage/me", ME)
    (tmp_path / "pw").write_text("pä ss\n")
    return ["--url", site.base_url, "--user", "LAB\\zoe", "--password-file", str(tmp_path / "pw")]


def test_the_token_is_kept_and_the_password_is_not(
    run: Any, site: Any, home: Path, signing: list[str]
) -> None:
    ended = run("login", *signing)
    assert (ended.code, ended.out) == (0, "")
    pair = site.asked[0].headers["Authorization"].partition(" ")[2]
    assert base64.b64decode(pair).decode() == "LAB\\zoe:pä ss"
    file = home / "config" / "footlight" / "login.json"
    kept = json.loads(file.read_text())
    assert (kept["base_url"], kept["user"], kept["token"]) == (site.base_url, "LAB\\zoe", "fresh")
    assert kept["customer_id"] == "c-9"
    assert "pä ss" not in file.read_text()
    assert str(file) in ended.err
    assert "fresh" not in ended.err


def test_later_commands_go_there_by_the_kept_token(
    run: Any, site: Any, home: Path, signing: list[str]
) -> None:
    run("login", *signing)
    site.on("GET", "/footlight/v1/resources", {"items": []})
    assert run("resources", "list", "--json").json == []
    last = site.asked[-1].headers
    assert last["Authorization"] == "CWSAuth bearer=fresh"
    assert last["Citrix-CustomerId"] == "c-9"


def test_json_is_who_signed_in(run: Any, signing: list[str]) -> None:
    assert run("login", *signing, "--json").json == ME


def test_without_an_account_or_with_a_wrong_password(
    run: Any, site: Any, home: Path, signing: list[str]
) -> None:
    assert run("login", "--url", site.base_url).code == 2
    site.on("POST", "/cvad/manage/tokens", (401, {"detail": "Wrong."}))
    assert run("login", *signing).code == 3
    assert not (home / "config").exists()


def test_logging_out_ends_the_token_and_forgets_it(
    run: Any, site: Any, home: Path, signing: list[str]
) -> None:
    run("login", *signing)
    site.on("DELETE", "/cvad/manage/tokens", (204, b""))
    assert run("logout", "--json").json == {"baseUrl": site.base_url}
    assert site.asked[-1].headers["Authorization"] == "CWSAuth bearer=fresh"
    assert not (home / "config" / "footlight" / "login.json").exists()
    assert run("logout").code == 4


def test_a_token_that_has_ended_is_forgotten_too(run: Any, site: Any, signing: list[str]) -> None:
    run("login", *signing)
    site.on("DELETE", "/cvad/manage/tokens", (401, {"detail": "The token has expired."}))
    assert run("logout").code == 0
    assert run("logout").code == 4
