"""Machines, and applications."""

from __future__ import annotations

from footlight.sdk.collection import pages_of
from footlight.sdk.operation import Resource, S
from footlight.sdk.types.session import Session


class Machines(Resource[S]):
    """`client.machines`. A machine is named by its id, HOST, DOMAIN\\HOST or DNS name."""

    sessions = pages_of(
        "GET /Machines/{nameOrId}/Sessions",
        "All sessions on a machine. Raises NotFound.",
        Session,
    )


class Applications(Resource[S]):
    """`client.applications`."""

    sessions = pages_of(
        "GET /Applications/{nameOrId}/Sessions",
        "The sessions in which an application runs. Raises NotFound.",
        Session,
    )
