"""Linux accounts of sessions: found or made. Blocking; call it from a thread.

A managed account is known by its GECOS field, `NAME,,,,footlight site=<site id> account=<account id>`, never by its
name: an account that merely has the name that we would give is a stranger's. What tells it is the field's fifth part,
"other", which only root writes; the first is the user's name, which desktops show.
"""

from __future__ import annotations

import contextlib
import fcntl
import grp
import os
import pwd
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from footlight.errors import Invalid, Unavailable
from footlight.wire.host import Account
from footlight.wire.logon import HostAccount

HOMES = Path("/var/lib/footlight/homes")
LONGEST_NAME = 32
MOST_GROUPS = 500
NOBODY_UID = 65_534
LOCK = Path("/run/footlight-accounts.lock")
_GECOS = re.compile(
    r"(?:[^,:]*,,,,)?footlight site=([0-9a-f-]{36}) account=([0-9a-f-]{36})( anonymous)?"
)
_NOT_IN_GECOS = re.compile(r"[,:\s\x00-\x1f\x7f-\x9f]+")
LONGEST_SHOWN = 64


@dataclass(frozen=True)
class LinuxUser:
    """Whom a session runs as."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str


@dataclass(frozen=True)
class ManagedAccount:
    """One Linux account of our own making, of whatever site. `anonymous`: for one session (throwaway.py)."""

    user: LinuxUser
    site_id: str
    account_id: str
    anonymous: bool = False


def resolve(account: Account, site_id: str) -> LinuxUser:
    """The Linux user for an account; a managed one is made when it is missing. Raises Invalid when
    that account may not run sessions, Unavailable when it could not be made."""
    if os.geteuid() != 0 or account.kind == "invoker":
        return invoker()
    if account.kind == "os":
        return os_account(account.name)
    if account.kind == "anonymous":
        raise Invalid("a visitor's account is made by throwaway.py")
    return ensure_managed(account, site_id)


def invoker() -> LinuxUser:
    """The user that the agent runs as. Raises Invalid as root: no session ever runs as root."""
    if os.geteuid() == 0:
        raise Invalid("sessions never run as root")
    try:
        return _user(pwd.getpwuid(os.geteuid()))
    except KeyError:
        raise Invalid(f"uid {os.geteuid()} has no account") from None


def os_account(name: str) -> LinuxUser:
    """An existing account of a person: from UID_MIN up, not locked, with a login shell. Raises Invalid."""
    try:
        entry = pwd.getpwnam(name)
    except (KeyError, ValueError):
        raise Invalid(f"there is no account {name}") from None
    if entry.pw_name != name:  # a directory may find names in any case
        raise Invalid(f"there is no account {name}, but {entry.pw_name}")
    if entry.pw_uid < _uid_min() or entry.pw_uid == NOBODY_UID:
        raise Invalid(f"{name} is a system account")
    if _GECOS.fullmatch(entry.pw_gecos):
        raise Invalid(f"{name} was made for an account of a site")
    if _is_locked(name):
        raise Invalid(f"the account {name} is locked")
    shells = _lines("/etc/shells")
    if entry.pw_shell not in shells or entry.pw_shell.endswith(("/nologin", "/false")):
        raise Invalid(f"{name} has no login shell")
    return _user(entry)


def host_account(name: str) -> HostAccount:
    """The same account as it is told to the site, with its groups. Raises Invalid."""
    user = os_account(name)
    gecos = pwd.getpwnam(user.name).pw_gecos
    groups = []
    for gid in os.getgrouplist(user.name, user.gid)[:MOST_GROUPS]:
        with suppress(KeyError):  # a group without a name
            groups.append(grp.getgrgid(gid).gr_name)
    shown = gecos.partition(",")[0].strip()
    return HostAccount(name=user.name, uid=user.uid, display_name=shown or user.name, groups=groups)


def managed_accounts() -> list[ManagedAccount]:
    """All accounts of our own making on this machine."""
    found = []
    for entry in pwd.getpwall():
        if match := _GECOS.fullmatch(entry.pw_gecos):
            found.append(ManagedAccount(_user(entry), match[1], match[2], bool(match[3])))
    return found


def ensure_managed(account: Account, site_id: str) -> LinuxUser:
    """The site's Linux account for that account id, made under a lock if need be. Raises Unavailable."""
    if (there := _by_name(account, site_id)) is not None:
        return there
    with locked():
        for known in managed_accounts():
            whose = (known.site_id, known.account_id, known.anonymous)
            if whose == (site_id, account.account_id, False):
                make_home(known.user)
                return known.user
        name = free_name(account.name, account.account_id)
        return add(name, gecos(account.name, site_id, account.account_id))


def gecos(shown: str, site_id: str, account_id: str, *, anonymous: bool = False) -> str:
    """The GECOS field of an account of ours, `shown` being the name that desktops show of its user."""
    plain = _NOT_IN_GECOS.sub(" ", shown).strip()[:LONGEST_SHOWN]
    mark = " anonymous" if anonymous else ""
    return f"{plain},,,,footlight site={site_id} account={account_id}{mark}"


