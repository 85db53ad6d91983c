"""Recordings on the host's disk until they are uploaded: DATA/spool/<recording id>/.

| name | what |
|---|---|
| `recording.json` | what was begun, and when, with the data key until the manifest is written; rewritten atomically |
| `sealed.jsonl` | one line per sealed segment: what the manifest will say of it |
| `uploaded`, `reported` | empty marks: the store has it all, the site knows the end; with both the folder goes |
| `NNNNNN.open`, `NNNNNN.flseg`, `manifest.json` | as in docs/format.md |

All calls block on the disk; asyncio code runs them in threads.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from footlight.agent.recorder_messages import BeginRecording
from footlight.ids import is_guid
from footlight.recording.chain import Gap, SegmentEntry
from footlight.recording.format import MANIFEST_NAME, MAX_MANIFEST_BYTES, open_name, segment_name
from footlight.recording.sealing import SealedSegment
from footlight.wire.host import ReadSegment, SegmentPiece

_BEGUN_NAME = "recording.json"
_JOURNAL_NAME = "sealed.jsonl"
_UPLOADED_NAME = "uploaded"
_REPORTED_NAME = "reported"
_SEALING_NAME = ".sealing.tmp"
_LAST_NAMES = {_BEGUN_NAME, _JOURNAL_NAME, MANIFEST_NAME, _UPLOADED_NAME, _REPORTED_NAME}
_MAX_BEGUN_BYTES = 64 * 1024
_MAX_JOURNAL_BYTES = MAX_MANIFEST_BYTES
_MAX_PIECE_BYTES = 1024 * 1024


class Suspension(msgspec.Struct, frozen=True):
    """A recording was left to be resumed."""

    cause: str
    at_ns: int  # recording time


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a recorder needs to resume a recording that another one began."""

    order: BeginRecording
    machine_boot: str  # the kernel's boot id: monotonic times compare within one
    started_monotonic_ns: int | None = None  # of recording time 0, the first key frame
    started_wall_ms: int | None = None
    suspended: Suspension | None = None


class SealedLine(msgspec.Struct, frozen=True):
    """A sealed segment in the journal."""

    entry: SegmentEntry
    event_count: int
    gaps: list[Gap]


def journal_line(sealed: SealedSegment) -> SealedLine:
    """What the journal keeps of a sealed segment."""
    return SealedLine(entry=sealed.entry, event_count=sealed.event_count, gaps=sealed.gaps)


