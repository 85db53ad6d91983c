"""The server itself, and what the caller keeps on it."""

from __future__ import annotations

from footlight.sdk.collection import action, creation, item, pages, value
from footlight.sdk.flow import Flow, ask_bytes
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own


class Server(Resource[S]):
    """`client.server`."""

    health = value("GET /HealthCheck", "True while the server answers.", bool)
    ping = value("GET /ping", "True while the server answers.", bool)
    status = value("GET /ping/status", "Whether the store answers too.", bool)
    about = value("GET /About", "What runs there.")
    time_zones = pages("GET /TimeZones/All", "Time zones by all their names.")
    reboot_schedules = pages("GET /RebootSchedules", "When machines are started anew.")

    overview = value(
        "GET /footlight/v1/overview",
        "The figures of the console's first page: sessions, machines and failures, now and over 24 h.",
    )
    caller = value(
        "GET /footlight/v1/me", "Who is calling, and the permissions that it has in any scope."
    )

    @operation
    def metrics(self) -> Flow[str]:
        """Figures of the server and of the site, in Prometheus' text format. Raises Forbidden without the permission to
        view the site."""
        text: bytes = yield from ask_bytes(own.metrics())
        return text.decode()

    object_name_exists = creation(
        "POST /$checkObjectNameExists",
        "Whether an object has that name (`ObjectType`, `NameOrPath`).",
        bool,
    )
    batch = creation(
        "POST /$batch",
        "Several requests in one: `Items` of Reference, Method, RelativeUrl, Headers and Body (text).",
    )


class Preferences(Resource[S]):
    """`client.preferences`: names and values that the caller keeps."""

    list = pages("GET /me/Preferences", "All of them; `name_prefix` chooses.")
    get = item("GET /me/Preferences/{name}", "The value of a name. Raises NotFound.")
    set = creation("PUT /me/Preferences", "Keep a `Value` under a `Name`.")
    delete = action("DELETE /me/Preferences/{name}", "Forget a name.")
