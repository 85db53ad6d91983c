"""A server's process that has a duty or waits for it: `python duty_process.py URL NAME` prints when the duty begins
and ends, and while it has it appends to the outbox all the time, through the fence."""

from __future__ import annotations

import asyncio
import sys
from functools import partial

from footlight.clock import SystemClock
from footlight.errors import Unavailable
from footlight.store.address import PostgresAddress
from footlight.store.duties import Duties, Duty
from footlight.store.engines import open_store
from footlight.store.servers import Server
from footlight.store.store import Tx
from footlight.tasks import cancel, spawn

EACH_S = 0.01


class Work:
    """Writes its server's name each 10 ms; says what is refused."""

    def __init__(self, duty: Duty, name: str) -> None:
        self._duty = duty
        self._name = name
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        print("begun", flush=True)
        self._task = spawn("work", self._run())

    async def stop(self) -> None:
        await cancel(self._task)
        print("ended", flush=True)

    async def _run(self) -> None:
        while True:
            written = f"{self._name} {self._duty.tenure.epoch}"
            try:
                await self._duty.store.write(partial(Tx.emit, kind="zone", object_id=written))
            except Unavailable as refusal:
                print(f"refused {type(refusal).__name__}", flush=True)
            await asyncio.sleep(EACH_S)


async def main(url: str, name: str) -> None:
    """Until it is killed, or its standard input ends."""
    clock = SystemClock()
    store = await open_store(PostgresAddress(url), clock)
    duties = Duties(store, Server(name * 36, name, "1.0"), clock, alone=False)
    duty = duties.duty("work")
    duty.add(Work(duty, name))
    await duties.start()
    print("up", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await duties.stop()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
