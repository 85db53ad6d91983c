from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.agent import accounts
from footlight.errors import Invalid, Unavailable
from footlight.wire.host import Account

ACCOUNT_ID = "abcd1234-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("name", "linux"),
    [
        ("ada", "fl-ada"),
        ("Zoë Dèf", "fl-zoe-def"),
        ("a.b@c", "fl-a-b-c"),
        ("../../etc", "fl-etc"),
        ("李", "fl-user"),
        ("-", "fl-user"),
        ("x" * 40, "fl-" + "x" * 29),
    ],
)
def test_linux_name(name: str, linux: str) -> None:
    assert accounts.linux_name(name) == linux


@given(st.text(max_size=60))
def test_linux_names_are_always_valid(name: str) -> None:
    for made in (accounts.linux_name(name), accounts.linux_name(name, "abcd")):
        assert re.fullmatch(r"fl-[a-z0-9_][a-z0-9_-]*", made)
        assert len(made) <= accounts.LONGEST_NAME
        assert not made.endswith("-")


def _passwd(monkeypatch: pytest.MonkeyPatch, *entries: tuple[Any, ...]) -> None:
    found = {entry[0]: pwd.struct_passwd(entry) for entry in entries}
    monkeypatch.setattr(pwd, "getpwnam", found.__getitem__)
    monkeypatch.setattr(pwd, "getpwall", lambda: list(found.values()))


def test_a_strangers_name_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    _passwd(monkeypatch, ("fl-ada", "x", 1001, 1001, "somebody", "/home/ada", "/bin/bash"))
    assert accounts.free_name("ada", ACCOUNT_ID) == "fl-ada-abcd"
    _passwd(
        monkeypatch,
        ("fl-ada", "x", 1001, 1001, "somebody", "/home/ada", "/bin/bash"),
        ("fl-ada-abcd", "x", 1002, 1002, "", "/home/ada", "/bin/bash"),
    )
    with pytest.raises(Unavailable):
        accounts.free_name("ada", ACCOUNT_ID)


def test_managed_accounts_are_known_by_their_gecos(monkeypatch: pytest.MonkeyPatch) -> None:
    site = "11111111-1111-4111-8111-111111111111"
    _passwd(
        monkeypatch,
        ("fl-x", "x", 1001, 1001, f"footlight site={site} account={ACCOUNT_ID}", "/h", "/bin/bash"),
        ("fl-y", "x", 1002, 1002, f"footlight site={site} account={ACCOUNT_ID},,", "/h", "/bin/sh"),
        ("fl-z", "x", 1003, 1003, "footlight", "/h", "/bin/sh"),
        # A person may write the first four parts of his own field, and not the fifth.
        ("p", "x", 1004, 1004, f"P,,,footlight site={site} account={ACCOUNT_ID}", "/h", "/bin/sh"),
    )
    assert [(a.user.name, a.site_id, a.account_id) for a in accounts.managed_accounts()] == [
        ("fl-x", site, ACCOUNT_ID)
    ]


@pytest.mark.parametrize(
    ("entry", "shadow", "words"),
    [
        (("daemon", "x", 1, 1, "", "/", "/usr/sbin/nologin"), "*", "system account"),
        (("nobody", "x", 65534, 65534, "", "/", "/bin/bash"), "*", "system account"),
        (("eve", "x", 1500, 1500, "", "/", "/bin/bash"), "!$y$x", "locked"),
        (("eve", "x", 1500, 1500, "", "/", "/usr/sbin/nologin"), "$y$x", "no login shell"),
        (("eve", "x", 1500, 1500, "", "/", "/opt/shell"), "$y$x", "no login shell"),
    ],
)
def test_os_accounts_that_may_not_run_sessions(
    monkeypatch: pytest.MonkeyPatch, entry: tuple[Any, ...], shadow: str, words: str
) -> None:
    _passwd(monkeypatch, entry)
    files = {
        "/etc/shells": ["# shells", "/bin/bash", "/usr/sbin/nologin"],
        "/etc/login.defs": ["UID_MIN\t\t 1000"],
        "/etc/shadow": [f"{entry[0]}:{shadow}:19000::::::"],
    }
    monkeypatch.setattr(accounts, "_lines", files.__getitem__)
    with pytest.raises(Invalid, match=words):
        accounts.os_account(entry[0])


def test_an_os_account_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    _passwd(monkeypatch, ("eve", "x", 1500, 1600, "Eve", "/home/eve", "/bin/bash"))
    files = {
        "/etc/shells": ["/bin/bash"],
        "/etc/login.defs": ["UID_MIN 1000"],
        "/etc/shadow": ["eve:$y$x:1::::::"],
    }
    monkeypatch.setattr(accounts, "_lines", files.__getitem__)
    found = accounts.os_account("eve")
    assert found == accounts.LinuxUser("eve", 1500, 1600, "/home/eve", "/bin/bash")
    with pytest.raises(Invalid, match="there is no account"):
        accounts.os_account("mallory")


def test_no_session_runs_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts.os, "geteuid", lambda: 0)
    with pytest.raises(Invalid, match="never run as root"):
        accounts.resolve(Account(kind="invoker", account_id=ACCOUNT_ID, name="root"), "site")


def test_without_root_every_session_is_the_invokers(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.struct_passwd(("me", "x", 1234, 1234, "", "/home/me", "/bin/zsh"))
    monkeypatch.setattr(accounts.os, "geteuid", lambda: 1234)
    monkeypatch.setattr(pwd, "getpwuid", {1234: entry}.__getitem__)
    for kind in ("managed", "invoker", "os"):
        found = accounts.resolve(Account(kind=kind, account_id=ACCOUNT_ID, name="ada"), "site")
        assert found == accounts.LinuxUser("me", 1234, 1234, "/home/me", "/bin/zsh")


@pytest.fixture
def private_umask() -> Iterator[None]:
    """The site's own."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("private_umask")
def test_users_reach_their_home_whatever_the_umask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    homes = tmp_path / "lib" / "homes"
    monkeypatch.setattr(accounts, "HOMES", homes)
    (homes.parent).mkdir(mode=0o700)  # as an earlier start may have left it
    user = accounts.LinuxUser("fl-ada", os.getuid(), os.getgid(), str(homes / "fl-ada"), "/bin/sh")
    accounts.make_home(user)
    modes = [path.stat().st_mode & 0o777 for path in (homes.parent, homes, homes / "fl-ada")]
    assert modes == [0o711, 0o711, 0o700]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("ada", "ada"), ("O'Hara, P: x\n", "O'Hara P x"), ("é" * 100, "é" * 64), (":,", "")],
)
def test_desktops_show_the_users_name(
    monkeypatch: pytest.MonkeyPatch, name: str, shown: str
) -> None:
    site = "11111111-1111-4111-8111-111111111111"
    made = accounts.gecos(name, site, ACCOUNT_ID)
    assert made.partition(",")[0] == shown
    assert not set(":\n") & set(made)
    _passwd(monkeypatch, ("fl-x", "x", 1001, 1001, made, "/h", "/bin/bash"))
    assert [one.account_id for one in accounts.managed_accounts()] == [ACCOUNT_ID]
