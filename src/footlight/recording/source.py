"""Where a reader gets a recording's bytes from. Folders here; servers bring their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from footlight.recording.cipher import DataKey
from footlight.recording.format import (
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    open_name,
    segment_name,
)

_SEGMENT_NAME = re.compile(r"([0-9]{6})\.(flseg|open)")


@dataclass(frozen=True)
class SegmentFile:
    """A segment that is there. `open`: it is still being written, or its writer died."""

    number: int
    open: bool
    size_bytes: int


class Source(Protocol):
    """A recording, or the part of it that is at hand. Calls block; use them in a thread."""

    @property
    def data_key(self) -> DataKey | None:
        """What its encrypted segments are read with; None when that is not at hand."""
        ...

    def manifest(self) -> bytes | None:
        """manifest.json, cut one byte over its limit; None while there is none."""
        ...

    def segments(self) -> list[SegmentFile]:
        """The segments at hand, in order of their numbers, each number once."""
        ...

    def open(self, number: int) -> BinaryIO:
        """The segment's bytes, seekable; the caller closes it. Raises FileNotFoundError."""
        ...


class FolderSource:
    """A recording's folder (format.md section 1). Other names in it are left alone; symbolic links
    are not followed, since a folder may come from anywhere."""

    def __init__(self, folder: Path, data_key: DataKey | None = None) -> None:
        self.folder = folder
        self.data_key = data_key

    def manifest(self) -> bytes | None:
        """manifest.json, None when it is not there."""
        path = self.folder / MANIFEST_NAME
        if not _is_plain_file(path):
            return None
        with path.open("rb") as file:
            return file.read(MAX_MANIFEST_BYTES + 1)

    def segments(self) -> list[SegmentFile]:
        """Sealed and open segments; a sealed one hides an open one of its number."""
        found: dict[int, SegmentFile] = {}
        if not self.folder.is_dir():
            return []
        for path in sorted(self.folder.iterdir()):
            match = _SEGMENT_NAME.fullmatch(path.name)
            # ".flseg" sorts before ".open", so the first one of a number is the sealed one.
            if match is None or int(match[1]) in found or not _is_plain_file(path):
                continue
            number = int(match[1])
            found[number] = SegmentFile(number, match[2] == "open", path.stat().st_size)
        return [found[number] for number in sorted(found)]

    def open(self, number: int) -> BinaryIO:
        """The sealed file, else the open one. Raises FileNotFoundError."""
        try:
            return (self.folder / segment_name(number)).open("rb")
        except FileNotFoundError:
            return (self.folder / open_name(number)).open("rb")


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
