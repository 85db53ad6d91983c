"""Who there is: the site's accounts, and the users and groups of the host's operating system.

The operating system's are asked for in a thread: they may come from a directory. Lists hold those from UID_MIN up;
a system's own are found by name only. SIDs follow Samba's Unix convention.
"""

from __future__ import annotations

import asyncio
import fnmatch
import grp
import pwd
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, and_, false, select

from footlight.access.accounts import of_row
from footlight.access.groups import OIDC_DOMAIN
from footlight.errors import Unavailable
from footlight.store import schema
from footlight.store.store import Store

USER_SID, GROUP_SID = "S-1-22-1-", "S-1-22-2-"
FIRST_ID, NOBODY = 1000, 65_534
MAX_ENTRIES = 10_000
WITHIN_S = 10.0
_MANAGED = re.compile(
    r"(?:[^,]*,,,,)?footlight site="
)  # GECOS of accounts of sessions: nobody's own

Kind = Literal["User", "Group"]
Way = Literal["startsWith", "contains", "matches"]


@dataclass(frozen=True)
class Entry:
    """A user or group. `account_id`: of an account of the site."""

    domain: str
    name: str
    display_name: str
    kind: Kind
    sid: str | None = None
    account_id: str | None = None
    enabled: bool = True
    is_built_in: bool = False

    @property
    def names(self) -> frozenset[str]:
        """What it may be called, in lower case."""
        full = {f"{self.domain}\\{self.name}", f"{self.name}@{self.domain}", self.name}
        return frozenset(one.lower() for one in (*full, self.sid or self.name))


@dataclass(frozen=True)
class Wanted:
    """What is looked for: exact names (None: a list), and the text that names fit in a way."""

    names: tuple[str, ...] | None = None
    way: Way | None = None
    text: str = ""
    kinds: frozenset[Kind] = frozenset(("User", "Group"))
    domain: str | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether the entry is wanted."""
        if (
            entry.kind not in self.kinds
            or (self.domain or entry.domain).lower() != entry.domain.lower()
        ):
            return False
        if self.names is not None and not any(name.lower() in entry.names for name in self.names):
            return False
        return self.way is None or self._fits_text(entry)

    def _fits_text(self, entry: Entry) -> bool:
        text = self.text.lower()
        tests: dict[str, Callable[[str], bool]] = {
            "startsWith": lambda name: name.startswith(text),
            "contains": lambda name: text in name,
            "matches": lambda name: fnmatch.fnmatchcase(name, text),
        }
        test = tests[self.way or "contains"]
        return any(test(name.lower()) for name in (entry.name, entry.display_name, *entry.names))


def host_name() -> str:
    """The domain of the users and groups of this host's operating system."""
    return socket.gethostname().partition(".")[0].upper()


async def look(store: Store, site_name: str, host_name: str, wanted: Wanted) -> list[Entry]:
    """Those that are wanted, the site's accounts first, by name. Raises Unavailable when the operating system's
    directory does not answer in time."""
    own = await store.read(lambda c: [*_accounts(c, site_name), *_groups(c)])
    try:
        async with asyncio.timeout(WITHIN_S):
            others = await asyncio.to_thread(_of_system, host_name, wanted.names)
    except TimeoutError:
        raise Unavailable("The host's user database does not answer.") from None
    found = [entry for entry in _once(own, others) if wanted.fits(entry)]
    return found[:MAX_ENTRIES]


async def find(store: Store, site_name: str, host_name: str, name: str) -> Entry | None:
    """The one of that name (DOMAIN\\name, name@domain, name) or SID; of several the site's account."""
    found = await look(store, site_name, host_name, Wanted(names=(name,)))
    return found[0] if found else None


def _accounts(connection: Connection, site_name: str) -> list[Entry]:
    a, s = schema.accounts, schema.sessions
    uids = dict(
        connection.execute(
            select(s.c.account_id, s.c.linux_uid)
            .where(s.c.linux_uid.is_not(None))
            .order_by(s.c.uid)
            .limit(MAX_ENTRIES)
        ).all()
    )
    shown = and_(a.c.is_group == false(), a.c.source != "visitor")
    found = select(a).where(shown).order_by(a.c.name_key).limit(MAX_ENTRIES)
    return [
        Entry(
            domain=one.domain or site_name,
            name=one.name,
            display_name=one.display_name,
            kind="User",
            sid=f"{USER_SID}{uids[one.id]}" if one.id in uids else None,
            account_id=one.id,
            enabled=bool(one.enabled),
        )
        for one in map(of_row, connection.execute(found))
    ]


