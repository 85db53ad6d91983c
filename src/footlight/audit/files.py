"""Whether the recordings that the chain tells of are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from footlight.recording.format import segment_name

Names = Callable[[str], set[str]]  # of the files of a recording that are in one place


def missing_in(places: Sequence[Names]) -> Callable[[str, int], int]:
    """Of a recording's first sealed segments, how many are in none of these places. They are to be named in the order
    in which a segment moves through them: it is in the next before it leaves one."""

    def missing(recording_id: str, sealed: int) -> int:
        wanted = {segment_name(number) for number in range(sealed)}
        for names in places:
            if wanted:
                wanted -= names(recording_id)
        return len(wanted)

    return missing


def names_in(folder: Path) -> Names:
    """What is in a folder of recordings."""
    return lambda recording_id: _names(folder / recording_id)


def _names(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return set()
