"""Accounts of the site."""

from __future__ import annotations

from typing import cast

from footlight.sdk.pages import read_page
from footlight.sdk.requests import own
from footlight.sdk.sender import Sender
from footlight.sdk.types.own import Account, NewPassword


class Accounts:
    """`client.accounts`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> list[Account]:
        """All accounts of the site."""
        return read_page(self._sender.send(own.accounts())).items

    def create(
        self,
        name: str,
        *,
        password: str | None = None,
        display_name: str | None = None,
        administrator: bool | None = None,
    ) -> Account:
        """A new account. Raises Conflict when the name is taken."""
        request = own.create_account(name, password, display_name, administrator)
        return cast(Account, self._sender.send(request))

    def set_password(self, id_or_name: str, password: str | None = None) -> NewPassword:
        """A new password, made up by the site when None is given; the answer holds it. The account's
        tokens are dead."""
        return cast(NewPassword, self._sender.send(own.set_password(id_or_name, password)))