class SpoolFolder:
    """One recording's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def recording_id(self) -> str:
        """The folder's name."""
        return self.path.name

    def create(self, begun: Begun) -> None:
        """Make the folder, durable with what was begun."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.write_begun(begun)
        sync_folder(self.path.parent)

    def read_begun(self) -> Begun | None:
        """What was begun; None when nothing readable is there."""
        try:
            data = _read_bounded(self.path / _BEGUN_NAME, _MAX_BEGUN_BYTES)
            return msgspec.json.decode(data, type=Begun)
        except (OSError, ValueError):
            return None

    def write_begun(self, begun: Begun) -> None:
        """Replace what was begun, durably."""
        self._replace(_BEGUN_NAME, msgspec.json.encode(begun))

    def journal(self) -> list[SealedLine]:
        """The sealed segments in order. A line that a crash tore is left out."""
        try:
            data = _read_bounded(self.path / _JOURNAL_NAME, _MAX_JOURNAL_BYTES)
        except FileNotFoundError:
            return []
        lines: list[SealedLine] = []
        for text in data.split(b"\n"):
            if not text:
                continue
            try:
                line = msgspec.json.decode(text, type=SealedLine)
            except ValueError:
                continue
            if line.entry.number == len(lines):
                lines.append(line)
        return lines

    def append_journal(self, line: SealedLine) -> None:
        """Add a sealed segment, durably. The leading newline ends a line that a crash tore."""
        with (self.path / _JOURNAL_NAME).open("ab") as file:
            file.write(b"\n" + msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def write_manifest(self, data: bytes) -> None:
        """Put the manifest in place, durably: the recording is finished."""
        self._replace(MANIFEST_NAME, data)

    def manifest(self) -> bytes | None:
        """The manifest's bytes; None while there is none."""
        try:
            return _read_bounded(self.path / MANIFEST_NAME, MAX_MANIFEST_BYTES)
        except FileNotFoundError:
            return None

    def open_segments(self) -> list[int]:
        """Numbers of the segments that were being written."""
        return sorted(
            int(name.stem) for name in self.path.glob("[0-9]*.open") if name.stem.isdigit()
        )

    @property
    def uploaded(self) -> bool:
        """Whether the store has the manifest, and so the whole recording."""
        return (self.path / _UPLOADED_NAME).exists()

    def mark_uploaded(self) -> None:
        """The store has the whole recording."""
        self._mark(_UPLOADED_NAME)

    def mark_reported(self) -> None:
        """The site knows how the recording ended. Without effect on a folder that is gone."""
        if self.path.is_dir():
            self._mark(_REPORTED_NAME)

    def _mark(self, name: str) -> None:
        """Both marks made, nothing here is needed any more and the folder goes. Until then the
        manifest stays: after a crash it is what the end is reported from again."""
        with contextlib.suppress(FileNotFoundError):  # the other mark's maker was faster
            (self.path / name).touch(mode=0o600)
            names = {entry.name for entry in os.scandir(self.path)}
            left = {name for name in names if not name.startswith(".")} - _LAST_NAMES
            if names >= {_UPLOADED_NAME, _REPORTED_NAME} and not left:
                for last in names:
                    (self.path / last).unlink(missing_ok=True)
                self.path.rmdir()

    @contextlib.contextmanager
    def temporary(self) -> Iterator[BinaryIO]:
        """An empty file for the segment that is being sealed, durable when left without an error."""
        with _open_private(self.path / _SEALING_NAME, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def rename_temporary(self, name: str) -> None:
        """Give what `temporary` held that name, durably."""
        (self.path / _SEALING_NAME).rename(self.path / name)
        sync_folder(self.path)

    def drop_temporary(self) -> None:
        """What was being sealed is not wanted."""
        (self.path / _SEALING_NAME).unlink(missing_ok=True)

    def _replace(self, name: str, data: bytes) -> None:
        temporary = self.path / f".{name}.tmp"
        with _open_private(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.path / name)
        sync_folder(self.path)


class SegmentFile:
    """The open segment's file: appended and synced."""

    def __init__(self, folder: Path, number: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._descriptor = os.open(folder / open_name(number), flags, 0o600)
        sync_folder(folder)

    def append(self, data: bytes) -> None:
        """Write the bytes and wait until they are on the disk."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Let go of the file as it is."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def spool_folders(spool: Path) -> Iterator[SpoolFolder]:
    """Every recording in the spool, in no order."""
    with contextlib.suppress(FileNotFoundError):
        for entry in sorted(os.scandir(spool), key=lambda e: e.name):
            if entry.is_dir(follow_symlinks=False) and is_guid(entry.name):
                yield SpoolFolder(Path(entry.path))


def read_piece(spool: Path, wanted: ReadSegment) -> SegmentPiece:
    """Bytes of a segment in the spool, sealed or open."""
    if not is_guid(wanted.recording_id) or wanted.number < 0 or wanted.offset < 0:
        return SegmentPiece(found=False)
    folder = spool / wanted.recording_id.lower()
    # Sealing renames the open file, so a second look at the sealed name closes that race.
    for name in (
        segment_name(wanted.number),
        open_name(wanted.number),
        segment_name(wanted.number),
    ):
        try:
            with (folder / name).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(wanted.offset)
                data = file.read(max(0, min(wanted.length, _MAX_PIECE_BYTES)))
        except FileNotFoundError:
            continue
        return SegmentPiece(found=True, data=data, size=size, open=name.endswith(".open"))
    return SegmentPiece(found=False)


def sync_folder(path: Path) -> None:
    """Make the folder's entries durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_private(path: Path, mode: str) -> BinaryIO:
    """Keys may be in there: nobody else reads it, whatever the umask is."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    return cast(BinaryIO, os.fdopen(descriptor, mode))


def _read_bounded(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{path.name} is over the limit")
    return data
