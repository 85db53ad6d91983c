"""What can be launched, and launching it."""

from __future__ import annotations

import builtins
import uuid

from footlight.sdk.collection import item
from footlight.sdk.flow import Flow, ask, ask_bytes, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own
from footlight.sdk.types.own import Launched, Placement
from footlight.sdk.types.own import Resource as Published


class Launches(Resource[S]):
    """`client.launches`."""

    @operation
    def create(
        self,
        resource: str,
        *,
        machine: str | None = None,
        user: str | None = None,
        new: bool = False,
        wait_s: int | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Flow[Launched]:
        """Start a session of `resource` (name or id), or take up the user's running one unless
        `new`. A repetition within 10 minutes under the same key gives the first answer; without a
        key one is made for this call, so that its retries start one session. `wait_s`: how long
        to wait for a machine when none is free (None: as the site has it; at most what it lets
        one). Raises Conflict, Unavailable."""
        request = own.launch(
            resource,
            machine=machine,
            user=user,
            new=new,
            wait_s=wait_s,
            idempotency_key=idempotency_key or str(uuid.uuid4()),
            timeout_s=timeout_s,
        )
        return ask(request)


class Resources(Resource[S]):
    """`client.resources`."""

    @operation
    def list(self) -> Flow[builtins.list[Published]]:
        """What the caller may launch."""
        return ask_items(own.resources())

    @operation
    def icon(self, id: str) -> Flow[bytes]:
        """The picture of one of them, a PNG of 48 by 48. Raises NotFound for one without."""
        return ask_bytes(own.resource_icon(id))

    placement = item(
        "GET /footlight/v1/resources/{nameOrId}/placement",
        "What a launch of it for a `user` (default: the caller) would do now, and of each machine whether it could "
        "take the session and why not. For administrators.",
        Placement,
    )
