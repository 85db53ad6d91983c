"""Machines, and applications: the sessions of each."""

from __future__ import annotations

from collections.abc import Sequence

from footlight.sdk.flow import Flow, ask_items
from footlight.sdk.operation import Resource, S, listing, operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests import cvad
from footlight.sdk.types.session import Session


class Machines(Resource[S]):
    """`client.machines`."""

    @operation
    def sessions(
        self,
        name_or_id: str,
        *,
        fields: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Flow[list[Session]]:
        """All sessions on a machine, by its id, HOST, DOMAIN\\HOST or DNS name. Raises NotFound."""
        query = {"fields": None if fields is None else ",".join(fields)}
        request = cvad.sessions_of("Machines", name_or_id, query, timeout_s)
        return ask_items(request)


class Applications(Resource[S]):
    """`client.applications`."""

    @listing
    def sessions(
        self, name_or_id: str, *, limit: int | None = None, timeout_s: float | None = None
    ) -> Listing[Session]:
        """The sessions in which an application runs. Raises NotFound."""
        request = cvad.sessions_of("Applications", name_or_id, {"limit": limit}, timeout_s)
        return Listing(request)
