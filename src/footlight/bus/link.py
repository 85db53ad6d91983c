"""A connection to the NATS server that comes back by itself, with everything that is heard on it."""

from __future__ import annotations

import asyncio
import base64
import itertools
import random
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from footlight.bus.nkey import KeyPair
from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

CONNECT_S = 3.0
END_S = 0.5
FIRST_RETRY_S = 0.1
LONGEST_RETRY_S = 2.0  # so that what waits for the bus is soon told after it is back
STEADY_S = 10.0  # a connection that has lasted so long was a good one
# A server that is gone without a word is noticed after both.
PING_EACH_S = 3.0
PONG_S = 3.0
GRACE_S = 1.0  # what is said while the connection comes back waits so long for it
_LONG_S = 86_400
_NO_RESPONDERS = "503"
_MAY_NOT = re.compile(r'permissions violation for publish to "([^"]+)"', re.IGNORECASE)

Callback = Callable[[Msg], Awaitable[None]]


@dataclass(frozen=True)
class Way:
    """How to connect. `servers` are HOST:PORT; their certificates have to be of `ca_pem` and name the host."""

    servers: tuple[str, ...]
    ca_pem: str
    jwt: str = field(repr=False)
    seed: str = field(repr=False)
    inbox: str
    name: str


class Heard:
    """A subject that is heard on every connection, until closed."""

    def __init__(self, link: Link, subject: str, queue: str, callback: Callback) -> None:
        self.subject = subject
        self.queue = queue
        self.callback = callback
        self._link = link
        self._on: Subscription | None = None

    async def begin(self, client: Client) -> None:
        """Hear it on that connection."""
        self._on = await client.subscribe(self.subject, queue=self.queue, cb=self.callback)

    async def close(self) -> None:
        """Hear it no more."""
        self._link.heard.discard(self)
        subscribed, self._on = self._on, None
        if subscribed is not None:
            with suppress(nats.errors.Error, OSError):  # the connection is gone, and with it this
                await subscribed.unsubscribe()


