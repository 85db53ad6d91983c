"""An entry as a syslog message (RFC 5424), and the way to a receiver: UDP (RFC 5426), or TCP with octet counting
(RFC 6587). Source of the layout: RFC 5424 section 6."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from footlight.audit.lines import Line
from footlight.audit.log import Entry
from footlight.errors import Invalid

FACILITY = 13  # log audit
INFORMATIONAL, WARNING = 6, 4
MAX_UDP_BYTES = 2048  # what every receiver should take (RFC 5424 section 6.1)
MAX_PARAMETER_CHARACTERS = 256
TIMEOUT_S = 10.0
# Private structured data is named NAME@ENTERPRISE; 32473 is the number kept for examples (RFC 5612).
_DATA_ID = "footlight@32473"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Receiver:
    """Where the messages go."""

    transport: Literal["udp", "tcp"]
    host: str
    port: int


def read_receiver(text: str) -> Receiver:
    """`udp://HOST:PORT` or `tcp://HOST:PORT`. Raises Invalid."""
    transport, found, place = text.partition("://")
    host, colon, port = place.rpartition(":")
    good = (
        found and colon and host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536
    )
    match transport:
        case "udp" | "tcp" if good:
            return Receiver(transport, host.strip("[]"), int(port))
        case _:
            raise Invalid(
                f"audit_syslog: {text!r} is not udp://HOST:PORT or tcp://HOST:PORT",
                name="audit_syslog",
            )


def message(line: Line, site_name: str) -> bytes:
    """The entry as one message. The chain's numbers are in its structured data, so that a receiver can show that
    nothing was taken out between two messages."""
    entry = line.told
    severity = INFORMATIONAL if entry.succeeded else WARNING
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{entry.at_ms % 1000:03}Z"
    header = (
        f"<{FACILITY * 8 + severity}>1 {stamp} {_name(socket.gethostname(), 255)} footlight"
        f" {_name(site_name, 128)} {_name(entry.kind, 32)} {_data(line, entry)} "
    )
    return header.encode() + _BOM + entry.text.replace("\n", " ").encode()


def _data(line: Line, entry: Entry) -> str:
    told = {
        "seq": str(line.seq),
        "id": entry.id,
        "hash": line.hash,
        "user": entry.user_name,
        "address": entry.address,
        "target": entry.target_type,
        "object": entry.object_id,
        "succeeded": str(entry.succeeded).lower(),
        "transaction": entry.transaction_id,
    }
    return f"[{_DATA_ID}" + "".join(f' {n}="{_value(v)}"' for n, v in told.items() if v) + "]"


def _value(text: str) -> str:
    cut = text[:MAX_PARAMETER_CHARACTERS]
    for character in '\\"]':
        cut = cut.replace(character, "\\" + character)
    return cut.replace("\n", " ")


def _name(text: str, longest: int) -> str:
    """Printable ASCII without blanks; - for none."""
    return "".join(c for c in text if "!" <= c <= "~")[:longest] or "-"


class SyslogSink:
    """Sends messages to one receiver. A failed delivery is tried again by the stream; what was sent last before it
    is sent again too, since it may never have arrived."""

    def __init__(self, receiver: Receiver, site_name: str) -> None:
        self._receiver = receiver
        self._site_name = site_name
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._udp: socket.socket | None = None
        self._before: list[bytes] = []

    async def deliver(self, lines: Sequence[Line]) -> None:
        """Send these, in order. Raises OSError, TimeoutError."""
        messages = [message(line, self._site_name) for line in lines]
        async with asyncio.timeout(TIMEOUT_S):
            if self._receiver.transport == "udp":
                await self._send_udp(messages)
            else:
                await self._send_tcp(messages)

    async def close(self) -> None:
        """Let the connection go. Safe to call twice."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()
        udp, self._udp = self._udp, None
        if udp is not None:
            udp.close()

    async def _send_udp(self, messages: Sequence[bytes]) -> None:
        if self._udp is None:
            found = await asyncio.get_running_loop().getaddrinfo(
                self._receiver.host, self._receiver.port, type=socket.SOCK_DGRAM
            )
            family, kind, protocol, _, address = found[0]
            self._udp = socket.socket(family, kind, protocol)
            self._udp.setblocking(False)
            # Connected, so that a host that has no receiver says so at the next message.
            self._udp.connect(address)
            messages = [*self._before, *messages]
        for one in messages:
            self._udp.send(one[:MAX_UDP_BYTES])
        self._before = list(messages)

    async def _send_tcp(self, messages: Sequence[bytes]) -> None:
        writer = self._writer
        if writer is None or self._reader is None or self._reader.at_eof() or writer.is_closing():
            await self.close()
            self._reader, writer = await asyncio.open_connection(
                self._receiver.host, self._receiver.port
            )
            self._writer = writer
            messages = [*self._before, *messages]
        try:
            writer.writelines(b"%d %b" % (len(one), one) for one in messages)
            await writer.drain()
            # A receiver that hung up is seen in the next turn of the loop at the latest.
            await asyncio.sleep(0)
            if self._reader.at_eof():
                raise ConnectionResetError("the receiver has hung up")
        except (OSError, asyncio.CancelledError):
            await self.close()
            raise
        self._before = list(messages)