def _groups(connection: Connection) -> list[Entry]:
    """Groups of the provider: those that somebody was in when he signed in, and those that have rights."""
    known, a = schema.account_groups, schema.accounts
    told = select(known.c.name).where(known.c.source == "oidc").distinct().limit(MAX_ENTRIES)
    kept = select(a).where(a.c.is_group, a.c.source == "oidc").limit(MAX_ENTRIES)
    entries = {row.name: _provider_group(row.name) for row in connection.execute(told)}
    for row in connection.execute(kept):
        entries[row.name.lower()] = _provider_group(row.name)
    return [entries[name] for name in sorted(entries)]


def _provider_group(name: str) -> Entry:
    return Entry(domain=OIDC_DOMAIN, name=name, display_name=name, kind="Group")


def _once(own: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Each user and group once: accounts of the operating system that have signed in are in both."""
    entries: dict[tuple[str, str, str], Entry] = {}
    for entry in (*own, *others):
        entries.setdefault((entry.domain.lower(), entry.name.lower(), entry.kind), entry)
    return list(entries.values())


def _of_system(host_name: str, names: Iterable[str] | None) -> list[Entry]:
    """All users and groups from UID_MIN up; or those of these names, whatever they are."""
    if names is None:
        users = [one for one in pwd.getpwall() if FIRST_ID <= one.pw_uid != NOBODY]
        groups = [one for one in grp.getgrall() if FIRST_ID <= one.gr_gid != NOBODY]
    else:
        users, groups = _named(names)
    entries = [
        *(_user(host_name, one) for one in users if not _MANAGED.match(one.pw_gecos)),
        *(_group(host_name, one) for one in groups if not one.gr_name.startswith("fl-")),
    ]
    return sorted(entries, key=lambda entry: (entry.kind != "User", entry.name))[:MAX_ENTRIES]


def _named(names: Iterable[str]) -> tuple[list[pwd.struct_passwd], list[grp.struct_group]]:
    users: dict[int, pwd.struct_passwd] = {}
    groups: dict[int, grp.struct_group] = {}
    for name in names:
        bare = name.rpartition("\\")[2].partition("@")[0]
        try:
            user = _user_of_sid(name) or pwd.getpwnam(bare)
            users[user.pw_uid] = user
        except (KeyError, ValueError, OSError):
            pass  # no user of that name
        try:
            group = _group_of_sid(name) or grp.getgrnam(bare)
            groups[group.gr_gid] = group
        except (KeyError, ValueError, OSError):
            pass  # no group of that name
    return list(users.values()), list(groups.values())


def _user_of_sid(text: str) -> pwd.struct_passwd | None:
    number = _number(text, USER_SID)
    return None if number is None else pwd.getpwuid(number)


def _group_of_sid(text: str) -> grp.struct_group | None:
    number = _number(text, GROUP_SID)
    return None if number is None else grp.getgrgid(number)


def _number(text: str, prefix: str) -> int | None:
    tail = text[len(prefix) :] if text.upper().startswith(prefix) else ""
    return int(tail) if tail.isascii() and tail.isdecimal() and len(tail) <= 10 else None


def _user(host_name: str, found: pwd.struct_passwd) -> Entry:
    return Entry(
        domain=host_name,
        name=found.pw_name,
        display_name=found.pw_gecos.partition(",")[0] or found.pw_name,
        kind="User",
        sid=f"{USER_SID}{found.pw_uid}",
        enabled=not found.pw_shell.endswith(("/nologin", "/false")),
        is_built_in=found.pw_uid < FIRST_ID,
    )


def _group(host_name: str, found: grp.struct_group) -> Entry:
    return Entry(
        domain=host_name,
        name=found.gr_name,
        display_name=found.gr_name,
        kind="Group",
        sid=f"{GROUP_SID}{found.gr_gid}",
        is_built_in=found.gr_gid < FIRST_ID,
    )
