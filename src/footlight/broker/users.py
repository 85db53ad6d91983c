"""Whom a session is for, by all that rules and limits ask of him."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from footlight.access import accounts
from footlight.access.accounts import Source
from footlight.caller import Caller


@dataclass(frozen=True)
class User:
    """An account with its groups at its last sign-in, or a name that has no account yet (`account_id` "")."""

    account_id: str
    name: str
    source: Source = "site"
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The same for the same user."""
        return self.account_id or self.name.lower()


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
    return User(account.id, account.name, account.source, tuple(told))
