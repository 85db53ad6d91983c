from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from footlight.bus.tickets import LIFE_S
from footlight.bus.tunnel import TunnelDoor, open_tunnel
from footlight.clock import FakeClock
from footlight.errors import Unavailable
from line_ground import TestCa, ca, tunnel_server

WAIT_S = 60.0


async def test_a_tunnel_ends_where_its_ticket_is_waited_for() -> None:
    door = TunnelDoor(FakeClock())
    async with tunnel_server(door) as url:
        ticket, arrival = door.expect()
        far = await open_tunnel(url + "/", ticket, ca().trust())
        near = await asyncio.wait_for(arrival, WAIT_S)
        await far.write(b"here I am")
        assert await asyncio.wait_for(near.read(99), WAIT_S) == b"here I am"
        assert len(door) == 0
        await near.close()
        assert await asyncio.wait_for(far.read(99), WAIT_S) == b""
        await asyncio.wait_for(far.gone(), WAIT_S)


@pytest.mark.parametrize("fault", ["wrong", "used", "expired", "withdrawn", "given up"])
async def test_a_ticket_that_is_not_good_opens_nothing(fault: str) -> None:
    clock = FakeClock()
    door = TunnelDoor(clock)
    async with tunnel_server(door) as url:
        ticket, arrival = door.expect()
        if fault == "wrong":
            ticket = ticket[:-1] + ("0" if ticket[-1] != "0" else "1")
        elif fault == "used":
            await (await open_tunnel(url, ticket, ca().trust())).close()
            arrival = asyncio.get_running_loop().create_future()
        elif fault == "expired":
            clock.advance(int(LIFE_S * 1000))
        elif fault == "withdrawn":
            door.withdraw(ticket)
        else:
            arrival.cancel()
        with pytest.raises(Unavailable, match="403") as refusal:
            await open_tunnel(url, ticket, ca().trust())
        assert ticket not in refusal.value.message
        assert not arrival.done() or arrival.cancelled()


async def test_a_server_with_another_certificate_gets_no_ticket() -> None:
    door = TunnelDoor(FakeClock())
    async with tunnel_server(door) as url:
        ticket, arrival = door.expect()
        with pytest.raises(Unavailable, match="certificate"):
            await open_tunnel(url, ticket, TestCa("Another CA").trust())
        assert not arrival.done()
        assert len(door) == 1


@pytest.mark.parametrize(
    "url",
    ["", "http://192.0.2.1:1", "ftp://127.0.0.1", "wss://127.0.0.1", "https://", "https://[", "x"],
)
async def test_only_addresses_that_keep_a_ticket_secret_are_used(url: str) -> None:
    with pytest.raises(Unavailable, match="no https address"):
        await open_tunnel(url, "ticket", ca().trust())


async def test_a_server_that_is_not_there() -> None:
    with pytest.raises(Unavailable, match="can't open a tunnel"):
        await open_tunnel("https://127.0.0.1:1", "ticket", ca().trust())


async def test_opening_that_is_cancelled_leaves_nothing() -> None:
    before = asyncio.all_tasks()
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    opening = asyncio.create_task(open_tunnel(f"https://127.0.0.1:{port}", "t", ca().trust()))
    await asyncio.sleep(0.05)
    opening.cancel()
    results: list[Any] = await asyncio.gather(opening, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    silent.close()
    assert asyncio.all_tasks() == before
