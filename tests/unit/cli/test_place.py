"""Which site a command finds, and as whom it signs in."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

ME = {"UserId": "1", "DisplayName": "Zoe", "ExpiryTime": "2026-01-07T09:05:03Z"}
CUSTOMERS = [{"Id": "c-1", "Name": None, "Sites": [{"Id": "site-1", "Name": "EX"}]}]


@pytest.fixture
def me(site: Any) -> None:
    site.on("GET", "/cvad/manage/me", {**ME, "Customers": CUSTOMERS})


def in_an_hour() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


def test_no_site_anywhere_is_4_and_says_what_to_do(run: Any, home: Path) -> None:
    ended = run("site-id")
    assert ended.code == 4
    assert "footlight up" in ended.err
    assert ended.err.count("\n") == 1


def test_a_site_that_died_is_4(run: Any, data_dir: Path) -> None:
    file = data_dir / "run" / "site.json"
    facts = json.loads(file.read_text()) | {"base_url": "http://127.0.0.1:9"}
    file.write_text(json.dumps(facts))
    ended = run("sessions", "list")
    assert ended.code == 4
    assert "http://127.0.0.1:9/ cannot be reached" in ended.err


def test_a_damaged_site_file_is_4(run: Any, data_dir: Path) -> None:
    (data_dir / "run" / "site.json").write_text("{")
    assert run("site-id").code == 4


def test_a_data_folder_by_flag_and_by_environment(
    run: Any, data_dir: Path, me: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    data_dir.rename(other)
    assert run("site-id").code == 4
    assert run("site-id", "--data-dir", str(other)).code == 0
    monkeypatch.setenv("FOOTLIGHT_DATA_DIR", str(other))
    assert run("site-id").code == 0


def test_another_site_by_flags(run: Any, site: Any, me: None, tmp_path: Path) -> None:
    site.on("POST", "/cvad/manage/tokens", {"Token": "mine", "ExpiresAt": in_an_hour()})
    secret = tmp_path / "secret"
    secret.write_text("pass word\n")
    ended = run(
        "token", "--url", site.base_url + "/", "--user", "zoe", "--password-file", str(secret)
    )
    assert ended.out == "mine\n"
    assert site.asked[0].headers["Authorization"] == "Basic em9lOnBhc3Mgd29yZA=="


def test_another_site_by_environment(
    run: Any, site: Any, me: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTLIGHT_URL", site.base_url)
    assert run("site-id").code == 3  # nothing to sign in with
    monkeypatch.setenv("FOOTLIGHT_USER", "zoe")
    assert run("site-id").code == 2  # no password, no terminal
    monkeypatch.setenv("FOOTLIGHT_PASSWORD", "wrong")
    site.on("POST", "/cvad/manage/tokens", (401, {"detail": "Wrong name or password."}))
    assert run("site-id").code == 3
    monkeypatch.delenv("FOOTLIGHT_USER")
    monkeypatch.setenv("FOOTLIGHT_TOKEN", "given")
    assert run("token").out == "given\n"


def test_client_credentials_by_environment(
    run: Any, site: Any, me: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"token_type": "bearer", "access_token": "cloud", "expires_in": "3600"}
    site.on("POST", "/cctrustoauth2/c-9/tokens/clients", answer)
    monkeypatch.setenv("FOOTLIGHT_URL", site.base_url)
    monkeypatch.setenv("FOOTLIGHT_CLIENT_ID", "id")
    monkeypatch.setenv("FOOTLIGHT_CLIENT_SECRET", "secret")
    monkeypatch.setenv("FOOTLIGHT_CUSTOMER_ID", "c-9")
    assert run("token").out == "cloud\n"


def test_login_keeps_a_token_and_no_password(
    run: Any, site: Any, me: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.on("POST", "/cvad/manage/tokens", {"Token": "kept", "ExpiresAt": in_an_hour()})
    monkeypatch.setenv("FOOTLIGHT_PASSWORD", "hush-hush")
    assert run("login", "--url", site.base_url, "--user", "zoe").code == 0
    monkeypatch.delenv("FOOTLIGHT_PASSWORD")
    file = home / "config" / "footlight" / "login.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "hush-hush" not in file.read_text()
    assert run("token").out == "kept\n"


def test_a_stored_token_that_is_due_is_renewed_and_stored(
    run: Any, site: Any, me: None, home: Path
) -> None:
    file = home / "config" / "footlight" / "login.json"
    file.parent.mkdir(parents=True)
    soon = {"base_url": site.base_url, "user": "zoe", "token": "old", "expires_at_s": time.time()}
    file.write_text(json.dumps(soon))
    site.on("POST", "/cvad/manage/tokens/$refresh", {"Token": "new", "ExpiresAt": in_an_hour()})
    assert run("token").out == "new\n"
    assert json.loads(file.read_text())["token"] == "new"


def test_login_without_a_name_is_2(run: Any, site: Any) -> None:
    assert run("login", "--url", site.base_url).code == 2


def test_version(run: Any) -> None:
    ended = run("--version")
    assert ended.code == 0
    assert ended.out.strip()
