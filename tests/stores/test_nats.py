"""What only a bus between machines has: who may say what, and what happens when its server goes."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from bus_server import BusStage
from footlight.authority import open_authority
from footlight.bus import posts, subjects
from footlight.bus.credentials import inbox_of
from footlight.bus.link import Link, Way
from footlight.bus.nats import NatsBus
from footlight.bus.nkey import KeyPair
from footlight.bus.revocation import revoke
from footlight.errors import Unavailable
from footlight.wire.host import MAX_MESSAGE_BYTES

WAIT_S = 60.0
A = "aaaaaaaa-0000-4000-8000-000000000000"
B = "bbbbbbbb-0000-4000-8000-000000000000"


class Taking:
    """Takes reports, and tells when there are some."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self._changed = asyncio.Condition()

    async def take(self, machine_id: str, payload: bytes) -> None:
        async with self._changed:
            self.taken.append((machine_id, payload))
            self._changed.notify_all()

    async def until(self, *payloads: bytes) -> list[bytes]:
        """What was taken, once these are among it; what came twice counts once, where it came first."""
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: set(payloads) <= {p for _, p in self.taken})
        return list(dict.fromkeys(payload for _, payload in self.taken))


async def post(bus: NatsBus, machine_id: str, payload: bytes, timeout_s: float = WAIT_S) -> None:
    await bus.post(subjects.of_host(machine_id, subjects.REPORTS), payload, timeout_s)


async def post_until_kept(bus: NatsBus, machine_id: str, payload: bytes) -> None:
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                return await post(bus, machine_id, payload, 2.0)
            except Unavailable:
                await asyncio.sleep(0.05)


async def shout(payload: bytes) -> bytes:
    return payload.upper()


# --- servers and hosts ----------------------------------------------------------------------------


async def test_a_server_orders_and_a_host_answers_asks_and_posts(bus_stage: BusStage) -> None:
    site, host, taking = await bus_stage.site(), await bus_stage.host(A), Taking()

    async def grant(machine_id: str, payload: bytes) -> bytes:
        return machine_id.encode() + payload

    await host.serve(subjects.orders(A), shout)
    await site.serve_hosts("uploads", grant)
    await site.consume_hosts(subjects.REPORTS, taking.take)
    assert await site.request(subjects.orders(A), b"run", WAIT_S) == b"RUN"
    assert await host.request(subjects.of_host(A, "uploads"), b"?", WAIT_S) == A.encode() + b"?"
    await post(host, A, b"report")
    await taking.until(b"report")
    assert taking.taken == [(A, b"report")]


async def test_who_serves_is_there_from_then_on(bus_stage: BusStage) -> None:
    one, other = await bus_stage.site(), await bus_stage.site()
    for number in range(200):
        serving = await one.serve(f"number.{number}", shout)
        assert await other.request(f"number.{number}", b"x", WAIT_S) == b"X"
        await serving.close()


async def test_one_of_two_servers_answers_each_question(bus_stage: BusStage) -> None:
    asked: list[int] = []
    for number in range(2):

        async def note(machine_id: str, payload: bytes, number: int = number) -> bytes:
            asked.append(number)
            return b""

        await (await bus_stage.site()).serve_hosts("uploads", note)
    host = await bus_stage.host(A)
    for _ in range(30):
        await host.request(subjects.of_host(A, "uploads"), b"", WAIT_S)
    assert len(asked) == 30
    assert set(asked) == {0, 1}


async def test_more_posts_than_are_asked_for_at_once_are_taken_once(
    bus_stage: BusStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "AHEAD", 4)
    site, host, taking, gate = (
        await bus_stage.site(),
        await bus_stage.host(A),
        Taking(),
        asyncio.Event(),
    )
    begun: list[bytes] = []

    async def take(machine_id: str, payload: bytes) -> None:
        begun.append(payload)
        await gate.wait()
        await taking.take(machine_id, payload)

    said = [bytes([number]) for number in range(11)]
    for payload in said:
        await post(host, A, payload)
    await site.consume_hosts(subjects.REPORTS, take)
    await host.serve(subjects.orders(A), shout)
    for _ in range(
        20
    ):  # the server says that the question is answered, while nothing is done with yet
        await site.request(subjects.orders(A), b"", WAIT_S)
    gate.set()
    assert await taking.until(*said) == said
    assert begun == said


