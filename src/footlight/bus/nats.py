"""The bus over NATS: the transport of a site of several machines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol

from nats.aio.msg import Msg

from footlight.bus import posts, subjects
from footlight.bus.answering import answer
from footlight.bus.bus import (
    ByteStream,
    Handler,
    HostHandler,
    PostHandler,
    Registration,
    StreamHandler,
)
from footlight.bus.credentials import BusKeys, inbox_of
from footlight.bus.link import Heard, Link, Way
from footlight.bus.subjects import host_of, of_host
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

CONNECTED_WITHIN_S = 10.0
HANDLED_AT_ONCE = 256  # requests on one subject; more are refused at once
OF_HOSTS_AT_ONCE = 2048  # of all hosts on one topic: after a pause all may ask at one moment
_REFUSED = "Footlight-Unavailable"  # header of an answer: it is why there is none


class Streams(Protocol):
    """What carries streams; NATS itself does not."""

    async def listen(self, subject: str, handler: StreamHandler) -> Registration: ...
    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream: ...


class NatsBus:
    """Requests over the server's subjects, posts over its streams (posts.py)."""

    def __init__(self, way: Way, streams: Streams | None = None) -> None:
        self._link = Link(way)
        self._streams = streams
        self._served: dict[str, _Served] = {}
        self._consumers: set[posts.Consumer] = set()
        self._running: set[asyncio.Task[Any]] = set()

    @classmethod
    async def connect(
        cls,
        servers: Sequence[str],
        jwt: str,
        seed: str,
        ca_pem: str,
        machine_id: str,
        *,
        within_s: float = CONNECTED_WITHIN_S,
    ) -> NatsBus:
        """As a host. `servers` are HOST:PORT. Raises Unavailable with the reason when there is no connection in
        time; with 0 it does not wait, and connects as soon as it can."""
        inbox = inbox_of(machine_id)
        return await cls._started(
            Way(tuple(servers), ca_pem, jwt, seed, inbox, f"host {machine_id}"), within_s
        )

    @classmethod
    async def connect_server(
        cls,
        servers: Sequence[str],
        keys: BusKeys,
        ca_pem: str,
        *,
        within_s: float = CONNECTED_WITHIN_S,
    ) -> NatsBus:
        """As a server of the site, otherwise the same."""
        jwt, seed = keys.server_user()
        made = await cls._started(
            Way(tuple(servers), ca_pem, jwt, seed, "_INBOX", "server"), within_s
        )
        if made.is_connected:
            for topic in subjects.POSTED:
                await posts.keep(made._link, topic)
        return made

    @classmethod
    async def _started(cls, way: Way, within_s: float) -> NatsBus:
        made = cls(way)
        await made._link.start()
        if within_s > 0:
            try:
                await made._link.wait_up(within_s)
            except BaseException:
                await made.close()
                raise
        return made

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection now; it comes back by itself."""
        return self._link.is_up

    def carry_streams(self, streams: Streams) -> None:
        """Let that carry them from now on."""
        self._streams = streams

    def renew(self, jwt: str) -> None:
        """Connect again with a newer credential of the same key."""
        self._link.renew(jwt)

    async def serve(self, subject: str, handler: Handler) -> Registration:
        async def take(message: Msg) -> None:
            self._answer(served, subject, message, handler)

        served = _Served(self._served, subject, HANDLED_AT_ONCE)
        return await self._register(served, subject, take)

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        message = await self._link.ask(subject, payload, timeout_s)
        if message.headers and _REFUSED in message.headers:
            raise Unavailable(message.data.decode())
        return message.data

    async def send(self, subject: str, payload: bytes) -> None:
        await self._link.say(subject, payload)

    async def serve_hosts(self, topic: str, handler: HostHandler) -> Registration:
        async def take(message: Msg) -> None:
            named = host_of(message.subject)
            if named is not None:
                machine_id = named[0]
                self._answer(served, message.subject, message, lambda p: handler(machine_id, p))

        subject = of_host("*", topic)
        served = _Served(self._served, subject, OF_HOSTS_AT_ONCE)
        return await self._register(served, subject, take, queue="servers")

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        await posts.post(self._link, subject, payload, timeout_s)

    async def consume_hosts(self, topic: str, handler: PostHandler) -> Registration:
        consumer = posts.Consumer(self._link, topic, handler)
        self._consumers.add(consumer)
        await consumer.start()
        return consumer

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        return await self._carrier(subject).listen(subject, handler)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        return await self._carrier(subject).dial(subject, hello, timeout_s)

    async def close(self) -> None:
        for consumer in list(self._consumers):
            await consumer.close()
        self._consumers.clear()
        await self._link.close()
        await cancel(*self._running)

    def _carrier(self, subject: str) -> Streams:
        if self._streams is None:
            raise Unavailable(f"{subject}: nothing carries streams here")
        return self._streams

    async def _register(
        self,
        served: _Served,
        subject: str,
        take: Callable[[Msg], Awaitable[None]],
        queue: str = "",
    ) -> Registration:
        before = self._served.get(subject)
        self._served[subject] = served
        served.heard = await self._link.hear(subject, take, queue)
        if before is not None:
            await before.close()
        return served

    def _answer(self, served: _Served, subject: str, message: Msg, handler: Handler) -> None:
        if served.running >= served.most:
            refusal = Unavailable(f"{subject}: too much is asked at once")
            self._start(f"refuse {subject}", self._reply(message, refusal))
            return
        served.running += 1
        task = self._start(f"request {subject}", self._work(subject, message, handler))
        task.add_done_callback(served.ended)

    async def _work(self, subject: str, message: Msg, handler: Handler) -> None:
        await self._reply(message, await answer(subject, handler, message.data))

    async def _reply(self, message: Msg, said: bytes | Unavailable) -> None:
        if not message.reply:
            return
        try:
            if isinstance(said, Unavailable):
                words = said.message.encode()
                await self._link.say(message.reply, words, headers={_REFUSED: "1"})
            else:
                await self._link.say(message.reply, said)
        except Unavailable as silence:
            _log.debug("an answer did not leave", subject=message.subject, reason=silence.message)

    def _start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = spawn(name, work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


class _Served:
    """A subject with its handler, until closed or until another took it over."""

    def __init__(self, table: dict[str, _Served], subject: str, most: int) -> None:
        self.running = 0
        self.most = most
        self.heard: Heard | None = None
        self._table = table
        self._subject = subject

    def ended(self, _task: asyncio.Task[Any]) -> None:
        self.running -= 1

    async def close(self) -> None:
        if self._table.get(self._subject) is self:
            del self._table[self._subject]
        heard, self.heard = self.heard, None
        if heard is not None:
            await heard.close()
