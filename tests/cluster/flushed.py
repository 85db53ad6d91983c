"""What of a recording is on the disk: its records, and the picture that they come to, to be compared with what is there
later. Sealing writes segments anew, so that not bytes are compared but what they say."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from footlight.playback.render import Renderer
from footlight.playback.screen import Screen
from footlight.recording.cipher import DataKey
from footlight.recording.format import FormatError, RecordKind, open_name, segment_name
from footlight.recording.frames import CutOff
from footlight.recording.reader import Record, SegmentReader
from footlight.recording.source import FolderSource, SegmentFile

_KEPT = (RecordKind.UPDATE, RecordKind.EVENT, RecordKind.GAP)


@dataclass
class Flushed:
    """Of one recording at one moment. `records`: kind, time and, of all but pictures, content; `last`: time and hash of
    the last picture; `sealed`: hashes of sealed segments by name."""

    recording_id: str
    records: set[tuple[int, int, bytes]] = field(default_factory=set)
    last: tuple[int, str] | None = None
    sealed: dict[str, str] = field(default_factory=dict)


class BothPlaces(FolderSource):
    """A recording of which a part is in the store and a part in the spool."""

    def __init__(self, spool: Path, store: Path, data_key: DataKey) -> None:
        super().__init__(store, data_key)
        self._parts = (FolderSource(store), FolderSource(spool))

    def manifest(self) -> bytes | None:
        """That of whichever has one."""
        return next((data for one in self._parts if (data := one.manifest()) is not None), None)

    def segments(self) -> list[SegmentFile]:
        """Sealed ones before open ones, of either."""
        found: dict[int, SegmentFile] = {}
        for part in reversed(self._parts):
            for one in part.segments():
                if one.number not in found or not one.open:
                    found[one.number] = one
        return [found[number] for number in sorted(found)]

    def open(self, number: int) -> BinaryIO:
        """Whichever place has it."""
        for name in (segment_name(number), open_name(number), segment_name(number)):
            for part in self._parts:
                try:
                    return (part.folder / name).open("rb")
                except FileNotFoundError:
                    continue
        raise FileNotFoundError(f"segment {number}")


def flushed_now(recording_id: str, spool: Path, store: Path) -> Flushed:
    """All that is on the disk of it: what is open is read to its last whole record, as a crash would leave it."""
    found = Flushed(recording_id)
    for folder in (store / recording_id, spool / recording_id):
        for path in sorted(folder.glob("[0-9]*")):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue  # sealed or taken away meanwhile
            if path.suffix == ".flseg":
                found.sealed[path.name] = hashlib.sha256(data).hexdigest()
            else:
                _add(found, data)
    return found


def lost(before: Flushed, source: FolderSource) -> Iterator[str]:
    """What was on the disk then and is not in the recording now."""
    now: set[tuple[int, int, bytes]] = set()
    for file in source.segments():
        with source.open(file.number) as opened:
            data = opened.read()
        name = segment_name(file.number)
        if name in before.sealed and hashlib.sha256(data).hexdigest() != before.sealed[name]:
            yield f"segment {name} is not what it was"
        try:
            reader = SegmentReader(io.BytesIO(data), source.data_key)
        except CutOff:
            continue  # has just been opened
        now |= {_fact(record) for record in reader.records() if record.kind in _KEPT}
        if reader.fault is not None:
            yield f"segment {name}: {reader.fault.reason}"
    there = {segment_name(file.number) for file in source.segments()}
    if gone := sorted(before.sealed.keys() - there):
        yield f"segments {gone} are gone"
    if missing := before.records - now:
        yield f"{len(missing)} of {len(before.records)} records are gone, the first {min(missing)}"
    if before.last is not None:
        at_ns, picture = before.last
        shown = Renderer(source).picture(at_ns)
        if shown is None or _hash(shown.pixels.pixels.tobytes()) != picture:
            yield f"the picture at {at_ns} ns is another"


def events_in_order(source: FolderSource) -> Iterator[str]:
    """Events of one recording whose times fall."""
    latest = 0
    for file in source.segments():
        with source.open(file.number) as opened, contextlib.suppress(CutOff):
            for record in SegmentReader(opened, source.data_key).records():
                if record.kind == RecordKind.EVENT and record.at_ns < latest:
                    yield f"an event at {record.at_ns} ns stands behind one at {latest} ns"
                latest = max(latest, record.at_ns)


def _add(found: Flushed, data: bytes) -> None:
    screen, last_ns = Screen(), None
    facts: set[tuple[int, int, bytes]] = set()
    try:
        for record in SegmentReader(io.BytesIO(data)).records():
            screen.feed(record)
            if record.kind in _KEPT:
                facts.add(_fact(record))
            if record.kind == RecordKind.UPDATE:
                last_ns = record.at_ns
    except FormatError:
        return  # not even its header is there
    if screen.picture is not None and last_ns is None:
        return  # nothing but an empty screen: format.md lets go of it
    found.records |= facts
    if screen.picture is not None and last_ns is not None:
        found.last = last_ns, _hash(screen.picture.pixels.tobytes())


def _fact(record: Record) -> tuple[int, int, bytes]:
    return record.kind, record.at_ns, b"" if record.kind == RecordKind.UPDATE else record.payload


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
