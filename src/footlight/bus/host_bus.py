"""The bus that hosts of other machines come to, as the server sees it that sends them there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from footlight.bus.lines import Lines
from footlight.bus.nats import NatsBus

Carry = Callable[[NatsBus], Lines]  # gives a bus what carries its streams


class HostBus(Protocol):
    """Where it is. It need not be there before the first host is to come."""

    def told(self) -> list[str]:
        """HOST:PORT each, as hosts are told; none while none is known."""
        ...

    def own(self) -> list[str]:
        """HOST:PORT each, where this server reaches it; none while it does not run."""
        ...

    async def open(self) -> None:
        """Returns once hosts can come. Raises Unavailable with the reason why they can't."""
        ...

    def begin(self, carry: Carry) -> None:
        """The server's parts are there: streams go over what `carry` gives."""
        ...

    async def close(self) -> None:
        """Let go of all streams, and end what it has started. Safe to call twice."""
        ...


class GivenBus:
    """A bus that somebody else runs. `bus` None: this server is not connected to it."""

    def __init__(self, servers: list[str], bus: NatsBus | None) -> None:
        self._servers = servers
        self._bus = bus
        self._lines: Lines | None = None

    def told(self) -> list[str]:
        return self._servers

    def own(self) -> list[str]:
        return self._servers

    async def open(self) -> None:
        return

    def begin(self, carry: Carry) -> None:
        if self._bus is not None:
            self._lines = carry(self._bus)

    async def close(self) -> None:
        lines, self._lines = self._lines, None
        if lines is not None:
            await lines.close()
