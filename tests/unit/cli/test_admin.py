"""`footlight admin reset-password`, on a site that runs and on one that does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import footlight.first_start
from footlight.config import SiteConfig
from footlight.first_start import PasswordReset

PATH = "/footlight/v1/accounts/admin/password"
ANSWER = {"name": "admin", "password": "made-up", "clientsRevoked": 0, "clientsLeft": 2}


@pytest.fixture
def reset(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders in which a password was reset without a site."""
    folders: list[Path] = []

    def reset_password(config: SiteConfig, *, revoke_clients: bool = False) -> PasswordReset:
        folders.append(config.data_dir)
        return PasswordReset("admin", "from-the-folder", 1 if revoke_clients else 0, 0)

    monkeypatch.setattr(footlight.first_start, "reset_password", reset_password)
    return folders


def test_of_a_running_site(run: Any, site: Any, data_dir: Path, reset: list[Path]) -> None:
    site.on("POST", PATH, ANSWER)
    ended = run("admin", "reset-password")
    assert (ended.code, ended.out) == (0, "made-up\n")
    assert "new password of admin" in ended.err
    assert "2 API clients of it can still sign in; --revoke-clients" in ended.err
    assert run("admin", "reset-password", "--json").json == ANSWER
    assert reset == []


def test_another_account_and_a_given_password(
    run: Any, site: Any, data_dir: Path, tmp_path: Path
) -> None:
    site.on(
        "POST",
        "/footlight/v1/accounts/zoe/password",
        {**ANSWER, "name": "zoe", "password": "given"},
    )
    (tmp_path / "pw").write_text("given\n")
    ended = run("admin", "reset-password", "zoe", "--new-password-file", str(tmp_path / "pw"))
    assert ended.out == "given\n"
    assert json.loads(site.asked[-1].body) == {"password": "given"}


def test_its_api_clients_end_when_that_is_asked(
    run: Any, site: Any, data_dir: Path, home: Path, reset: list[Path]
) -> None:
    site.on("POST", PATH, {**ANSWER, "clientsRevoked": 2, "clientsLeft": 0})
    ended = run("admin", "reset-password", "--revoke-clients")
    assert "2 API clients revoked" in ended.err
    assert json.loads(site.asked[-1].body) == {"revokeClients": True}
    stopped = ("--data-dir", str(home / "d"), "--revoke-clients", "--json")
    assert run("admin", "reset-password", *stopped).json["clientsRevoked"] == 1


def test_in_the_folder_while_no_site_runs(run: Any, home: Path, reset: list[Path]) -> None:
    ended = run("admin", "reset-password", "--data-dir", str(home / "d"))
    assert ended.out == "from-the-folder\n"
    assert reset == [home / "d"]


def test_a_site_that_died_is_told_by_its_silence(
    run: Any, data_dir: Path, reset: list[Path]
) -> None:
    file = data_dir / "run" / "site.json"
    facts = json.loads(file.read_text()) | {"base_url": "http://127.0.0.1:9"}
    file.write_text(json.dumps(facts))
    assert run("admin", "reset-password").out == "from-the-folder\n"
    assert reset == [data_dir]


def test_a_far_site_that_is_silent_is_not_taken_for_the_folder(
    run: Any, home: Path, reset: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTLIGHT_TOKEN", "t")
    assert run("admin", "reset-password", "--url", "http://127.0.0.1:9").code == 4
    assert reset == []


def test_without_a_site_only_the_administrator_is_helped(
    run: Any, home: Path, reset: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "pw").write_text("given")
    assert run("admin", "reset-password", "zoe").code == 2
    given = ("--new-password-file", str(tmp_path / "pw"))
    assert run("admin", "reset-password", *given).code == 2
    assert reset == []


def test_keys_that_are_lost_are_replaced(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footlight.first_start, "replace_keys", lambda config: config.data_dir)
    ended = run("admin", "replace-keys", "--data-dir", str(tmp_path))
    assert f"the site's keys are those in {tmp_path}" in ended.err
    assert run("admin", "replace-keys", "--data-dir", str(tmp_path), "--json").json == {
        "keys": str(tmp_path)
    }
