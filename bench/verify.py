"""verify: MB/s of verifying an encrypted recording against `sha256sum` of the same files; and of reading it."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figure import Figure
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain
from footlight.recording.cipher import DataKey
from footlight.recording.format import NO_HEAD, Encoding
from footlight.recording.header import Header
from footlight.recording.reader import SegmentReader
from footlight.recording.sealing import Hand, Place, seal_segment
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.recording.writer import SegmentWriter

BAR_SHARE = 0.5
RECORDING = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
ROUNDS = 5
SIDE = 512
KEY = DataKey(b"k" * 32)


def measure(quick: bool) -> Figure:
    """Share of sha256sum's MB/s; the best of some rounds each, one after the other in turn."""
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name:
        folder = Path(name)
        size = _record(folder, 8 if quick else 32)
        source = FolderSource(folder, KEY)
        files = [str(path) for path in sorted(folder.iterdir())]
        hashing, verifying, reading = [], [], []
        for _ in range(ROUNDS):
            hashing.append(_seconds(lambda: _sha256sum(files)))
            verifying.append(_seconds(lambda: _verify(source)))
            reading.append(_seconds(lambda: _read(source)))
    share = min(hashing) / min(verifying)
    return Figure(
        name="verify",
        value=round(share, 2),
        unit="of sha256sum's MB/s",
        bar=BAR_SHARE,
        holds=share >= BAR_SHARE,
        details={
            "megabytes": round(size / 1e6, 1),
            "sha256sumMBs": round(size / 1e6 / min(hashing)),
            "verifyMBs": round(size / 1e6 / min(verifying)),
            "readStoredMBs": round(size / 1e6 / min(reading)),
        },
    )


def _record(folder: Path, segments: int) -> int:
    """Encrypted segments of noise that moves, 2.7 MB each; their bytes together."""
    agent = Ed25519PrivateKey.generate()
    head, size = NO_HEAD, 0
    noise = bytearray(_noise(SIDE * SIDE * 4))
    for number in range(segments):
        header = Header(
            number=number,
            recording_id=RECORDING,
            session_id=RECORDING,
            anchor_monotonic_ns=0,
            anchor_wall_ns=0,
            start_ns=number * 30_000_000_000,
            previous_head=NO_HEAD,
            signer=chain.public_bytes(agent),
            boot_id=bytes(8),
        )
        writer = SegmentWriter(header, SIDE, SIDE)
        opened = folder / "open"
        with opened.open("wb") as file:
            file.write(writer.begin())
            for update in range(16):
                noise = noise[4099:] + noise[:4099]
                rectangle = (0, 0, SIDE, SIDE, int(Encoding.RAW), bytes(noise))
                file.write(writer.update(header.start_ns + update, [rectangle]))
                noise[update * 97 : update * 97 + 65536] = _noise(65536)
            tail, closed = writer.close()
            file.write(tail)
        path = folder / f"{number:06d}.flseg"
        with opened.open("rb") as source, path.open("w+b") as sink:
            place = Place(number, head)
            sealed = seal_segment(source, sink, closed, place, Hand(agent, KEY))
        head = bytes.fromhex(sealed.entry.head)
        size += sealed.entry.size_bytes
        opened.unlink()
    return size


def _noise(size: int) -> bytes:
    with open("/dev/urandom", "rb") as source:
        return source.read(size)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _sha256sum(files: list[str]) -> None:
    subprocess.run(["sha256sum", *files], check=True, stdout=subprocess.DEVNULL, timeout=120)


def _verify(source: FolderSource) -> None:
    verdict = verify_recording(FolderSource(source.folder))
    assert (verdict.status, verdict.findings) == ("unfinished", [])


def _read(source: FolderSource) -> None:
    for segment in source.segments():
        with source.open(segment.number) as file:
            reader = SegmentReader(file, source.data_key)
            for _ in reader.records():
                pass
        assert reader.fault is None