class Link:
    """Connects again without end. While there is no connection, what is said fails with the reason."""

    def __init__(self, way: Way) -> None:
        self.heard: set[Heard] = set()
        self.lost: set[Callable[[], None]] = set()  # called when a connection is
        self._way = way
        self._tls = ssl.create_default_context(cadata=way.ca_pem)
        self._client: Client | None = None
        self._up = asyncio.Event()
        self._lost = asyncio.Event()
        self._reason = "not connected yet"
        self._closed = False
        self._numbers = itertools.count(1)
        self._inbox = f"{way.inbox}.{KeyPair.generate('user').public[1:23]}"
        self._beginning: set[asyncio.Task[None]] = set()
        self._asked: dict[str, tuple[str, asyncio.Future[Msg]]] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        """Whether there is a connection now."""
        return self._client is not None

    async def start(self) -> None:
        """Begin to connect."""
        await self.hear(f"{self._inbox}.*", self._take_answer)
        self._task = spawn(f"bus {self._way.name}", self._run())

    async def close(self) -> None:
        """For good; what still waits for an answer gets Unavailable."""
        self._closed = True
        self._reason = "this side has closed"
        # The library (and wait_for of Python 3.11 in it) loses a cancellation now and then.
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=END_S)
        await self._drop()

    async def wait_up(self, timeout_s: float) -> None:
        """Returns once connected. Raises Unavailable with the reason why not."""
        if self._client is None and not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._up.wait()
        self._connected()

    def renew(self, jwt: str) -> None:
        """Use that credential from the next connection on, which is made now."""
        self._way = replace(self._way, jwt=jwt)
        self._lost.set()

    async def hear(self, subject: str, callback: Callback, queue: str = "") -> Heard:
        """Call back with what is said on the subject; with a queue's name one of its members hears each."""
        heard = Heard(self, subject, queue, callback)
        self.heard.add(heard)
        if self._client is not None:
            # Not cut short: a pong that nobody waits for any more breaks the library's reading.
            beginning = spawn(f"hear {subject}", self._begin(heard, self._client))
            self._beginning.add(beginning)
            beginning.add_done_callback(self._beginning.discard)
            await asyncio.wait({beginning}, timeout=CONNECT_S)
        return heard

    @staticmethod
    async def _begin(heard: Heard, client: Client) -> None:
        # Where that fails, the next connection begins with it.
        with suppress(nats.errors.Error, OSError, TimeoutError):
            await heard.begin(client)
            await _taken_in(client, _LONG_S)

    async def say(
        self, subject: str, payload: bytes, reply: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Once. Raises Unavailable when it can't leave."""
        client = self._connected()
        try:
            await client.publish(subject, payload, reply=reply, headers=headers)
        except (nats.errors.ConnectionClosedError, OSError):
            raise Unavailable("no connection to the bus: it is just lost") from None
        except nats.errors.Error as error:
            raise Unavailable(f"{subject}: {_words(error)}") from None

    def new_inbox(self) -> str:
        """A subject that only this side may hear; not that of answers to `ask`."""
        return f"{self._inbox}.x.{next(self._numbers)}"

    async def ask(self, subject: str, payload: bytes, timeout_s: float) -> Msg:
        """The answer. Raises Unavailable on silence, at once when nobody is there or the connection is lost."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        await self.wait_up(min(timeout_s, GRACE_S))
        number = f"{self._inbox}.{next(self._numbers)}"
        answer: asyncio.Future[Msg] = loop.create_future()
        self._asked[number] = (subject, answer)
        try:
            await self.say(subject, payload, reply=number)
            async with asyncio.timeout_at(deadline):
                message = await answer
        except TimeoutError:
            raise Unavailable(f"no answer from {subject} within {timeout_s:g} s") from None
        finally:
            del self._asked[number]
        if message.headers and message.headers.get("Status") == _NO_RESPONDERS:
            raise Unavailable(f"nobody serves {subject}")
        return message

    async def _take_answer(self, message: Msg) -> None:
        waiting = self._asked.get(message.subject)
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(message)

    def _connected(self) -> Client:
        if self._client is None:
            raise Unavailable(f"no connection to the bus: {self._reason}")
        return self._client

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        servers = itertools.cycle(self._way.servers)
        retry_s = FIRST_RETRY_S
        while True:
            began = loop.time()
            self._lost.clear()
            try:
                server = next(servers)
                self._client = await self._connect(server)
                self._up.set()
                _log.info("connected to the bus", server=server)
                await self._watch(self._client)
                _log.info("connection to the bus lost", reason=self._reason)
            except (OSError, TimeoutError, Invalid, nats.errors.Error) as error:
                if self._reason != (words := _words(error)):
                    _log.warning("no connection to the bus", reason=words)
                self._reason = words
            await self._drop()
            if loop.time() - began > STEADY_S:
                retry_s = FIRST_RETRY_S
            await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))
            retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    async def _watch(self, client: Client) -> None:
        """Returns when the connection is no good any more. The library would wait for its end in good order."""
        while not self._lost.is_set():
            try:
                async with asyncio.timeout(PING_EACH_S):
                    await self._lost.wait()
            except TimeoutError:
                try:
                    async with asyncio.timeout(PONG_S):
                        await client.flush(_LONG_S)
                except (OSError, TimeoutError, nats.errors.Error) as error:
                    self._reason = _words(error)
                    return

    async def _connect(self, server: str) -> Client:
        client, pair = Client(), KeyPair.from_seed(self._way.seed)
        failures: list[Exception] = []

        async def note(error: Exception) -> None:
            failures.append(error)
            del failures[:-1]
            self._note(error)

        async def lost() -> None:
            self._lost.set()

        def sign(nonce: str) -> bytes:
            return base64.b64encode(pair.sign(nonce.encode()))

        jwt = self._way.jwt.encode()
        try:
            async with asyncio.timeout(2 * CONNECT_S):
                await client.connect(
                    f"tls://{server}",
                    name=self._way.name,
                    tls=self._tls,
                    tls_handshake_first=True,  # not a word to who has no certificate
                    allow_reconnect=False,  # _run does that, after every kind of end
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    connect_timeout=int(CONNECT_S),
                    ping_interval=_LONG_S,  # _watch does that
                    error_cb=note,
                    closed_cb=lost,
                    user_jwt_cb=lambda: bytearray(jwt),
                    signature_cb=sign,
                )
                begun: set[Heard] = set()
                while fresh := self.heard - begun:  # some may come meanwhile
                    for heard in fresh:
                        await heard.begin(client)
                    begun |= fresh
                    await _taken_in(client, int(CONNECT_S))
        except BaseException as error:
            await _end(client)
            if isinstance(error, nats.errors.Error) and failures:
                raise failures[-1] from None
            raise
        return client

    def _note(self, error: Exception) -> None:
        """What the connection tells of itself. A question that may not be asked is answered by that."""
        words = _words(error)
        refused = _MAY_NOT.search(words)
        if refused is None:
            if self._client is not None:
                self._reason = words
            return
        _log.warning("the bus refuses", reason=words)
        for subject, waiting in list(self._asked.values()):
            if subject.lower() == refused.group(1).lower() and not waiting.done():
                waiting.set_exception(Unavailable(f"this side may not say {subject}"))

    async def _drop(self) -> None:
        client, self._client = self._client, None
        self._up.clear()
        await cancel(*self._beginning)
        for subject, waiting in list(self._asked.values()):
            if not waiting.done():
                waiting.set_exception(
                    Unavailable(f"{subject}: the connection to the bus is lost: {self._reason}")
                )
        if client is not None:
            for call in list(self.lost):
                call()
            await _end(client)


async def _taken_in(client: Client, timeout_s: int) -> None:
    """Returns when the server knows all that was said until now. The library asks for its answer at once, also before
    what still waits to be sent; that has gone when the answer is here, and is in front of the second question."""
    for _ in range(2):
        await client.flush(timeout_s)


async def _end(client: Client) -> None:
    """Close the connection. The library waits long for the other side's goodbye, or without end where TLS did not
    come about: then it is cut."""
    with suppress(nats.errors.Error, OSError, TimeoutError):
        async with asyncio.timeout(END_S):
            await client.close()
            return
    writer = getattr(getattr(client, "_transport", None), "_io_writer", None)
    if writer is not None:
        writer.transport.abort()


def _words(error: Exception) -> str:
    """The error for people, without the library's name."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    # What the server says before it hangs up may be lost on the way.
    hung_up = isinstance(error, ConnectionResetError | BrokenPipeError)
    if hung_up or "authorization violation" in str(error).lower():
        return "the bus does not let this side in"
    return str(error).removeprefix("nats: ") or type(error).__name__
