"""Recordings made without an X server: for the tests of recording and playback."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain
from footlight.recording.cipher import DataKey
from footlight.recording.format import (
    MANIFEST_NAME,
    NO_HEAD,
    Encoding,
    open_name,
    segment_name,
)
from footlight.recording.header import Header
from footlight.recording.recompression import recompress
from footlight.recording.sealing import Hand, Place, seal_segment
from footlight.recording.writer import SegmentWriter

RECORDING_ID = "0b0e4b4e-7d1c-4a56-9a07-000000000001"
SESSION_ID = "0b0e4b4e-7d1c-4a56-9a07-000000000002"
SITE_ID = "0b0e4b4e-7d1c-4a56-9a07-000000000003"

MS = 1_000_000


def solid(width: int, height: int, colour: int) -> bytes:
    """Inflated ZRLE of one colour."""
    tiles = -(-width // 64) * -(-height // 64)
    return (b"\1" + colour.to_bytes(3, "little")) * tiles


@dataclass
class Studio:
    """Writes a recording into a folder, segment by segment."""

    folder: Path
    agent_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    site_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    data_key: DataKey | None = None
    recompress: bool = True
    number: int = 0
    head: bytes = NO_HEAD
    entries: list[chain.SegmentEntry] = field(default_factory=list)
    gaps: list[chain.Gap] = field(default_factory=list)

    @property
    def site_public(self) -> bytes:
        return chain.public_bytes(self.site_key)

    def begin(self, start_ms: int, colour: int, width: int = 200, height: int = 100) -> Segment:
        """A segment that begins with a screen of one colour."""
        header = Header(
            number=self.number,
            recording_id=RECORDING_ID,
            session_id=SESSION_ID,
            anchor_monotonic_ns=5_000 * MS,
            anchor_wall_ns=1_760_000_000_000 * MS,
            start_ns=start_ms * MS,
            previous_head=NO_HEAD,
            signer=chain.public_bytes(self.agent_key),
            boot_id=b"bootboot",
        )
        segment = Segment(self, SegmentWriter(header, width, height))
        segment.data += segment.writer.begin()
        return segment.fill(start_ms, colour, 0, 0, width, height)

    def certificate(self) -> chain.Certificate:
        return chain.issue_certificate(
            self.site_key,
            chain.CertificateBody(
                site_id=SITE_ID,
                machine_id=SITE_ID,
                machine_name="HOST",
                agent_key=chain.public_bytes(self.agent_key).hex(),
                issued_at="2026-11-22T00:00:00Z",
            ),
        )

    def finish(self, **changes: object) -> bytes:
        """Write the manifest; returns its bytes."""
        end_ns = self.entries[-1].end_ns if self.entries else 0
        members: dict[str, object] = {
            "recording_id": RECORDING_ID,
            "session_id": SESSION_ID,
            "site_id": SITE_ID,
            "user_name": "SITE\\ann",
            "machine_name": "SITE\\HOST",
            "resource_name": "Desktop",
            "reason": "on-demand",
            "ordered_by": "SITE\\admin",
            "notify": False,
            "started_at": "2026-11-22T00:00:00Z",
            "ended_at": "2026-11-22T00:00:10Z",
            "duration_ms": end_ns // MS,
            "end_reason": "stopped",
            "state": "completed",
            "segments": self.entries,
            "event_count": 0,
            "gaps": self.gaps,
            "head": self.entries[-1].head if self.entries else "",
            "certificate": self.certificate(),
        }
        manifest = chain.Manifest(**{**members, **changes})  # type: ignore[arg-type]
        data = chain.sign_manifest(self.agent_key, manifest)
        (self.folder / MANIFEST_NAME).write_bytes(data)
        return data


@dataclass
class Segment:
    """One segment being written; its methods take recording time in ms and return it again."""

    studio: Studio
    writer: SegmentWriter
    data: bytes = b""

    def fill(self, at_ms: int, colour: int, x: int, y: int, width: int, height: int) -> Segment:
        body = solid(width, height, colour)
        return self.update(at_ms, (x, y, width, height, Encoding.ZRLE, body))

    def update(self, at_ms: int, *rectangles: tuple[int, int, int, int, int, bytes]) -> Segment:
        self.data += self.writer.update(at_ms * MS, rectangles)
        self.data += self.writer.flush()
        return self

    def event(self, at_ms: int, kind: str, **members: object) -> Segment:
        self.data += self.writer.event(at_ms * MS, kind, members)
        return self

    def gap(self, at_ms: int, from_ms: int, to_ms: int, cause: str = "disconnected") -> Segment:
        gap = chain.Gap(from_ns=from_ms * MS, to_ns=to_ms * MS, cause=cause)
        self.studio.gaps.append(gap)
        self.data += self.writer.gap(at_ms * MS, gap)
        return self

    def seal(self, *, last: bool = False) -> Path:
        """Write the sealed file."""
        tail, closed = self.writer.close()
        self.data += tail
        place = Place(self.studio.number, self.studio.head, last)
        hand = Hand(self.studio.agent_key, self.studio.data_key)
        sink = io.BytesIO()
        source, anew = io.BytesIO(self.data), io.BytesIO()
        smaller = self.studio.recompress and recompress(
            source, anew, closed.body_bytes, lambda pieces: pieces, lambda: True
        )
        sealed = seal_segment(source, sink, closed, place, hand, anew if smaller else None)
        self.data = sink.getvalue()
        path = self.studio.folder / segment_name(self.studio.number)
        path.write_bytes(self.data)
        self.studio.entries.append(sealed.entry)
        self.studio.head = bytes.fromhex(sealed.entry.head)
        self.studio.number += 1
        return path

    def leave_open(self) -> Path:
        """Write the file as it would be after a flush."""
        self.data += self.writer.flush()
        path = self.studio.folder / open_name(self.studio.number)
        path.write_bytes(self.data)
        self.studio.number += 1
        return path


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """An empty recording's folder."""
    folder = tmp_path / "recording"
    folder.mkdir()
    return Studio(folder)


@pytest.fixture
def make_three(studio: Studio) -> Callable[[], Studio]:
    """A finished recording: red from 0, a blue square from 1 s; nothing from 1.5 s to 5 s; green from
    5 s; a larger yellow screen from 8 s, after a gap from 6 s. It ends at 9 s."""

    def make() -> Studio:
        first = studio.begin(0, 0xFF0000).event(0, "recording-started", reason="on-demand")
        first.fill(1000, 0x0000FF, 10, 20, 30, 40).fill(1500, 0x0000FE, 10, 20, 30, 40).seal()
        studio.begin(5000, 0x00FF00).fill(6000, 0x00FE00, 0, 0, 200, 100).seal()
        last = studio.begin(8000, 0xFFFF00, 301, 151).gap(8000, 6000, 8000)
        last.fill(9000, 0xFFFE00, 100, 100, 201, 51)
        last.event(9000, "recording-stopped", reason="order").seal(last=True)
        studio.finish()
        return studio

    return make
