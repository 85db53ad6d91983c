"""A fleet over a server's rooms: hosts and users in this process, sessions that start and end at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent.recorder_process import RecorderConfig
from footlight.broker.logons import FleetDoor
from footlight.objects.folder import FolderObjects
from footlight.recording.chain import private_pem
from footlight.simulation.fleet import Ground
from footlight.simulation.simulation import Simulation


@pytest.fixture
def ground(rooms: Any, tmp_path: Path) -> Ground:
    key = Ed25519PrivateKey.generate()
    (tmp_path / "key.pem").write_bytes(private_pem(key))
    return Ground(
        site_id=rooms.site.id,
        version="1",
        public_key=key.public_key().public_bytes_raw().hex(),
        recorder=RecorderConfig(tmp_path / "spool", tmp_path / "key.pem", tmp_path / "none.json"),
        bus=rooms.bus,
        clock=rooms.clock,
        objects=FolderObjects(tmp_path / "recordings"),
        site=FleetDoor(rooms.store, rooms.site.name),
    )


@pytest.fixture
async def simulation(ground: Ground) -> AsyncIterator[Simulation]:
    made = Simulation(ground, pace=0.0)
    yield made
    await made.stop()
