"""What can be launched, and launching it."""

from __future__ import annotations

import uuid
from typing import cast

from footlight.sdk.pages import read_page
from footlight.sdk.requests import own
from footlight.sdk.sender import Sender
from footlight.sdk.types.own import Launched, Resource


class Launches:
    """`client.launches`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        resource: str,
        *,
        machine: str | None = None,
        user: str | None = None,
        new: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Launched:
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
        return cast(Launched, self._sender.send(request))


class Resources:
    """`client.resources`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> list[Resource]:
        """What the caller may launch."""
        return read_page(self._sender.send(own.resources())).items
