"""Who may use what: users and groups that a delivery group, a desktop, an application or a machine names.

Principals are kept as given, a name of the site's own domain without it. They are compared in any case with the
names of a person: its own, those of its groups, their SIDs, and the words for everybody. A group of the OpenID
Connect provider is `OIDC\name`, so that no account that people name themselves is taken for one.
Source: rest-api.md section 7.3, "Users".
"""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from footlight.errors import Invalid
from footlight.store import schema
from footlight.store.store import Tx

MAX_PRINCIPALS = 1000
MAX_PRINCIPAL_CHARACTERS = 128
_EVERYBODY = frozenset(("everyone", "authenticated users", "domain users", "s-1-1-0", "s-1-5-11"))
# SIDs of accounts and groups of a Unix host, by Samba's convention.
USER_SID, GROUP_SID = "S-1-22-1-", "S-1-22-2-"

_e = schema.entitlements
_r = schema.entitlement_rules


@dataclass(frozen=True)
class Person:
    """Somebody who wants to use something, by all names that rules may know it by, in lower case."""

    names: frozenset[str]
    visitor: bool = False  # without an account


@dataclass(frozen=True)
class Rule:
    """Users that are included and excluded, and whether those lists count. Without any, everybody may."""

    included_only: bool = False
    use_excluded: bool = False
    allow_anonymous: bool = False
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


OPEN = Rule()
VISITOR = Person(frozenset(("everyone", "s-1-1-0", "anonymous logon", "s-1-5-7")), visitor=True)


def allows(rule: Rule, person: Person) -> bool:
    """Whether the person may, by this rule; excluding is stronger than including."""
    if rule.use_excluded and any(name.lower() in person.names for name in rule.excluded):
        return False
    return not rule.included_only or any(name.lower() in person.names for name in rule.included)


def admits(rule: Rule, person: Person) -> bool:
    """Whether a group with this rule lets the person in: of visitors it says so for itself."""
    return rule.allow_anonymous if person.visitor else allows(rule, person)


def person(name: str, source: str = "site", groups: Iterable[tuple[str, str]] = ()) -> Person:
    """The account of that name, with its groups: those that its source told (pairs of source and name), and of an
    account of the site or the operating system those of the like-named account there. One of a host's is
    HOST\\name: it is not who has that name in the site. May take a moment where groups come from a directory."""
    host, _, bare = name.rpartition("\\")
    names = {name.lower(), *_EVERYBODY}
    for origin, group in groups:
        names.add(f"oidc\\{group}".lower() if origin == "oidc" else group.lower())
        if host:
            names.add(f"{host}\\{group}".lower())
    if source == "oidc":  # who is called like an account of the operating system is not it
        return Person(frozenset(names))
    try:
        entry = pwd.getpwnam(bare)
        gids = os.getgrouplist(entry.pw_name, entry.pw_gid)
    except (KeyError, ValueError, OSError):
        return Person(frozenset(names))
    names.add(f"{USER_SID}{entry.pw_uid}".lower())
    for gid in gids:
        names.add(f"{GROUP_SID}{gid}".lower())
        try:
            names.add(grp.getgrgid(gid).gr_name.lower())
        except (KeyError, OSError):
            continue  # a group without a name
    return Person(frozenset(names))


def principals(
    connection: Connection, given: Iterable[str], site_name: str, member: str
) -> tuple[str, ...]:
    """The names and SIDs in the form in which they are kept. Raises Invalid naming the member."""
    found: dict[str, str] = {}
    for text in given:
        kept = _kept(connection, text.strip(), site_name, member)
        found.setdefault(kept.lower(), kept)
    if len(found) > MAX_PRINCIPALS:
        raise Invalid(
            f"{member} names at most {MAX_PRINCIPALS}.", name=member, problem="outOfRange"
        )
    return tuple(found.values())


