from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from footlight.cli import store
from footlight.cli.exits import UsageProblem
from footlight.cli.store import Login, login_file, read_login, save_login

LOGIN = Login("https://x:1", "zoe", "secret-token", 12.5, "/ca.pem", "c")


def test_what_is_stored_is_what_is_read(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert read_login(environ) is None
    file = save_login(LOGIN, environ)
    assert file == login_file(environ) == tmp_path / "footlight" / "login.json"
    assert read_login(environ) == LOGIN
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    save_login(LOGIN.renewed("next", None), environ)
    again = read_login(environ)
    assert again == Login("https://x:1", "zoe", "next", None, "/ca.pem", "c")
    assert [path.name for path in file.parent.iterdir()] == ["login.json"]


def test_a_file_that_was_open_to_others_is_not_any_more(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    file = login_file(environ)
    file.parent.mkdir()
    file.write_text("{}")
    file.chmod(0o644)
    save_login(LOGIN, environ)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"base_url": "x"}', '{"strange": 1}', "\xff"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    login_file(environ).parent.mkdir()
    login_file(environ).write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageProblem, match="footlight login"):
        read_login(environ)


def test_a_failed_write_keeps_the_sign_in_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    file = save_login(LOGIN, environ)

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(store.os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        save_login(LOGIN.renewed("next", None), environ)
    assert json.loads(file.read_text())["token"] == "secret-token"
    assert os.listdir(file.parent) == ["login.json"]


def test_by_default_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/zoe")
    assert login_file({}) == Path("/home/zoe/.config/footlight/login.json")


def test_its_repr_keeps_the_token_to_itself() -> None:
    assert "secret-token" not in repr(LOGIN)
