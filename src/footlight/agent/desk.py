"""What all recordings of one recorder process share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent.rounds import Rounds
from footlight.agent.sealing import Press
from footlight.agent.spool_room import SpoolRoom
from footlight.clock import Clock
from footlight.recording.chain import Certificate
from footlight.wire.host import RecordingFacts


@dataclass(frozen=True)
class Desk:
    """Where recordings are written, who signs them, on which clock, and who is told."""

    spool: Path
    key: Ed25519PrivateKey = field(repr=False)
    certificate: Certificate | None
    boot_id: bytes  # 8 random bytes, one per start of the recorder
    machine_boot: str  # the kernel's boot id
    pool: ThreadPoolExecutor  # for the disk
    press: Press  # for what is closed
    clock: Clock
    report: Callable[[RecordingFacts], None]
    room: SpoolRoom
    rounds: Rounds = field(default_factory=Rounds)
