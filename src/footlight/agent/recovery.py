"""What an earlier recorder left in the spool, made whole. Blocks on the disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from footlight.agent.desk import Desk
from footlight.agent.spool import SealedLine, SpoolFolder, journal_line, sync_folder
from footlight.recording.format import NO_HEAD, open_name, segment_name
from footlight.recording.salvage import salvage
from footlight.recording.writer import SealedSegment


@dataclass
class Progress:
    """What of a recording is sealed."""

    lines: list[SealedLine]

    @property
    def head(self) -> bytes:
        """The chain's head after the last segment."""
        return bytes.fromhex(self.lines[-1].entry.head) if self.lines else NO_HEAD

    @property
    def end_ns(self) -> int:
        """Recording time of the last record."""
        return self.lines[-1].entry.end_ns if self.lines else 0


def recover(desk: Desk, folder: SpoolFolder) -> Progress:
    """Seal the segment that a dead recorder left open. Raises OSError."""
    lines = folder.journal()
    for number in folder.open_segments():
        torn = folder.path / open_name(number)
        if number < len(lines):
            _finish_rename(folder, number, torn)
            continue
        sealed = _salvage_file(desk, folder, torn)
        if sealed is not None and sealed.entry.number == len(lines):
            line = journal_line(sealed)
            folder.append_journal(line)
            lines.append(line)
        torn.unlink()
    return Progress(lines)


def _finish_rename(folder: SpoolFolder, number: int, torn: Path) -> None:
    """The journal names the segment: its writer died just before the rename, or, when the sealed
    file is there too, while salvaging it."""
    whole = folder.path / segment_name(number)
    if whole.exists():
        torn.unlink()
    else:
        torn.rename(whole)


def _salvage_file(desk: Desk, folder: SpoolFolder, torn: Path) -> SealedSegment | None:
    whole = folder.path / ".salvage.tmp"
    with torn.open("rb") as source, whole.open("wb") as sink:
        sealed = salvage(source, sink, desk.key, desk.boot_id)
        sink.flush()
        os.fsync(sink.fileno())
    if sealed is None:
        whole.unlink()
        return None
    whole.rename(folder.path / sealed.entry.name)
    sync_folder(folder.path)
    return sealed
