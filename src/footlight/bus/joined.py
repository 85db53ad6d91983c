"""Two transports as one: a server with a host in its own process, and hosts of other machines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from footlight.bus.bus import (
    Bus,
    ByteStream,
    Handler,
    HostHandler,
    PostHandler,
    Registration,
    StreamHandler,
)
from footlight.bus.inprocess import InProcessBus
from footlight.bus.subjects import host_of


class JoinedBus:
    """What is served locally is asked locally, everything else remotely. Who hears hosts hears them on both. The
    remote transport may come later (`attach`); what hears hosts then hears its hosts, too."""

    def __init__(self, local: InProcessBus, remote: Bus | None = None) -> None:
        self._local = local
        self._remote = remote
        self._topics: set[_Topic] = set()

    @property
    def remote(self) -> Bus | None:
        """The one for hosts of other machines, if there is one."""
        return self._remote

    async def attach(self, remote: Bus) -> None:
        """From now on with this remote transport, in place of the one before, which the caller closes."""
        self._remote = remote
        for topic in list(self._topics):
            await topic.begin(remote)

    async def serve(self, subject: str, handler: Handler) -> Registration:
        return await self._local.serve(subject, handler)

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        return await self._side(subject).request(subject, payload, timeout_s)

    async def send(self, subject: str, payload: bytes) -> None:
        await self._side(subject).send(subject, payload)

    async def serve_hosts(self, topic: str, handler: HostHandler) -> Registration:
        return await self._register(
            _Topic(self._topics, lambda bus: bus.serve_hosts(topic, handler))
        )

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        # Who posts here is the host in this process.
        await self._local.post(subject, payload, timeout_s)

    async def consume_hosts(self, topic: str, handler: PostHandler) -> Registration:
        return await self._register(
            _Topic(self._topics, lambda bus: bus.consume_hosts(topic, handler))
        )

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        return await self._local.listen(subject, handler)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        return await self._side(subject).dial(subject, hello, timeout_s)

    async def close(self) -> None:
        """Both."""
        await self._local.close()
        if self._remote is not None:
            await self._remote.close()

    def _side(self, subject: str) -> Bus:
        """Where that is served; the local side says best that nobody does, if there is no other."""
        if self._remote is None or self._local.has(subject) or host_of(subject) is not None:
            return self._local
        return self._remote

    async def _register(self, topic: _Topic) -> Registration:
        await topic.begin(self._local)
        if self._remote is not None:
            await topic.begin(self._remote)
        self._topics.add(topic)
        return topic


class _Topic:
    """A topic of hosts that is heard on several transports, until closed."""

    def __init__(
        self, table: set[_Topic], register: Callable[[Bus], Awaitable[Registration]]
    ) -> None:
        self._table = table
        self._register = register
        self._begun: list[Registration] = []

    async def begin(self, bus: Bus) -> None:
        """Hear it there, too."""
        self._begun.append(await self._register(bus))

    async def close(self) -> None:
        self._table.discard(self)
        begun, self._begun = self._begun, []
        for registration in begun:
            await registration.close()
