"""The server itself."""

from __future__ import annotations

from footlight.sdk.collection import value
from footlight.sdk.operation import Resource, S


class Server(Resource[S]):
    """`client.server`."""

    health = value("GET /HealthCheck", "True while the server answers.", bool)
    ping = value("GET /ping", "True while the server answers.", bool)
