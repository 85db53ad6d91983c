"""What hosts post, kept in streams of the NATS server (JetStream) until a consumer is done with it.

A topic's stream is a work queue: what is acknowledged is gone from it, so that whoever consumes next begins with the
first that was not. It has one consumer at a time. Who comes takes the place of who was there; that one stands by
until the place is free again.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import msgspec
from nats.aio.msg import Msg

from footlight.bus.bus import PostHandler
from footlight.bus.lanes import Lanes
from footlight.bus.link import Link
from footlight.bus.subjects import host_of, of_host
from footlight.errors import Unavailable
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

_S = 1_000_000_000  # NATS counts in ns
MOST_OF_ONE = 64  # posts of a host; older ones make room
MOST_BYTES = 1 << 30
KEPT_S = 86_400
AHEAD = 512  # that are taken from the server before they are done with
AHEAD_BYTES = 32 * 1024 * 1024
HANDLED_AT_ONCE = 256
API_S = 5.0
FIRST_WAIT_S = 5.0
STAND_BY_S = 1.0
PULL_S = 30
BEAT_S = 1
SILENT_S = 4.0
ACK_WITHIN_S = 60
WORKING_EACH_S = 20.0
GONE_AFTER_S = 60  # a consumer that asks for nothing
_ANSWERED = ("batch completed", "message size exceeds maxbytes")  # 409: the question is over
_TAKEN = 10100  # consumer of a work queue: there is one
_IN_USE = 10058  # stream: it is there, made otherwise


class _Error(msgspec.Struct):
    code: int = 0
    err_code: int = 0
    description: str = ""


class _Answer(msgspec.Struct):
    error: _Error | None = None
    consumers: list[str] | None = None


async def keep(link: Link, topic: str) -> None:
    """Make the topic's stream if it is not there. Raises Unavailable."""
    stream = _stream(topic)
    config = {
        "name": stream,
        "subjects": [of_host("*", topic)],
        "retention": "workqueue",
        "storage": "file",
        "discard": "old",
        "max_age": KEPT_S * _S,
        "max_bytes": MOST_BYTES,
        "max_msgs_per_subject": MOST_OF_ONE,
        "num_replicas": 1,
    }
    answer = await _call(link, f"STREAM.CREATE.{stream}", config)
    if answer.error is not None and answer.error.err_code == _IN_USE:
        answer = await _call(link, f"STREAM.UPDATE.{stream}", config)
    _check(answer, stream)


async def post(link: Link, subject: str, payload: bytes, timeout_s: float) -> None:
    """Returns once the server has it in its file. Raises Unavailable when it may not have."""
    answer = await link.ask(subject, payload, timeout_s)
    _check(_read(answer), subject)


