from __future__ import annotations

import asyncio
import re
import socket
from typing import Any

import msgspec
import pytest

from footlight.audit.lines import Line
from footlight.audit.log import Entry
from footlight.audit.syslog import Receiver, SyslogSink, message, read_receiver
from footlight.errors import Invalid


def a_line(seq: int = 7, **changes: Any) -> Line:
    values: dict[str, Any] = {
        "id": "e1", "at_ms": 1_700_000_000_123, "account_id": "a", "user_name": "SITE\\ada",
        "address": "203.0.113.5", "kind": "AdminActivity", "text": "Hide the session of Zoë",
        "target_type": "Session", "object_id": "s1", "object_name": "n", "parameters": {},
        "changes": {}, "succeeded": True, **changes,
    }  # fmt: skip
    raw = msgspec.Raw(msgspec.json.encode(Entry(**values)))
    return Line(seq=seq, previous_hash="p", hash="h", entry=raw)


# RFC 5424 section 6: HEADER SP STRUCTURED-DATA SP MSG
SHAPE = re.compile(
    rb"<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) "
    rb'(\[[^ \]]+(?: [^ =\]]+="(?:[^"\\\]]|\\.)*")*\]) \xef\xbb\xbf(.*)',
    re.DOTALL,
)


def test_an_entry_is_a_message_of_the_standard() -> None:
    found = SHAPE.fullmatch(message(a_line(), "SITE"))
    assert found is not None
    priority, stamp, _, app, process, kind, data, text = found.groups()
    assert (priority, stamp, app) == (b"110", b"2023-11-14T22:13:20.123Z", b"footlight")
    assert (process, kind, text.decode()) == (b"SITE", b"AdminActivity", "Hide the session of Zoë")
    assert b'seq="7"' in data
    assert b'user="SITE\\\\ada"' in data


def test_what_people_have_named_cannot_end_a_parameter() -> None:
    nasty = a_line(user_name='x"] \\', text="two\nlines", succeeded=False)
    found = SHAPE.fullmatch(message(nasty, "my site"))
    assert found is not None
    assert found.group(1) == b"108"
    assert rb'user="x\"\] \\"' in found.group(7)
    assert found.group(5) == b"mysite"
    assert found.group(8) == b"two lines"


def test_places_of_receivers() -> None:
    assert read_receiver("udp://127.0.0.1:514") == Receiver("udp", "127.0.0.1", 514)
    assert read_receiver("tcp://[::1]:6514") == Receiver("tcp", "::1", 6514)
    for wrong in ("127.0.0.1:514", "tls://h:1", "udp://h", "udp://h:0", "tcp://:1", "tcp://h:x"):
        with pytest.raises(Invalid):
            read_receiver(wrong)


async def test_udp_carries_one_message_in_each_packet() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        sink = SyslogSink(Receiver("udp", "127.0.0.1", receiver.getsockname()[1]), "SITE")
        await sink.deliver([a_line(1), a_line(2, text="t" * 5000)])
        first, second = (receiver.recv(65536) for _ in range(2))
        await sink.close()
    assert first == message(a_line(1), "SITE")
    assert len(second) == 2048


async def test_udp_to_a_host_without_a_receiver_is_tried_again() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        port = receiver.getsockname()[1]
    sink = SyslogSink(Receiver("udp", "127.0.0.1", port), "SITE")
    await sink.deliver([a_line(1)])
    with pytest.raises(ConnectionRefusedError):
        await sink.deliver([a_line(2)])
    await sink.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", port))
        receiver.settimeout(5)
        await sink.deliver([a_line(2)])
        got = [receiver.recv(65536) for _ in range(2)]
    await sink.close()
    assert got == [message(a_line(n), "SITE") for n in (1, 2)]


class TcpReceiver:
    """Takes octet-counted messages; hangs up on demand."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        self._writers.clear()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                length = int((await reader.readuntil(b" ")).strip())
                self.messages.append(await reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def until(there: Any) -> None:
    for _ in range(500):
        if there():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come")


async def test_tcp_counts_octets_and_sends_again_what_a_lost_connection_may_have_eaten() -> None:
    receiver = TcpReceiver()
    await receiver.start()
    sink = SyslogSink(Receiver("tcp", "127.0.0.1", receiver.port), "SITE")
    await sink.deliver([a_line(1), a_line(2)])
    await until(lambda: len(receiver.messages) == 2)
    await receiver.stop()
    await asyncio.sleep(0.05)
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's affair
        await sink.deliver([a_line(3)])
    await sink.close()
    await receiver.start(receiver.port)
    await sink.deliver([a_line(3)])
    await until(lambda: len(receiver.messages) == 5)
    sent = [message(a_line(n), "SITE") for n in (1, 2, 1, 2, 3)]
    assert receiver.messages == sent
    await sink.close()
    await receiver.stop()
