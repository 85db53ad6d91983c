"""What can be launched, and launching it."""

from __future__ import annotations

import builtins
import uuid

from footlight.sdk.flow import Flow, ask, ask_bytes, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own
from footlight.sdk.types.own import Launched
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
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Flow[Launched]:
        """Start a session of `resource` (name or id), or take up the user's running one unless
        `new`. A repetition within 10 minutes under the same key gives the first answer; without a
        key one is made for this call, so that its retries start one session. Raises Conflict,
        Unavailable."""
        request = own.launch(
            resource,
            machine=machine,
            user=user,
            new=new,
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