async def test_a_message_may_be_as_long_as_the_wire_allows(bus_stage: BusStage) -> None:
    site, host, taking = await bus_stage.site(), await bus_stage.host(A), Taking()
    longest = bytes(MAX_MESSAGE_BYTES)
    await host.serve(subjects.orders(A), shout)
    await site.consume_hosts(subjects.REPORTS, taking.take)
    assert await site.request(subjects.orders(A), longest, WAIT_S) == longest
    await post(host, A, longest)
    await taking.until(longest)
    with pytest.raises(Unavailable, match=r"(?i)maximum payload"):
        await post(host, A, longest * 2)


async def test_who_is_asked_too_much_at_once_says_so(
    bus_stage: BusStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footlight.bus.nats.HANDLED_AT_ONCE", 2)
    site, host, gate = await bus_stage.site(), await bus_stage.host(A), asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        await gate.wait()
        return payload

    await host.serve(subjects.orders(A), slow)
    asking = [asyncio.ensure_future(site.request(subjects.orders(A), b"1", WAIT_S)) for _ in "ab"]
    await asyncio.sleep(0.2)
    with pytest.raises(Unavailable, match="too much"):
        await site.request(subjects.orders(A), b"3", WAIT_S)
    gate.set()
    assert await asyncio.gather(*asking) == [b"1", b"1"]


async def test_streams_need_something_that_carries_them(bus_stage: BusStage) -> None:
    site = await bus_stage.site()
    with pytest.raises(Unavailable, match="carries"):
        await site.dial(subjects.displays(A), b"", 1.0)


# --- who may what ---------------------------------------------------------------------------------


async def test_a_host_speaks_for_itself_only(bus_stage: BusStage) -> None:
    site, host, taking = await bus_stage.site(), await bus_stage.host(A), Taking()
    await site.consume_hosts(subjects.REPORTS, taking.take)
    await site.serve_hosts("uploads", lambda _, payload: shout(payload))
    with pytest.raises(Unavailable, match="may not"):
        await post(host, B, b"forged")
    with pytest.raises(Unavailable, match="may not"):
        await host.request(subjects.of_host(B, "uploads"), b"", WAIT_S)
    with pytest.raises(Unavailable, match="may not"):
        await host.request(subjects.orders(B), b"", WAIT_S)
    for api in ("$JS.API.STREAM.DELETE.REPORTS", "$JS.API.STREAM.PURGE.REPORTS"):
        with pytest.raises(Unavailable, match="may not"):
            await host.request(api, b"", WAIT_S)
    await post(host, A, b"its own")
    assert await taking.until(b"its own") == [b"its own"]


async def test_a_host_hears_nothing_of_another(bus_stage: BusStage) -> None:
    site, other, host = await bus_stage.site(), await bus_stage.host(B), await bus_stage.host(A)
    overheard: list[str] = []

    async def listen(message: object) -> None:
        overheard.append(message.subject)  # type: ignore[attr-defined]

    for subject in (f"agent.{B}.>", f"{inbox_of(B)}.>", "_INBOX.>", "host.*.reports", ">"):
        await host._link.hear(subject, listen)
    await other.serve(subjects.orders(B), shout)
    await site.serve_hosts("uploads", lambda _, payload: shout(payload))
    assert await site.request(subjects.orders(B), b"secret", WAIT_S) == b"SECRET"
    assert await other.request(subjects.of_host(B, "uploads"), b"mine", WAIT_S) == b"MINE"
    await post(other, B, b"report")
    await host._link.say(subjects.of_host(A, "x"), b"")
    await asyncio.sleep(0.2)
    assert overheard == []


async def test_a_server_of_another_ca_is_not_spoken_to(bus_stage: BusStage, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other").pem.decode()
    pair = KeyPair.generate("user")
    jwt = bus_stage.keys.issue_agent(pair.public, A, 2**31)
    with pytest.raises(Unavailable, match=r"(?i)certificate"):
        await NatsBus.connect(bus_stage.servers, jwt, pair.seed, other, A, within_s=1.0)


@pytest.mark.parametrize("wrong", ["key", "expired", "site"])
async def test_who_has_no_good_credential_stays_out(
    bus_stage: BusStage, tmp_path: Path, wrong: str
) -> None:
    pair, keys = KeyPair.generate("user"), bus_stage.keys
    until = int(time.time()) - 60 if wrong == "expired" else 2**31
    if wrong == "site":
        keys = type(keys).open(tmp_path / "another")
    jwt = keys.issue_agent(pair.public, A, until)
    seed = KeyPair.generate("user").seed if wrong == "key" else pair.seed
    # An account that the server does not know it looks for.
    with pytest.raises(Unavailable, match="not let this side in"):
        await NatsBus.connect(bus_stage.servers, jwt, seed, bus_stage.ca_pem, A, within_s=3.0)


async def test_who_is_thrown_out_is_so_at_once_and_stays_out(bus_stage: BusStage) -> None:
    pair = KeyPair.generate("user")
    host, other, site = (
        await bus_stage.host(A, pair),
        await bus_stage.host(B),
        await bus_stage.site(),
    )
    await host.serve(subjects.orders(A), shout)
    await other.serve(subjects.orders(B), shout)
    assert await site.request(subjects.orders(A), b"a", WAIT_S) == b"A"
    await revoke(bus_stage.servers, bus_stage.keys, bus_stage.ca_pem, [pair.public])
    async with asyncio.timeout(WAIT_S):
        while host.is_connected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    with pytest.raises(Unavailable):
        await site.request(subjects.orders(A), b"a", 1.0)
    assert await site.request(subjects.orders(B), b"b", WAIT_S) == b"B"
    with pytest.raises(Unavailable, match="not let this side in"):
        await bus_stage.host(A, pair, within_s=1.0)
    await bus_stage.server.stop()
    await bus_stage.server.start()
    with pytest.raises(Unavailable, match="not let this side in"):
        await bus_stage.host(A, pair, within_s=1.0)


async def test_revoking_another_keeps_the_first_out(bus_stage: BusStage) -> None:
    first, second = KeyPair.generate("user"), KeyPair.generate("user")
    await revoke(bus_stage.servers, bus_stage.keys, bus_stage.ca_pem, [first.public])
    (bus_stage.keys.folder / "account.jwt").unlink()  # a server that has heard nothing of it
    await revoke(bus_stage.servers, bus_stage.keys, bus_stage.ca_pem, [second.public])
    assert set(bus_stage.keys.revoked()) == {first.public, second.public}
    for pair in (first, second):
        with pytest.raises(Unavailable, match="not let this side in"):
            await bus_stage.host(A, pair, within_s=1.0)


async def test_a_newer_credential_is_used_without_a_new_bus(bus_stage: BusStage) -> None:
    pair = KeyPair.generate("user")
    site, taking = await bus_stage.site(), Taking()
    await site.consume_hosts(subjects.REPORTS, taking.take)
    jwt = bus_stage.keys.issue_agent(pair.public, A, int(time.time()) + 3)
    host = await NatsBus.connect(bus_stage.servers, jwt, pair.seed, bus_stage.ca_pem, A)
    bus_stage.opened.append(host)
    await host.serve(subjects.orders(A), shout)
    host.renew(bus_stage.keys.issue_agent(pair.public, A, int(time.time()) + 3600))
    await asyncio.sleep(4)  # the older one is void
    assert await site.request(subjects.orders(A), b"a", WAIT_S) == b"A"
    await post(host, A, b"1")
    await taking.until(b"1")


# --- ends and returns -----------------------------------------------------------------------------


async def test_nothing_posted_is_lost_when_the_server_is_killed(bus_stage: BusStage) -> None:
    """kill -9 while a host posts and a server takes; the order stays."""
    site, host, taking = await bus_stage.site(), await bus_stage.host(A), Taking()
    await site.consume_hosts(subjects.REPORTS, taking.take)
    said = [b"%03d" % number for number in range(posts.MOST_OF_ONE)]
    for payload in said:
        if payload in (b"020", b"040"):
            assert bus_stage.server.pid is not None
            os.kill(bus_stage.server.pid, signal.SIGKILL)
        await post_until_kept(host, A, payload)
    assert await taking.until(*said) == said


async def test_requests_work_again_after_the_server_was_away(bus_stage: BusStage) -> None:
    site, host = await bus_stage.site(), await bus_stage.host(A)
    await host.serve(subjects.orders(A), shout)
    await bus_stage.server.stop()
    with pytest.raises(Unavailable, match="no connection to the bus"):
        await site.request(subjects.orders(A), b"a", WAIT_S)
    await bus_stage.server.start()
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                assert await site.request(subjects.orders(A), b"a", 2.0) == b"A"
                return
            except Unavailable:
                await asyncio.sleep(0.05)


async def test_a_request_that_waits_ends_with_the_connection(bus_stage: BusStage) -> None:
    site, host, asked = await bus_stage.site(), await bus_stage.host(A), asyncio.Event()

    async def never(payload: bytes) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        return b""

    await host.serve(subjects.orders(A), never)
    heard = asyncio.ensure_future(asked.wait())
    async with asyncio.timeout(WAIT_S):
        while not asked.is_set():  # the bus knows a moment later who serves
            asking = asyncio.ensure_future(site.request(subjects.orders(A), b"a", 600.0))
            await asyncio.wait([asking, heard], return_when=asyncio.FIRST_COMPLETED)
            assert heard.done() or isinstance(asking.exception(), Unavailable)
    await bus_stage.server.stop()
    with pytest.raises(Unavailable, match="lost"):
        await asyncio.wait_for(asking, WAIT_S)


async def test_posts_wait_while_no_server_is_there(bus_stage: BusStage) -> None:
    site, host, before, after = await bus_stage.site(), await bus_stage.host(A), Taking(), Taking()
    await site.consume_hosts(subjects.REPORTS, before.take)
    await post(host, A, b"1")
    await before.until(b"1")
    await site.close()
    for payload in (b"2", b"3"):
        await post(host, A, payload)
    await bus_stage.server.stop()
    await bus_stage.server.start()
    back = await bus_stage.site()
    await back.consume_hosts(subjects.REPORTS, after.take)
    assert (await after.until(b"2", b"3"))[-2:] == [b"2", b"3"]  # that 1 was done with may be lost


async def test_who_was_taken_over_from_comes_back_when_the_place_is_free(
    bus_stage: BusStage,
) -> None:
    first, second = Taking(), Taking()
    one, other, host = await bus_stage.site(), await bus_stage.site(), await bus_stage.host(A)
    await one.consume_hosts(subjects.REPORTS, first.take)
    await post(host, A, b"1")
    await first.until(b"1")
    later = await other.consume_hosts(subjects.REPORTS, second.take)
    await post(host, A, b"2")
    assert await second.until(b"2") == [b"2"]
    await asyncio.sleep(1.5)  # the first has noticed, and does not take the place back
    await post(host, A, b"3")
    assert await second.until(b"3") == [b"2", b"3"]
    await later.close()
    await post(host, A, b"4")
    taken = await first.until(b"4")
    # The third comes again where its acknowledgement had not left when the second went.
    assert [one for one in taken if one != b"3"] == [b"1", b"4"]


async def test_of_one_host_the_newest_are_kept(
    bus_stage: BusStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "MOST_OF_ONE", 5)
    site, host, taking = await bus_stage.site(), await bus_stage.host(A), Taking()
    said = [b"%d" % number for number in range(9)]
    for payload in said:
        await post(host, A, payload)
    await site.consume_hosts(subjects.REPORTS, taking.take)
    assert await taking.until(said[-1]) == said[4:]


async def test_connecting_goes_on_until_the_server_is_there(bus_stage: BusStage) -> None:
    servers = bus_stage.servers
    await bus_stage.server.stop()
    site = await NatsBus.connect_server(servers, bus_stage.keys, bus_stage.ca_pem, within_s=0)
    bus_stage.opened.append(site)
    taking = Taking()
    await site.consume_hosts(subjects.REPORTS, taking.take)
    with pytest.raises(Unavailable, match=r"(?i)refused|connect"):
        await NatsBus.connect_server(servers, bus_stage.keys, bus_stage.ca_pem, within_s=0.5)
    await bus_stage.server.start()
    host = await bus_stage.host(A)
    await post_until_kept(host, A, b"1")
    await taking.until(b"1")


async def test_closing_ends_also_while_the_server_goes_away(bus_stage: BusStage) -> None:
    hosts = [await bus_stage.host(A) for _ in range(12)]

    async def close(host: NatsBus, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await host.close()

    stopping = asyncio.create_task(bus_stage.server.stop())
    async with asyncio.timeout(WAIT_S):
        await asyncio.gather(*(close(host, number / 40) for number, host in enumerate(hosts)))
        await stopping


async def test_a_silent_server_is_noticed(
    bus_stage: BusStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP: the connection is there and says nothing."""
    monkeypatch.setattr("footlight.bus.link.PING_EACH_S", 0.2)
    monkeypatch.setattr("footlight.bus.link.PONG_S", 0.5)
    host = await bus_stage.host(A)
    pid = bus_stage.server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(WAIT_S):
            while host.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        os.kill(pid, signal.SIGCONT)
    async with asyncio.timeout(WAIT_S):
        while not host.is_connected:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_secrets_are_in_no_text(bus_stage: BusStage) -> None:
    jwt, seed = bus_stage.keys.server_user()
    way = Way(("127.0.0.1:1",), bus_stage.ca_pem, jwt, seed, "_INBOX", "server")
    assert seed not in repr(way)
    assert jwt not in repr(way)
    assert not Link(way).is_up
