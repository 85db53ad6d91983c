from __future__ import annotations

import grp
import os
import pwd
import time
from typing import Any

import pytest

from footlight.access import accounts, directory
from footlight.access.directory import Entry, Wanted
from footlight.errors import Unavailable


def entry(name: str = "ada", domain: str = "EX", **more: Any) -> Entry:
    return Entry(
        **{"domain": domain, "name": name, "display_name": "Ada L", "kind": "User", **more}
    )


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(names=("x", "EX\\ADA")), True),
        (Wanted(names=("ada@ex",)), True),
        (Wanted(names=("s-1-22-1-5",)), True),
        (Wanted(names=("OTHER\\ada",)), False),
        (Wanted(way="startsWith", text="AD"), True),
        (Wanted(way="startsWith", text="l"), False),
        (Wanted(way="contains", text=" l"), True),
        (Wanted(way="matches", text="?d*"), True),
        (Wanted(way="matches", text="d*"), False),
        (Wanted(kinds=frozenset(("Group",))), False),
        (Wanted(domain="ex"), True),
        (Wanted(domain="other"), False),
    ],
)
def test_what_is_wanted(wanted: Wanted, fits: bool) -> None:
    assert wanted.fits(entry(sid="S-1-22-1-5")) is fits


async def test_accounts_come_before_the_systems_own(rooms: Any) -> None:
    me = pwd.getpwuid(os.getuid())
    await rooms.store.write(lambda tx: accounts.create(tx, me.pw_name))
    found = await directory.look(
        rooms.store, "FOOTLIGHT", "HOST", Wanted(names=(me.pw_name,), kinds=frozenset(("User",)))
    )
    assert [(one.domain, one.sid) for one in found] == [
        ("FOOTLIGHT", None),
        ("HOST", f"S-1-22-1-{me.pw_uid}"),
    ]
    group = grp.getgrgid(0)
    one = await directory.find(rooms.store, "FOOTLIGHT", "HOST", "S-1-22-2-0")
    assert (one.name, one.kind, one.is_built_in) == (group.gr_name, "Group", True)
    assert await directory.find(rooms.store, "FOOTLIGHT", "HOST", "S-1-22-1-99999999999") is None


async def test_lists_hold_no_system_users_and_no_accounts_of_sessions(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def user(name: str, uid: int, gecos: str) -> pwd.struct_passwd:
        return pwd.struct_passwd((name, "x", uid, uid, gecos, "/", "/bin/sh"))

    users = [
        user("daemon", 1, ""),
        user("zoe", 1001, "Zoe Z,,,"),
        user("fl-ada", 1002, "footlight site=x account=y"),
        user("fl-bob", 1003, "bob,,,,footlight site=x account=y"),
        user("nobody", 65534, ""),
    ]
    monkeypatch.setattr(pwd, "getpwall", lambda: users)
    monkeypatch.setattr(grp, "getgrall", list)
    found = await directory.look(rooms.store, "FOOTLIGHT", "HOST", Wanted(domain="HOST"))
    assert [(one.name, one.display_name) for one in found] == [("zoe", "Zoe Z")]


async def test_a_directory_that_does_not_answer(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "WITHIN_S", 0.01)
    monkeypatch.setattr(directory, "_of_system", lambda *_: time.sleep(0.2))
    with pytest.raises(Unavailable):
        await directory.look(rooms.store, "FOOTLIGHT", "HOST", Wanted())
