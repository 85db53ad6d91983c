"""How far a stream of audit entries is: kept in a file by a server that sends them all itself, in the database where
any of several servers may go on with it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

import msgspec
from sqlalchemy import Connection, select

from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store, Tx

_log = get_logger(__name__)
_s = schema.audit_streams

MAX_FILE_BYTES = 1024


class Position(Protocol):
    """The number of the last entry that was sent."""

    async def read(self) -> int:
        """0: none yet. Raises OSError, Unavailable."""

    async def write(self, seq: int) -> None:
        """Raises OSError, Unavailable."""


class _Kept(msgspec.Struct, frozen=True):
    seq: int


class FilePosition:
    """In a file of this server's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> int:
        return await asyncio.to_thread(self._read)

    async def write(self, seq: int) -> None:
        await asyncio.to_thread(self._write, seq)

    def _read(self) -> int:
        try:
            with self._path.open("rb") as source:
                return msgspec.json.decode(source.read(MAX_FILE_BYTES), type=_Kept).seq
        except FileNotFoundError:
            return 0
        except msgspec.DecodeError:
            _log.warning("audit position cannot be read; all is sent again", stream=self._path.stem)
            return 0

    def _write(self, seq: int) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(_Kept(seq)))
        fresh.replace(self._path)


class StorePosition:
    """In the database. `before`: where it was kept until now, for the first time."""

    def __init__(self, store: Store, name: str, before: Position) -> None:
        self._store = store
        self._name = name
        self._before = before

    async def read(self) -> int:
        def look(connection: Connection) -> int | None:
            return connection.execute(select(_s.c.sent_seq).where(_s.c.name == self._name)).scalar()

        seq = await self._store.read(look)
        return await self._before.read() if seq is None else seq

    async def write(self, seq: int) -> None:
        def note(tx: Tx) -> None:
            moved = _s.update().where(_s.c.name == self._name).values(sent_seq=seq)
            if tx.connection.execute(moved).rowcount == 0:
                tx.connection.execute(_s.insert().values(name=self._name, sent_seq=seq))

        await self._store.write(note)
