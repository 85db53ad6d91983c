"""Whether the recordings that the chain tells of are on the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from footlight.recording.format import segment_name


def missing_in(folders: Sequence[Path]) -> Callable[[str, int], int]:
    """Of a recording's first sealed segments, how many are in none of these folders of recordings. They are to be named
    in the order in which a segment moves through them: it is in the next before it leaves one."""

    def missing(recording_id: str, sealed: int) -> int:
        wanted = {segment_name(number) for number in range(sealed)}
        for folder in folders:
            wanted -= _names(folder / recording_id)
        return len(wanted)

    return missing


def _names(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return set()
