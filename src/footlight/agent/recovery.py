"""What an earlier recorder left in the spool, made whole. Blocks on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.sealing import hand_of, keep_sealed
from footlight.agent.spool import SealedLine, SpoolFolder
from footlight.recording.format import NO_HEAD, open_name, segment_name
from footlight.recording.frames import read_seal
from footlight.recording.salvage import salvage
from footlight.recording.sealing import Place


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


def recover(desk: Desk, folder: SpoolFolder, order: BeginRecording) -> Progress:
    """Seal the segments that a dead recorder left open or closed. Raises OSError."""
    progress = Progress(folder.journal())
    hand = hand_of(desk, order)
    for number in folder.open_segments():
        torn = folder.path / open_name(number)
        if number < len(progress.lines):
            _finish(folder, number, torn)
            continue
        place = Place(len(progress.lines), progress.head)
        if number != place.number:  # one before it held no picture and leaves it its number
            torn = torn.rename(folder.path / open_name(place.number))
        with torn.open("rb") as source, folder.temporary() as sink:
            sealed = salvage(source, sink, place, hand, desk.boot_id)
        if sealed is None:
            folder.drop_temporary()
        else:
            progress.lines.append(keep_sealed(folder, sealed))
        torn.unlink(missing_ok=True)
    return progress


def _finish(folder: SpoolFolder, number: int, torn: Path) -> None:
    """The journal names the segment: its writer died just before the open file went, or, when it wrote format
    version 0, before that got its sealed name."""
    whole = folder.path / segment_name(number)
    with torn.open("rb") as file:
        is_sealed = read_seal(file) is not None
    if whole.exists() or not is_sealed:
        torn.unlink()
    else:
        torn.rename(whole)
