"""Accounts of the site."""

from __future__ import annotations

import builtins

from footlight.sdk.flow import Flow, ask, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own
from footlight.sdk.types.own import Account, NewPassword


class Accounts(Resource[S]):
    """`client.accounts`."""

    @operation
    def list(self) -> Flow[builtins.list[Account]]:
        """All accounts of the site."""
        return ask_items(own.accounts())

    @operation
    def create(
        self,
        name: str,
        *,
        password: str | None = None,
        display_name: str | None = None,
        administrator: bool | None = None,
    ) -> Flow[Account]:
        """A new account. Raises Conflict when the name is taken."""
        request = own.create_account(name, password, display_name, administrator)
        return ask(request)

    @operation
    def map(self, id_or_name: str, os_account: str) -> Flow[Account]:
        """Sessions that the account begins from now on run as that account of the host, without its password. Raises
        NotFound, Conflict for one that may have none."""
        return ask(own.map_account(id_or_name, os_account))

    @operation
    def unmap(self, id_or_name: str) -> Flow[Account]:
        """They run as a Linux account of their own again. Raises NotFound."""
        return ask(own.unmap_account(id_or_name))

    @operation
    def set_password(
        self, id_or_name: str, password: str | None = None, *, revoke_clients: bool = False
    ) -> Flow[NewPassword]:
        """A new password, made up by the site when None is given; the answer holds it. The account's
        tokens are dead, and with `revoke_clients` the secrets of its API clients too."""
        return ask(own.set_password(id_or_name, password, revoke_clients))
