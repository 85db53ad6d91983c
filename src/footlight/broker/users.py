"""Whom a session is for, by all that rules and limits ask of him."""

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
    """An account with its groups at its last sign-in, or a name that has no account yet (`account_id` "")."""

    account_id: str
    name: str  # of one of a host with its domain
    source: Source = "site"
    groups: tuple[tuple[str, str], ...] = ()  # source and name of each

    @property
    def key(self) -> str:
        """The same for the same user."""
        return self.account_id or self.name.lower()

    def person(self) -> Person:
        """By all names that rules may know him by. May take a moment where groups come from a directory."""
        if self.source == "visitor":
            return entitlement.VISITOR
        return entitlement.person(self.name, self.source, self.groups)


def user_of(connection: Connection, caller: Caller, site_name: str, name: str | None) -> User:
    """The user that a name means; the caller for None."""
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