class Consumer:
    """Takes a topic's posts for as long as it is not closed."""

    def __init__(self, link: Link, topic: str, handler: PostHandler) -> None:
        self._link = link
        self._topic = topic
        self._stream = _stream(topic)
        self._handler = handler
        self._name = ""
        self._holds = False
        self._opened = asyncio.Event()
        self._lanes: Lanes[Msg] = Lanes(self._take, HANDLED_AT_ONCE)
        self._waiting: dict[str, Msg] = {}  # by where it is acknowledged
        self._bytes = 0
        self._pulled = 0  # that may still come of the last pull
        self._stirred = asyncio.Event()
        self._end: Unavailable | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take over; where the server does not answer, as soon as it does."""
        self._task = spawn(f"posts {self._topic}", self._run())
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_WAIT_S):
                await self._opened.wait()

    async def close(self) -> None:
        """Take no more. What was not done with is for the next."""
        task, self._task = self._task, None
        await cancel(task)
        await self._lanes.close()
        if task is not None and self._holds:
            with suppress(Unavailable):
                await _call(self._link, f"CONSUMER.DELETE.{self._stream}.{self._name}", None)
        self._holds = False

    async def _run(self) -> None:
        displace = True
        while True:
            try:
                self._holds = await self._open(displace)
                self._opened.set()
                if self._holds:
                    displace = False
                    await self._pull()
            except Unavailable as silence:
                _log.debug("posts are not taken", topic=self._topic, reason=silence.message)
            if self._holds:
                _log.info("the place of who takes posts is lost", topic=self._topic)
                self._holds = False
            # What was not done with comes again, from the first on.
            await self._lanes.close()
            self._lanes = Lanes(self._take, HANDLED_AT_ONCE)
            self._waiting, self._bytes = {}, 0
            await asyncio.sleep(STAND_BY_S)

    async def _open(self, displace: bool) -> bool:
        """Whether the place is ours."""
        await self._link.wait_up(API_S)
        await keep(self._link, self._topic)
        # Our own of before would wait for what it had given us, and was lost.
        gone = [self._name] if self._name else []
        if displace:
            names = await _call(self._link, f"CONSUMER.NAMES.{self._stream}", None)
            gone = names.consumers or []
        for name in gone:
            await _call(self._link, f"CONSUMER.DELETE.{self._stream}.{name}", None)
        self._name = f"{self._topic}-{new_guid()}"
        config = {
            "name": self._name,
            "ack_policy": "explicit",
            "ack_wait": ACK_WITHIN_S * _S,
            "deliver_policy": "all",
            "replay_policy": "instant",
            "max_ack_pending": 2 * AHEAD,
            "inactive_threshold": GONE_AFTER_S * _S,
            "filter_subject": of_host("*", self._topic),
        }
        wanted = {"stream_name": self._stream, "config": config, "action": "create"}
        where = f"CONSUMER.CREATE.{self._stream}.{self._name}.{of_host('*', self._topic)}"
        answer = await _call(self._link, where, wanted)
        if answer.error is not None and answer.error.err_code == _TAKEN:
            return False
        _check(answer, self._stream)
        return True

    async def _pull(self) -> None:
        """Ask for more as long as the server gives. Raises Unavailable when it does not."""
        inbox = self._link.new_inbox()
        heard = await self._link.hear(inbox, self._hear)
        self._end, self._pulled = None, 0
        self._link.lost.add(self._lose)
        working = spawn(f"working {self._topic}", self._say_working())
        try:
            while True:
                if self._pulled <= 0 and self._has_room():
                    self._pulled = AHEAD - len(self._waiting)
                    await self._ask_for(self._pulled, inbox)
                self._stirred.clear()
                await self._stir()
                if self._end is not None:
                    raise self._end
        finally:
            self._link.lost.discard(self._lose)
            await cancel(working)
            await heard.close()

    def _lose(self) -> None:
        self._end = Unavailable("the connection is lost")
        self._stirred.set()

    def _has_room(self) -> bool:
        return len(self._waiting) <= AHEAD // 2 and self._bytes <= AHEAD_BYTES // 2

    async def _ask_for(self, batch: int, inbox: str) -> None:
        wanted = {
            "batch": batch,
            "max_bytes": AHEAD_BYTES,
            "expires": PULL_S * _S,
            "idle_heartbeat": BEAT_S * _S,
        }
        where = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._name}"
        await self._link.say(where, json.dumps(wanted).encode(), reply=inbox)

    async def _stir(self) -> None:
        """Until something has happened. With a question open the server says at least that it lives."""
        if self._pulled <= 0:
            await self._stirred.wait()
            return
        try:
            async with asyncio.timeout(SILENT_S):
                await self._stirred.wait()
        except TimeoutError:
            raise Unavailable("the server of the bus gives no posts") from None

    async def _hear(self, message: Msg) -> None:
        self._stirred.set()
        named = host_of(message.subject)
        if named is not None:
            self._pulled -= 1
            self._waiting[message.reply] = message
            self._bytes += len(message.data)
            self._lanes.put(named[0], message)
            return
        status = (message.headers or {}).get("Status")
        words = (message.headers or {}).get("Description", "")
        if status == "100":  # it lives
            return
        self._pulled = 0
        if status != "408" and words.lower() not in _ANSWERED:
            self._end = Unavailable(f"posts are given no more: {status} {words}")

    async def _take(self, machine_id: str, message: Msg) -> None:
        try:
            await self._handler(machine_id, message.data)
        except Unavailable:
            raise  # it is handed over again
        except Exception:
            await self._done(message)
            raise
        await self._done(message)

    async def _done(self, message: Msg) -> None:
        if self._waiting.pop(message.reply, None) is not None:
            self._bytes -= len(message.data)
        self._stirred.set()
        with suppress(Unavailable):  # then it comes again
            await self._link.say(message.reply, b"+ACK")

    async def _say_working(self) -> None:
        """Keep what takes long from being given to somebody again."""
        while True:
            await asyncio.sleep(WORKING_EACH_S)
            for where in list(self._waiting):
                with suppress(Unavailable):
                    await self._link.say(where, b"+WPI")


def _stream(topic: str) -> str:
    return topic.upper()


async def _call(link: Link, what: str, wanted: dict[str, Any] | None) -> _Answer:
    payload = b"" if wanted is None else json.dumps(wanted).encode()
    return _read(await link.ask(f"$JS.API.{what}", payload, API_S))


def _read(message: Msg) -> _Answer:
    try:
        return msgspec.json.decode(message.data, type=_Answer)
    except msgspec.MsgspecError:
        raise Unavailable("the server of the bus gives no answer that can be read") from None


def _check(answer: _Answer, what: str) -> None:
    if answer.error is not None:
        raise Unavailable(f"{what}: {answer.error.description}")
