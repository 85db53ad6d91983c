"""Sending the chain on while it grows: to a file of JSON lines, to a syslog receiver.

The chain itself is the queue: a stream keeps only its position (positions.py), and goes on from there after an
outage or a restart, so that a receiver that is away holds nothing up and nothing is left out. After a restart, or
when another server goes on with it, the last entries may be sent twice; each has its id.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
from sqlalchemy import Connection, select

from footlight.audit.lines import Line, line
from footlight.audit.positions import Position
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store
from footlight.tasks import cancel, spawn

_a = schema.audit
_log = get_logger(__name__)

AT_ONCE = 200
LOOK_EACH_S = 1.0
AT_END_S = 2.0  # what is not sent by then is sent after the next start
RETRY_FIRST_S, RETRY_MOST_S = 1.0, 60.0


class Sink(Protocol):
    """Where a stream goes."""

    async def deliver(self, lines: Sequence[Line]) -> None:
        """Take these, in order. Raises OSError, TimeoutError."""

    async def close(self) -> None:
        """Let go of what is open. Safe to call twice."""


class FileSink:
    """Appends lines of JSON to a file, which may be rotated away at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def deliver(self, lines: Sequence[Line]) -> None:
        """Durable when it returns. Raises OSError."""
        await asyncio.to_thread(
            self._append, b"".join(msgspec.json.encode(o) + b"\n" for o in lines)
        )

    async def close(self) -> None:
        """Nothing stays open."""

    def _append(self, raw: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with os.fdopen(os.open(self._path, flags, 0o600), "ab") as sink:
            sink.write(raw)
            sink.flush()
            os.fsync(sink.fileno())


class Stream:
    """One sink's loop. `position` keeps how far it is; `sure` says whether no other server can be sending."""

    def __init__(
        self,
        store: Store,
        sink: Sink,
        position: Position,
        name: str,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._sink = sink
        self._position = position
        self._name = name
        self._sure = sure
        self._appended = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Begin to send, from the position that is kept, at the first time from the beginning."""
        self._loop = spawn(f"audit {self._name}", self._run())

    async def stop(self) -> None:
        """Send what there is, as far as it goes at once. Safe to call twice."""
        await cancel(self._loop)
        with contextlib.suppress(OSError, TimeoutError, Unavailable):
            async with asyncio.timeout(AT_END_S):
                await self.send()
        await self._sink.close()

    async def send(self) -> None:
        """Send all that is due. Raises OSError, TimeoutError, Unavailable."""
        after = await self._position.read()
        while self._sure():

            def read(connection: Connection, after: int = after) -> list[Line]:
                due = select(_a).where(_a.c.seq > after).order_by(_a.c.seq).limit(AT_ONCE)
                return [line(row) for row in connection.execute(due)]

            lines = await self._store.read(read)
            if not lines or not self._sure():
                return
            await self._sink.deliver(lines)
            after = lines[-1].seq
            await self._position.write(after)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        if "audit" in kinds:
            self._appended.set()

    async def _run(self) -> None:
        pause_s = RETRY_FIRST_S
        while True:
            self._appended.clear()
            try:
                await self.send()
                pause_s = RETRY_FIRST_S
            except (OSError, TimeoutError, Unavailable) as trouble:
                reason = str(trouble) or "late"
                _log.warning("audit entries are not sent on", stream=self._name, reason=reason)
                pause_s = await self._pause(pause_s)
                continue
            except Exception as error:  # the loop outlives every fault
                _log.error("audit entries are not sent on", stream=self._name, exc_info=error)
                pause_s = await self._pause(pause_s)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EACH_S):
                    await self._appended.wait()

    async def _pause(self, pause_s: float) -> float:
        """Wait; how long to wait the next time."""
        await self._sink.close()
        await asyncio.sleep(pause_s)
        return min(pause_s * 2, RETRY_MOST_S)
