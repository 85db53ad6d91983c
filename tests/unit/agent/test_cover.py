from __future__ import annotations

import asyncio
import struct

from footlight.agent import cover
from footlight.agent.cover import HEIGHT, WIDTH, Cover
from footlight.agent.picture_server import pixels
from footlight.rfb.client import Client, Event, Ready, Update
from footlight.rfb.pixel import BGRX


async def test_it_is_waited_for_until_it_is_lifted() -> None:
    made = Cover()
    async with asyncio.timeout(5):
        await made.lifted_within(60)
        made.put("spool-full")
        await made.lifted_within(0.01)
        assert made.cause == "spool-full"
        waiting = asyncio.ensure_future(made.lifted_within(60))
        made.lift()
        await waiting
    assert made.cause == ""


async def test_a_viewer_sees_a_picture_and_can_do_nothing() -> None:
    reader, writer = await cover.connect("spool-full")
    client = Client()

    async def event(kind: type[Event]) -> Event:
        async with asyncio.timeout(10):
            while True:
                writer.write(client.take_outgoing())
                for one in client.receive(await reader.read(1 << 20)):
                    if isinstance(one, kind):
                        return one

    ready = await event(Ready)
    assert isinstance(ready, Ready)
    assert (ready.width, ready.height) == (WIDTH, HEIGHT)
    writer.write(struct.pack(">BBHI", 4, 1, 0, 97) + struct.pack(">BBHH", 5, 1, 10, 10))
    client.request_update(incremental=False)
    update = await event(Update)
    assert isinstance(update, Update)
    (whole,) = update.rectangles
    assert whole.body == pixels(cover.draw("spool-full"), BGRX)
    writer.close()
    await writer.wait_closed()


def test_each_cause_is_said_in_other_words() -> None:
    drawn = {cover.draw(cause).tobytes() for cause in ("spool-full", "tampering", "another")}
    assert len(drawn) == 3
