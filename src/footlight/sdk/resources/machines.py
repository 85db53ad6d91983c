"""Machines, and applications: the sessions of each."""

from __future__ import annotations

from collections.abc import Sequence

from footlight.sdk.pages import Pager, read_page
from footlight.sdk.requests import cvad
from footlight.sdk.sender import Sender
from footlight.sdk.types.session import Session


class Machines:
    """`client.machines`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def sessions(
        self,
        name_or_id: str,
        *,
        fields: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> list[Session]:
        """All sessions on a machine, by its id, HOST, DOMAIN\\HOST or DNS name. Raises NotFound."""
        query = {"fields": None if fields is None else ",".join(fields)}
        request = cvad.sessions_of("Machines", name_or_id, query, timeout_s)
        return read_page(self._sender.send(request)).items


class Applications:
    """`client.applications`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def sessions(
        self, name_or_id: str, *, limit: int | None = None, timeout_s: float | None = None
    ) -> Pager[Session]:
        """The sessions in which an application runs. Raises NotFound."""
        request = cvad.sessions_of("Applications", name_or_id, {"limit": limit}, timeout_s)
        return Pager(request, self._sender.send)
