"""Recordings in a catalogue, with a store of objects beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.archive.deletion import Undertaker
from footlight.archive.terms import Terms
from footlight.clock import FakeClock
from footlight.ids import new_guid
from footlight.objects.folder import FolderObjects
from footlight.store import schema
from footlight.wire.host import RecordingFacts

KEY = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
DAY_MS = 24 * 3_600_000
NOW_MS = 1_800_000_000_000


@dataclass
class Archive:
    """Rooms, a folder of objects, a clock of its own, and who buries."""

    rooms: Any
    objects: FolderObjects
    clock: FakeClock
    undertaker: Undertaker

    async def add(self, *, days_old: float = 0, files: int = 1, **given: Any) -> str:
        """An ended recording with files in the store; its id."""
        new = NewRecording(
            **{
                "session_id": new_guid(),
                "account_id": new_guid(),
                "user_name": "FOOTLIGHT\\ada",
                "machine_id": "m",
                "machine_name": "FOOTLIGHT\\DESK1",
                "resource_name": "Desktop",
                "reason": "on-demand",
                "ordered_by": "FOOTLIGHT\\admin",
                "terms": Terms(notify=True, retention_class=given.pop("retention_class", None)),
                **given,
            }
        )
        recording_id = str(
            await self.rooms.store.write(lambda tx: catalogue.open_recording(tx, new))
        )
        ended_ms = self.clock.now_ms() - int(days_old * DAY_MS)
        facts = RecordingFacts(
            recording_id=recording_id,
            session_id=new.session_id,
            status="completed",
            started_at_ms=ended_ms - 5000,
            ended_at_ms=ended_ms,
            duration_ms=5000,
            size_bytes=100,
            segment_count=files,
            sealed_count=files,
            head="ab" * 32,
        )
        await self.rooms.store.write(lambda tx: catalogue.report(tx, [facts]))
        for number in range(files):
            await self.objects.put(f"{recording_id}/{number:06}.flseg", b"x" * 10)
        await self.objects.put(f"{recording_id}/manifest.json", b"{}")
        return recording_id

    async def row(self, recording_id: str) -> Any:
        return await self.rooms.store.read(lambda c: catalogue.row(c, recording_id))

    async def keys(self, recording_id: str) -> list[str]:
        return [key async for key in self.objects.list(f"{recording_id}/")]

    async def entries(self, kind: str) -> list[Any]:
        table = schema.audit
        query = table.select().where(table.c.kind == kind).order_by(table.c.seq)
        return list(await self.rooms.store.read(lambda c: list(c.execute(query))))


@pytest.fixture
def archive(rooms: Any, tmp_path: Path) -> Archive:
    objects = FolderObjects(tmp_path / "recordings")
    return Archive(rooms, objects, FakeClock(NOW_MS), Undertaker(rooms.site.id, KEY))
