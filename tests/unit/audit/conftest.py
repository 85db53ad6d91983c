"""A chain with some entries, and the file of its signed head."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.audit.head import HeadFile, HeadKeeper
from footlight.audit.log import Act, record
from footlight.audit.verification import Result, verify_store
from footlight.store.store import Tx

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


@dataclass
class Chain:
    """Rooms with a chain of entries named by letters."""

    rooms: Any
    file: HeadFile
    keeper: HeadKeeper
    key: Ed25519PrivateKey = KEY

    async def append(self, *names: str) -> None:
        def write(tx: Tx) -> None:
            for name in names:
                record(tx, self.rooms.admin, Act(text=name, target_type="Tag", object_id=name))

        await self.rooms.store.write(write)

    async def change(self, *statements: Any) -> None:
        """What somebody does who has the database."""

        def write(tx: Tx) -> None:
            for statement in statements:
                tx.connection.execute(statement)

        await self.rooms.store.write(write)

    async def verify(self) -> Result:
        return await verify_store(self.rooms.store, self.file)

    async def faults(self) -> list[tuple[str, int | None]]:
        result = await self.verify()
        assert result.whole is (not result.problems)
        return [(one.fault, one.seq) for one in result.problems]


@pytest.fixture
async def chain(rooms: Any, tmp_path: Path) -> Chain:
    file = HeadFile(tmp_path / "head.json", rooms.site.id, KEY.public_key().public_bytes_raw())
    made = Chain(rooms, file, HeadKeeper(rooms.store, file, KEY, rooms.clock))
    await made.append("a", "b", "c", "d", "e")
    await made.keeper.keep()
    return made
