"""Service accounts: API clients that expire."""

from __future__ import annotations

import builtins

from footlight.sdk.flow import Flow, ask, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own
from footlight.sdk.types.own import ServiceAccount, ServiceAccountSecret


class ServiceAccounts(Resource[S]):
    """`client.service_accounts`. Times are RFC 3339."""

    @operation
    def list(self) -> Flow[builtins.list[ServiceAccount]]:
        """All API clients of the site, the oldest first; the expired ones too."""
        return ask_items(own.service_accounts())

    @operation
    def get(self, id: str) -> Flow[ServiceAccount]:
        """One of them. Raises NotFound."""
        return ask(own.service_account(id))

    @operation
    def create(
        self, name: str, *, account: str | None = None, expires_at: str | None = None
    ) -> Flow[ServiceAccountSecret]:
        """A new one, with the secret, which is told this once. It acts as `account` (name or id), by default the
        caller's; it expires in 90 days unless `expires_at` says otherwise. Raises Forbidden, Conflict."""
        return ask(own.create_service_account(name, account, expires_at))

    @operation
    def rotate(
        self, id: str, *, old_valid_seconds: int | None = None, expires_at: str | None = None
    ) -> Flow[ServiceAccountSecret]:
        """A new secret; the one before stays good for `old_valid_seconds`, by default not at all, with the tokens
        that were got with it. `expires_at`: a new expiry too."""
        return ask(own.rotate_service_account(id, old_valid_seconds, expires_at))

    @operation
    def revoke(self, id: str) -> Flow[None]:
        """It is gone, and its tokens are dead. Raises NotFound."""
        return ask(own.revoke_service_account(id))
