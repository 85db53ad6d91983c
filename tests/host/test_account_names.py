"""Whatever people are called at the site or at their provider, they become no account of the machine that was there
before."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from footlight.agent import accounts
from footlight.ids import new_guid
from footlight.wire.host import Account

WITHIN_S = 30


@pytest.fixture
def site_id() -> Iterator[str]:
    """A site whose accounts go with the test."""
    id = new_guid()
    yield id
    accounts.prune({id})


@pytest.fixture
def person() -> Iterator[pwd.struct_passwd]:
    """Somebody with a login account of his own."""
    yield from _added(f"u{new_guid()[:8]}", "--shell", "/bin/bash")


@pytest.fixture
def stranger() -> Iterator[pwd.struct_passwd]:
    """Somebody whose account merely has a name as the site would give it."""
    yield from _added(f"fl-s{new_guid()[:8]}", "--comment", "somebody else")


def _added(name: str, *options: str) -> Iterator[pwd.struct_passwd]:
    command = ["useradd", "--create-home", *options, name]
    subprocess.run(command, check=True, capture_output=True, timeout=WITHIN_S)
    try:
        yield pwd.getpwnam(name)
    finally:
        subprocess.run(
            ["userdel", "--remove", name], check=True, capture_output=True, timeout=WITHIN_S
        )


def _made(name: str, site_id: str) -> accounts.LinuxUser:
    return accounts.resolve(Account(kind="managed", account_id=new_guid(), name=name), site_id)


@pytest.mark.parametrize(
    "name", ["root", "ROOT", "postgres", "www-data", "nobody", "systemd-network"]
)
def test_a_system_accounts_name_gives_an_account_of_its_own(site_id: str, name: str) -> None:
    user = _made(name, site_id)
    assert user.name.startswith(f"fl-{name.lower()}")
    assert user.uid >= 1000
    assert user.uid not in {one.pw_uid for one in pwd.getpwall() if one.pw_name != user.name}
    assert Path(user.home).parent == accounts.HOMES
    assert os.stat(user.home).st_uid == user.uid
    assert os.getgrouplist(user.name, user.gid) == [user.gid]  # of no group that is another's


def test_a_persons_name_gives_nothing_of_his(site_id: str, person: pwd.struct_passwd) -> None:
    user = _made(person.pw_name, site_id)
    assert user.name == f"fl-{person.pw_name}"
    assert user.uid != person.pw_uid
    assert user.home != person.pw_dir
    assert pwd.getpwnam(person.pw_name) == person


def test_an_account_that_only_looks_like_ours_is_left_alone(
    site_id: str, stranger: pwd.struct_passwd
) -> None:
    bare = stranger.pw_name.removeprefix("fl-")
    for name in (bare, stranger.pw_name):
        user = _made(name, site_id)
        assert user.name != stranger.pw_name
        assert user.uid != stranger.pw_uid
    assert pwd.getpwnam(stranger.pw_name) == stranger


def test_two_people_of_one_name_are_two(site_id: str) -> None:
    name = f"twin{new_guid()[:8]}"
    first, second = _made(name, site_id), _made(name, site_id)
    assert first.uid != second.uid
