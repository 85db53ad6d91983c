"""seek: the picture anywhere in an 8-hour recording, from nothing but its bytes.

A real recording of typing and of windows dragged without a pause is repeated until it is 8 hours long:
the same bodies behind headers, seals and a manifest of their own numbers and times, given from memory.
"""

from __future__ import annotations

import dataclasses
import io
import random
import time
from pathlib import Path
from typing import BinaryIO

from bench.figure import Figure
from bench.taped_typing import taped_typing
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.playback.render import Renderer
from footlight.recording import chain
from footlight.recording.chain import SegmentEntry
from footlight.recording.cipher import DataKey
from footlight.recording.format import SKIPPABLE_HEADER, segment_name, skippable_frame
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource, SegmentFile

BAR_MS = 200.0
HOURS = 8
SEED = 2026


class LongRecording:
    """A Source: the segments of a folder one after the other, again and again."""

    def __init__(self, folder: Path, duration_ns: int) -> None:
        manifest = chain.read_manifest(FolderSource(folder).manifest() or b"").manifest
        files = [(folder / entry.name).read_bytes() for entry in manifest.segments]
        self._files: list[bytes] = []
        self.entries: list[SegmentEntry] = []
        start_ns = 0
        while start_ns < duration_ns:
            number = len(self.entries)
            entry = manifest.segments[number % len(files)]
            length_ns = entry.end_ns - entry.start_ns
            self.entries.append(
                SegmentEntry(
                    number=number,
                    name=segment_name(number),
                    size_bytes=entry.size_bytes,
                    sha256=entry.sha256,
                    head=entry.head,
                    start_ns=start_ns,
                    end_ns=start_ns + length_ns,
                    width=entry.width,
                    height=entry.height,
                )
            )
            self._files.append(files[number % len(files)])
            start_ns += max(1, length_ns)
        self.duration_ns = start_ns
        changed = chain.Manifest(
            **{
                field: getattr(manifest, field)
                for field in manifest.__struct_fields__
                if field not in ("segments", "duration_ms")
            },
            segments=self.entries,
            duration_ms=start_ns // 1_000_000,
        )
        self.data_key: DataKey | None = None
        self._manifest = chain.sign_manifest(Ed25519PrivateKey.generate(), changed)

    def manifest(self) -> bytes:
        return self._manifest

    def segments(self) -> list[SegmentFile]:
        return [SegmentFile(entry.number, False, entry.size_bytes) for entry in self.entries]

    def open(self, number: int) -> BinaryIO:
        data = self._files[number]
        header, body_at = read_header(io.BytesIO(data))
        start_ns = self.entries[number].start_ns
        header = dataclasses.replace(header, number=number, start_ns=start_ns)
        return io.BytesIO(skippable_frame(SKIPPABLE_HEADER, header.pack()) + data[body_at:])


def measure(quick: bool) -> Figure:
    """The slowest of many pictures, in ms; each opens the recording anew, as a request does."""
    rng = random.Random(SEED)
    with taped_typing(15.0 if quick else 60.0, drags=10 if quick else 40) as folder:
        source = LongRecording(folder, HOURS * 3_600_000_000_000)
        largest = max(path.stat().st_size for path in folder.glob("*.flseg"))
    # The last instant of a segment costs the most.
    times = [entry.end_ns for entry in rng.sample(source.entries, 40)]
    times += [rng.randrange(source.duration_ns) for _ in range(60)]
    took_ms: list[float] = []
    cpu_ms: list[float] = []
    for at_ns in times:
        began, cpu_began = time.perf_counter(), time.process_time()
        picture = Renderer(source).picture(at_ns)
        took_ms.append((time.perf_counter() - began) * 1000)
        cpu_ms.append((time.process_time() - cpu_began) * 1000)
        assert picture is not None
        assert picture.fault is None
    took_ms.sort()
    return Figure(
        name="seek",
        value=round(took_ms[-1], 1),
        unit="ms",
        bar=BAR_MS,
        holds=took_ms[-1] <= BAR_MS,
        details={
            "hours": HOURS,
            "segments": len(source.entries),
            "largestSegmentBytes": largest,
            "seeks": len(times),
            "worstCpuMs": round(max(cpu_ms), 1),
            "medianMs": round(took_ms[len(took_ms) // 2], 1),
        },
    )
