"""Hosts of the site, and the codes by which they come to it."""

from __future__ import annotations

from footlight.sdk.collection import action, creation, item, pages
from footlight.sdk.operation import Resource, S

CODES = "/footlight/v1/enrolments"
HOSTS = "/footlight/v1/hosts"


class Hosts(Resource[S]):
    """`client.hosts`. A host is named by its machine's id, HOST or DOMAIN\\HOST."""

    list = pages(f"GET {HOSTS}", "The enrolled hosts that you see.")
    get = item(f"GET {HOSTS}/{{id}}", "One enrolled host. Raises NotFound.")
    revoke = action(f"POST {HOSTS}/{{id}}/revoke", "The host is the site's no more, at once.")
    rotate = action(f"POST {HOSTS}/{{id}}/rotate", "Have the host make new keys.")
    forget = action(f"DELETE {HOSTS}/{{id}}", "Forget a host that is revoked.")
    codes = pages(f"GET {CODES}", "The enrolment codes that you see, the newest first.")
    enroll = creation(
        f"POST {CODES}",
        "A code for one host (`minutes`, `description`, `zone`, `catalog`, `deliveryGroup`, `machine`); the answer "
        "holds it this once, with the command to run on the host.",
    )
    revoke_code = action(f"DELETE {CODES}/{{id}}", "A code is good for nothing any more.")
