"""The server's side of opening a stream: ask the host, then go to its listener, or let it come by a tunnel."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import weakref
from dataclasses import dataclass
from typing import Protocol

from footlight.bus import subjects
from footlight.bus.carriers import SocketCarrier
from footlight.bus.line_listener import GREETING
from footlight.bus.line_stream import LineStream, end_all
from footlight.bus.tunnel import Arrival, TunnelDoor
from footlight.bus.ways import Ways
from footlight.clock import Clock
from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import decode, encode
from footlight.wire.lines import Address, DialAnswer, DialOrder, Way

_log = get_logger(__name__)

DIRECT_S = 1.5  # for all addresses of a host together: who can be reached answers sooner
MOST_ADDRESSES = 4
MOST_HELLO_BYTES = 64 * 1024


class Asks(Protocol):
    """What is needed of the bus."""

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes: ...


@dataclass(frozen=True)
class Outward:
    """What a server dials with. `trust` knows the site's CA and nothing else; `url` is where hosts reach this very
    server (https://HOST:PORT), "" when they can't. Raises Invalid for a context that lets anybody pass."""

    trust: ssl.SSLContext
    tunnels: TunnelDoor
    url: str

    def __post_init__(self) -> None:
        if self.trust.verify_mode != ssl.CERT_REQUIRED or not self.trust.check_hostname:
            raise Invalid("Certificates and names of hosts have to be checked.")


class Dialler:
    """Opens streams to hosts."""

    def __init__(self, control: Asks, outward: Outward, clock: Clock) -> None:
        self._control = control
        self._outward = outward
        self._ways = Ways(clock)
        self._streams: weakref.WeakSet[LineStream] = weakref.WeakSet()
        self._closed = False

    async def close(self) -> None:
        """End all streams; dial no more."""
        self._closed = True
        await end_all(self._streams)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> LineStream:
        """As bus.Bus. The host's name is the subject's, whatever the host answers."""
        machine_id = subjects.machine_of(subject)
        if self._closed:
            raise Unavailable("No streams go out from here any more.")
        if len(hello) > MOST_HELLO_BYTES:
            raise Unavailable("The first message of a stream is too long.")
        ticket, arrival = self._outward.tunnels.expect() if self._outward.url else ("", None)
        attempt = _Attempt(self._control, self._outward, self._ways, machine_id, subject)
        attempt.order = DialOrder(hello=hello, way="direct", url=self._outward.url, ticket=ticket)
        try:
            async with asyncio.timeout(timeout_s):
                stream = await attempt.run(arrival, timeout_s)
                self._streams.add(stream)
                return stream
        except TimeoutError:
            raise Unavailable(f"no stream to {subject} within {timeout_s:g} s") from None
        finally:
            self._outward.tunnels.withdraw(ticket)
            if arrival is not None:
                _hang_up_unless_taken(arrival, attempt.taken)


class _Attempt:
    """One dial."""

    order: DialOrder

    def __init__(
        self, control: Asks, outward: Outward, ways: Ways, machine_id: str, subject: str
    ) -> None:
        self._control = control
        self._outward = outward
        self._ways = ways
        self._machine_id = machine_id
        self._subject = subject
        self.taken: LineStream | None = None

    async def run(self, arrival: Arrival | None, timeout_s: float) -> LineStream:
        """The stream by the first way that works. Raises Unavailable."""
        problems: list[str] = []
        direct_failed, spent = False, ""
        for way in self._ways.order(self._machine_id):
            if way == "tunnel" and arrival is None:
                continue
            answer = await self._ask(way, spent, arrival, timeout_s)
            if isinstance(answer, LineStream):
                if direct_failed:
                    self._ways.direct_failed(self._machine_id)
                self.taken = answer
                return answer
            if answer.ticket:
                try:
                    stream = await self._direct(answer)
                except (OSError, TimeoutError) as error:
                    problems.append(f"directly: {_reason(error)}")
                    direct_failed, spent = True, answer.ticket
                    continue
                self._ways.direct_worked(self._machine_id)
                self.taken = stream
                return stream
            problems.append(answer.problem)
            if way == "direct":
                break  # without a listener the host has tried the tunnel already
        told = "; ".join(filter(None, problems)) or "the host tells no way"
        _log.warning("no stream to a host", host=self._machine_id, reason=told)
        raise Unavailable(f"no stream to {self._subject}: {told}")

    async def _ask(
        self, way: Way, spent: str, arrival: Arrival | None, timeout_s: float
    ) -> DialAnswer | LineStream:
        """What the host answers; or the stream, where that comes first or follows."""
        order = DialOrder(
            hello=self.order.hello,
            way=way,
            url=self.order.url,
            ticket=self.order.ticket,
            instead_of=spent,
        )
        asking = spawn("stream asked for", self._request(order, timeout_s))
        try:
            if arrival is None:
                return _granted(await asking)
            await asyncio.wait((asking, arrival), return_when=asyncio.FIRST_COMPLETED)
            if not arrival.done():
                answer = _granted(asking.result())
                if not answer.opened:
                    return answer
            return await asyncio.shield(arrival)
        finally:
            await cancel(asking)

    async def _request(self, order: DialOrder, timeout_s: float) -> DialAnswer | Unavailable:
        subject = subjects.dials(self._subject)
        try:
            return decode(
                DialAnswer, await self._control.request(subject, encode(order), timeout_s)
            )
        except Unavailable as refusal:
            return refusal
        except ValueError:
            return Unavailable(f"{subject} answers something else.")

    async def _direct(self, answer: DialAnswer) -> LineStream:
        """By the first address that works. Raises OSError (ssl.SSLError among them) or TimeoutError."""
        failure: Exception = ConnectionRefusedError("it tells no address that could be tried")
        async with asyncio.timeout(DIRECT_S):
            for address in answer.addresses[:MOST_ADDRESSES]:
                if not _may_be_tried(address):
                    continue
                try:
                    return await self._connect(address, answer.ticket)
                except OSError as error:
                    failure = error
        raise failure

    async def _connect(self, address: Address, ticket: str) -> LineStream:
        carrier = SocketCarrier()
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: carrier,
                address.host,
                address.port,
                ssl=self._outward.trust,
                server_hostname=self._machine_id,
            )
            carrier.write(GREETING + ticket.encode("ascii", "replace") + b"\n")
            await carrier.stream.opened()
        except BaseException:
            carrier.drop()
            raise
        return carrier.stream


def _granted(answer: DialAnswer | Unavailable) -> DialAnswer:
    if isinstance(answer, Unavailable):
        raise answer
    return answer


def _may_be_tried(address: Address) -> bool:
    """An address of a machine: what a host tells leads nowhere by name."""
    try:
        there = ipaddress.ip_address(address.host)
    except ValueError:
        return False
    return 0 < address.port < 65536 and not (there.is_multicast or there.is_unspecified)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {DIRECT_S:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not the host's: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason})"
    return str(error) or type(error).__name__


def _hang_up_unless_taken(arrival: Arrival, taken: LineStream | None) -> None:
    """A tunnel that came too late, or beside another way, carries nothing."""
    if not arrival.done():
        arrival.cancel()
    elif not arrival.cancelled() and arrival.result() is not taken:
        arrival.result().end()