def rules(connection: Connection, object_ids: Iterable[str]) -> Mapping[str, Rule]:
    """The rules of these objects; one that is not named is open."""
    ids = list(object_ids)
    lists: dict[tuple[str, bool], list[str]] = {}
    query = select(_e).where(_e.c.object_id.in_(ids)).order_by(_e.c.principal)
    for row in connection.execute(query):
        lists.setdefault((row.object_id, bool(row.excluded)), []).append(row.principal)
    counts = {
        row.object_id: row for row in connection.execute(select(_r).where(_r.c.object_id.in_(ids)))
    }
    found: dict[str, Rule] = {}
    for object_id in {*counts, *(one for one, _ in lists)}:
        count = counts.get(object_id)
        found[object_id] = Rule(
            included_only=count is not None and bool(count.included_only),
            use_excluded=count is not None and bool(count.use_excluded),
            allow_anonymous=count is not None and bool(count.allow_anonymous),
            included=tuple(lists.get((object_id, False), ())),
            excluded=tuple(lists.get((object_id, True), ())),
        )
    return found


def put(tx: Tx, object_id: str, rule: Rule) -> None:
    """The object has exactly this rule."""
    forget_object(tx, object_id)
    rows = [
        {"object_id": object_id, "principal": name, "excluded": excluded}
        for names, excluded in ((rule.included, False), (rule.excluded, True))
        for name in names
    ]
    if rows:
        tx.connection.execute(_e.insert(), rows)
    if rule.included_only or rule.use_excluded or rule.allow_anonymous:
        tx.connection.execute(
            _r.insert().values(
                object_id=object_id,
                included_only=rule.included_only,
                use_excluded=rule.use_excluded,
                allow_anonymous=rule.allow_anonymous,
            )
        )


def assigned(connection: Connection, machine_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Who the machines are assigned to; those that are nobody's are not named."""
    return {
        one: rule.included for one, rule in rules(connection, machine_ids).items() if rule.included
    }


def included(connection: Connection, object_ids: Select[tuple[str]]) -> dict[str, tuple[str, ...]]:
    """Who those objects name; the others are left out."""
    query = (
        select(_e.c.object_id, _e.c.principal)
        .where(_e.c.object_id.in_(object_ids), _e.c.excluded.is_(False))
        .order_by(_e.c.principal)
    )
    found: dict[str, tuple[str, ...]] = {}
    for object_id, name in connection.execute(query):
        found[object_id] = (*found.get(object_id, ()), name)
    return found


def assign(tx: Tx, machine_id: str, names: tuple[str, ...]) -> None:
    """The machine is these users' alone; nobody's when there are none."""
    put(tx, machine_id, Rule(included_only=bool(names), included=names))


def forget_object(tx: Tx, object_id: str) -> None:
    """The object has no rule any more."""
    tx.connection.execute(_e.delete().where(_e.c.object_id == object_id))
    tx.connection.execute(_r.delete().where(_r.c.object_id == object_id))


def _kept(connection: Connection, text: str, site_name: str, member: str) -> str:
    if not text or len(text) > MAX_PRINCIPAL_CHARACTERS or not text.isprintable():
        raise Invalid(
            f"{member}: a name of 1 to {MAX_PRINCIPAL_CHARACTERS} characters is wanted.",
            name=member,
            value=text[:64],
        )
    if text.upper().startswith(USER_SID):
        return _of_session(connection, text) or text
    domain, _, name = text.rpartition("\\")
    if not domain:
        name, _, realm = text.partition("@")
        domain = realm.partition(".")[0]
    return name if domain.lower() in ("", site_name.lower()) and name else text


def _of_session(connection: Connection, sid: str) -> str | None:
    """The account whose sessions show that SID: they run as accounts of their host."""
    number = sid[len(USER_SID) :]
    if not number.isdecimal() or len(number) > 10:
        return None
    s, a = schema.sessions, schema.accounts
    query = (
        select(a.c.name)
        .join(s, s.c.account_id == a.c.id)
        .where(s.c.linux_uid == int(number), a.c.source != "os", a.c.os_name.is_(None))
        .order_by(s.c.uid.desc())
    )
    found: str | None = connection.execute(query.limit(1)).scalar()
    return found
