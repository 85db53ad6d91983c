"""Whom a launch is for, as entitlement and limits know him."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from footlight.access import accounts
from footlight.access.accounts import Source
from footlight.caller import Caller
from footlight.site import entitlement
from footlight.site.entitlement import Person


@dataclass(frozen=True)
class User:
    """`account_id` "": there is no account yet. `name`: of one of a host with its domain."""

    account_id: str
    name: str
    source: Source = "site"
    groups: tuple[tuple[str, str], ...] = ()  # source and name of each

    def person(self) -> Person:
        """By all names that rules may know him by. May take a moment where groups come from a directory."""
        if self.source == "visitor":
            return entitlement.VISITOR
        return entitlement.person(self.name, self.source, self.groups)


def user_of(connection: Connection, caller: Caller, name: str | None, site_name: str) -> User:
    """The user of that name; None: the caller."""
    account = (
        accounts.by_id(connection, caller.account_id)
        if name is None
        else accounts.of_user_name(connection, site_name, name)
    )
    if account is None:
        return User("", (name or caller.name).rpartition("\\")[2])
    told = accounts.groups_of(connection, account.id)
    shown = accounts.user_name(site_name, account) if account.domain else account.name
    return User(account.id, shown, account.source, tuple(told))