def add(name: str, gecos: str) -> LinuxUser:
    """A new Linux account with a home below HOMES and a group of its own. Raises Unavailable."""
    run_tool(
        "useradd",
        *("--comment", gecos),
        *("--home-dir", str(HOMES / name), "--no-create-home", "--user-group"),
        *("--shell", "/bin/bash", "-K", "SUB_UID_COUNT=0", "-K", "SUB_GID_COUNT=0"),
        name,
    )
    user = _user(pwd.getpwnam(name))
    make_home(user)
    return user


def _by_name(account: Account, site_id: str) -> LinuxUser | None:
    """The account where it has a name that we would give and its home: then nothing has to be locked, or looked
    for among all accounts."""
    for name in _names(account.name, account.account_id):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            match = _GECOS.fullmatch(entry.pw_gecos)
            ours = match is not None and match.groups() == (site_id, account.account_id)
            if ours and Path(entry.pw_dir).is_dir():
                return _user(entry)
    return None


def _names(site_name: str, account_id: str) -> tuple[str, str]:
    return linux_name(site_name), linux_name(site_name, account_id.replace("-", "")[:4])


def free_name(site_name: str, account_id: str) -> str:
    """`fl-` and the cleaned name, with 4 hex digits of the account id when that is somebody's."""
    for name in _names(site_name, account_id):
        try:
            pwd.getpwnam(name)
        except KeyError:
            return name
    raise Unavailable(f"the Linux names for {site_name} are taken", account=account_id)


def linux_name(site_name: str, suffix: str = "") -> str:
    """A Linux account name from a site's account name: ASCII, lower case, at most LONGEST_NAME."""
    plain = unicodedata.normalize("NFKD", site_name).encode("ascii", "ignore").decode().lower()
    clean = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-") or "user"
    tail = f"-{suffix}" if suffix else ""
    return f"fl-{clean}"[: LONGEST_NAME - len(tail)].rstrip("-") + tail


def remove(account: ManagedAccount) -> None:
    """Remove a managed account and its home. Raises Unavailable while it has processes."""
    name = account.user.name
    with locked():
        entry = pwd.getpwnam(name)
        match = _GECOS.fullmatch(entry.pw_gecos)
        if match is None or match[1] != account.site_id:
            raise Invalid(f"{name} is not an account of that site")
        run_tool("userdel", name)
        home = HOMES / name
        if entry.pw_dir == str(home) and home.is_dir() and not home.is_symlink():
            shutil.rmtree(home, ignore_errors=True)


def prune(site_ids: set[str]) -> list[str]:
    """Remove all managed accounts of those sites; the names removed."""
    gone = [known for known in managed_accounts() if known.site_id in site_ids]
    for known in gone:
        remove(known)
    return [known.user.name for known in gone]


def _user(entry: pwd.struct_passwd) -> LinuxUser:
    shell = entry.pw_shell or "/bin/sh"
    return LinuxUser(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir, shell)


def make_home(user: LinuxUser) -> None:
    """The home below HOMES with the skeleton's files, closed to others. An existing one is left as it is."""
    home = Path(user.home)
    if home.exists() or home.parent != HOMES:
        return
    _make_homes_folder()
    fresh = home.with_name(f".{home.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    skeleton = Path("/etc/skel")
    if skeleton.is_dir():
        shutil.copytree(skeleton, fresh, symlinks=True, dirs_exist_ok=True)
    for folder, _, files in os.walk(fresh):
        for path in (folder, *(os.path.join(folder, name) for name in files)):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
    os.chmod(fresh, 0o700)
    fresh.rename(home)


def _make_homes_folder() -> None:
    """HOMES and its parent, which users pass through but can't list. The site's umask (077) would
    close to them what mkdir makes."""
    for folder in (HOMES.parent, HOMES):
        folder.mkdir(exist_ok=True)
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o711)


@contextmanager
def locked() -> Iterator[None]:
    """One maker of accounts at a time on this machine: useradd's own lock gives up too soon."""
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run_tool(*argv: str) -> None:
    """Run a program of the system. Raises Unavailable with what it says."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{argv[0]}: {error}") from None
    if done.returncode != 0:
        reason = done.stderr.strip() or f"exit code {done.returncode}"
        raise Unavailable(f"{argv[0]}: {reason}")


def _uid_min() -> int:
    for line in _lines("/etc/login.defs"):
        if match := re.fullmatch(r"UID_MIN\s+(\d+)", line):
            return int(match[1])
    return 1000


def _is_locked(name: str) -> bool:
    """Whether the password is locked (`!`) in the shadow file; accounts of a directory are not in it."""
    for line in _lines("/etc/shadow"):
        fields = line.split(":")
        if fields[0] == name and len(fields) > 1:
            return fields[1].startswith("!")
    return False


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(4 * 1024 * 1024).splitlines()
    except OSError:
        return []
