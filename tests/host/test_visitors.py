"""Sessions of people without an account: on a Linux account for that session, of which nothing is left."""

from __future__ import annotations

import pwd
import uuid
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import accounts, processes, throwaway
from footlight.errors import Invalid

_LITTER = (
    "cd; echo mine > file; touch /tmp/$USER.tmp /var/tmp/$USER.tmp /dev/shm/$USER.tmp;"
    " mkdir -p /tmp/$USER.dir/deep; touch /tmp/$USER.dir/deep/file;"
    " (setsid sleep 300 &) ; (setsid env -i sleep 301 &); touch done; exec sleep 302"
)
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")


def _owned(uid: int) -> list[Path]:
    return [
        path for place in _SHARED for path in Path(place).iterdir() if path.lstat().st_uid == uid
    ]


def _exists(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


async def test_nothing_is_left_of_a_visitor(stage: Any) -> None:
    session = await stage.launch(["sh", "-c", _LITTER], user="Anon001", kind="anonymous")
    facts = stage.sessions[session]
    name, uid = facts.linux_user, facts.linux_uid
    assert name.startswith("fl-anon-")
    entry = pwd.getpwnam(name)
    assert uid == entry.pw_uid >= 1000
    home = Path(entry.pw_dir)
    assert home.parent == accounts.HOMES
    await stage.eventually((home / "done").exists)
    assert len(_owned(uid)) >= 4
    assert throwaway._processes_of(uid)

    await stage.log_off(session)
    await stage.eventually(lambda: not _exists(name))
    assert not home.exists()
    assert _owned(uid) == []
    assert throwaway._processes_of(uid) == set()
    assert not Path("/var/mail", name).exists()


async def test_each_visitor_has_a_home_of_its_own(stage: Any) -> None:
    first = await stage.launch(["sleep", "300"], user="Anon001", kind="anonymous")
    second = await stage.launch(["sleep", "300"], user="Anon002", kind="anonymous")
    names = [stage.sessions[one].linux_user for one in (first, second)]
    assert len(set(names)) == 2
    await stage.log_off(first)
    await stage.eventually(lambda: not _exists(names[0]))
    assert _exists(names[1])
    assert throwaway._processes_of(stage.sessions[second].linux_uid)


async def test_an_account_whose_session_is_lost_goes_at_the_next_start(stage: Any) -> None:
    lost = str(uuid.uuid4())
    user = throwaway.make(lost, stage.site_id)
    session = await stage.launch(["sleep", "300"], user="Anon001", kind="anonymous")
    living = stage.sessions[session].linux_user
    await stage.agent.stop(keep_sessions=True)
    await stage.start_agent()
    assert not _exists(user.name)
    assert not Path(user.home).exists()
    assert _exists(living)
    assert stage.agent.host.session(session).phase == "running"


async def test_only_accounts_of_visitors_are_thrown_away(stage: Any) -> None:
    session = await stage.launch(["sleep", "300"])
    managed = stage.sessions[session].linux_user
    for account_id in stage.account_ids.values():
        throwaway.remove(account_id, stage.site_id)
    throwaway.sweep(stage.site_id, set())
    throwaway.sweep(str(uuid.uuid4()), set())
    assert _exists(managed)
    assert processes.is_alive(next(iter(stage.pids(session))))
    with pytest.raises(Invalid):
        throwaway._remove(
            next(one for one in accounts.managed_accounts() if one.user.name == managed)
        )
