"""Linux accounts for one session of somebody without an account: made fresh, and removed with their processes, homes
and whatever else is theirs. Blocking; call it from a thread, as root."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Container
from pathlib import Path

from footlight.agent import accounts, processes
from footlight.agent.accounts import LinuxUser, ManagedAccount
from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger

_log = get_logger(__name__)

PREFIX = "fl-anon-"
KILL_S = 5.0
# Where everybody may leave files. What cron, at and mail keep is called after the account.
SHARED = (
    *(
        "/tmp",
        "/tmp/.X11-unix",
        "/tmp/.ICE-unix",
        "/var/tmp",
        "/dev/shm",
        "/run/lock",
        "/dev/mqueue",
    ),
    *("/run/user", "/var/spool/cron/atjobs"),
)
CALLED_AFTER = ("/var/spool/cron/crontabs", "/var/mail")


def make(account_id: str, site_id: str) -> LinuxUser:
    """The account for that visitor's session. Raises Invalid where the host can't make any, Unavailable."""
    if os.geteuid() != 0:
        raise Invalid("visitors need a host that runs as root")
    remove(account_id, site_id)
    with accounts.locked():
        name = PREFIX + account_id.replace("-", "")[:16]
        return accounts.add(name, accounts.gecos("Visitor", site_id, account_id, anonymous=True))


def remove(account_id: str, site_id: str) -> None:
    """Nothing is left of that visitor's account. It need not be there."""
    for known in _known(site_id):
        if known.account_id == account_id:
            _remove(known)


def sweep(site_id: str, kept: Container[str]) -> None:
    """Remove those of sessions that are gone for good; `kept`: ids of the accounts whose sessions are known."""
    if os.geteuid() == 0:
        for known in _known(site_id):
            if known.account_id not in kept:
                _remove(known)


def _known(site_id: str) -> list[ManagedAccount]:
    every = accounts.managed_accounts() if os.geteuid() == 0 else []
    return [one for one in every if one.anonymous and one.site_id == site_id]


def _remove(account: ManagedAccount) -> None:
    user = account.user
    if not user.name.startswith(PREFIX):
        raise Invalid(f"{user.name} is no visitor's account")
    _kill(user.uid)
    for place in SHARED:
        _clear(place, user.uid)
    for place in CALLED_AFTER:
        with contextlib.suppress(OSError):
            os.unlink(Path(place, user.name))
    # The account last: its number may be given out again the moment it is gone.
    home = accounts.HOMES / user.name
    if home.is_dir() and not home.is_symlink():
        shutil.rmtree(home, ignore_errors=True)
    try:
        accounts.remove(account)
    except (Unavailable, KeyError) as error:
        _log.error("visitor's account not removed", account=user.name, error=str(error))


def _kill(uid: int) -> None:
    """KILL to all processes of the account, wherever they are: it had this one session."""
    limit = time.monotonic() + KILL_S
    while (left := _processes_of(uid)) and time.monotonic() < limit:
        processes.send(signal.SIGKILL, left)
        time.sleep(0.02)


def _processes_of(uid: int) -> set[int]:
    found = set()
    for pid in processes.parents():
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{pid}/status", "rb") as file:
                text = file.read(4096)
            uids = text.partition(b"\nUid:")[2].split(b"\n", 1)[0].split()
            if uid in {int(number) for number in uids}:
                found.add(pid)
    return found


def _clear(place: str, uid: int) -> None:
    """Remove what in that folder is the account's."""
    try:
        with os.scandir(place) as found:
            entries = [entry for entry in found if _owner(entry) == uid]
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)


def _owner(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat(follow_symlinks=False).st_uid
    except OSError:
        return None
