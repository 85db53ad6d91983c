"""Users and groups as the site knows them, and where they come from."""

from __future__ import annotations

from footlight.sdk.collection import change, creation, item, pages
from footlight.sdk.operation import Resource, S


class Identity(Resource[S]):
    """`client.identity`."""

    users = pages(
        "GET /Identity/Users",
        "Users and groups; `user` (a list), `starts_with`, `contains` or `matches`, `user_type` choose.",
    )
    user = item("GET /Identity/Users/{userOrGroup}", "One, by name or SID. Raises NotFound.")
    update_user = change(
        "PATCH /Identity/Users/{userOrGroup}", "Change the display name of an account."
    )
    validate = creation(
        "POST /Identity/Users/$validate", "Whether `UserName` and `Password` belong together."
    )
    domains = pages("GET /Identity/Domains", "The site's own domain, and its host's.")
    domain = item("GET /Identity/Domains/{domain}", "One of them. Raises NotFound.")
    forests = pages("GET /Identity/Forests", "The one that the site is.")
    forest = item("GET /Identity/Forests/{forest}", "One of them. Raises NotFound.")
    directories = pages("GET /Identity/Directories", "Where users come from.")
    containers = pages("GET /Identity/Containers", "Organizational units.")
    machines = pages("GET /Identity/Machines", "Hosts of the site.")
    machine = item("GET /Identity/Machines/{machine}", "One host. Raises NotFound.")
