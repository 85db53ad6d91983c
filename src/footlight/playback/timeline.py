"""What a recording holds and when: duration, segments, events, gaps, and how much changed.

Sealed segments tell it by their index; open ones by their records. Segments that do not hold are
left out and named in `faults`. Times are recording time in nanoseconds.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import msgspec

from footlight.recording.chain import Gap, Manifest, read_manifest
from footlight.recording.format import FormatError
from footlight.recording.frames import CutOff, read_header, read_seal
from footlight.recording.index import DamageRow, Index, made_index, stored_index
from footlight.recording.reader import SegmentReader
from footlight.recording.source import SegmentFile, Source


class Span(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A segment and when it plays: from start_ns until the next one's start."""

    number: int
    open: bool
    start_ns: int
    end_ns: int | None  # None: open, not known without reading it


class PlayedSegment(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A segment as players want it listed."""

    number: int
    open: bool
    size_bytes: int
    start_ns: int
    end_ns: int
    width: int
    height: int


class SegmentFault(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A segment, or the rest of one, that cannot be played."""

    number: int
    reason: str


class Timeline(msgspec.Struct, rename="camel", kw_only=True):
    """All of a recording but its pixels. `damage` rows: second, changed pixels, left, top, right,
    bottom of the box around them (the last two exclusive), each second at most once, in order."""

    duration_ns: int
    width: int  # the largest screen
    height: int
    complete: bool  # it has ended: there is a manifest
    segments: list[PlayedSegment]
    events: list[dict[str, Any]]
    gaps: list[Gap]
    damage: list[DamageRow]
    faults: list[SegmentFault]


def read_timeline(source: Source, known: MutableMapping[int, Index] | None = None) -> Timeline:
    """The timeline of what is at hand now. Reads the index of each segment; blocks. Indexes of sealed segments
    never change: those in `known` (by number) are not read again, and new ones are put there."""
    known = {} if known is None else known
    manifest = read_manifest_if_any(source)
    timeline = Timeline(
        duration_ns=0,
        width=0,
        height=0,
        complete=manifest is not None,
        segments=[],
        events=[],
        gaps=[],
        damage=[],
        faults=[],
    )
    damage: dict[int, DamageRow] = {}
    for file in source.segments():
        try:
            index = known.get(file.number) if not file.open else None
            if index is None:
                index = _index(source, file, timeline.faults)
        except CutOff as error:
            if not file.open:  # an open one may have nothing on disk yet
                timeline.faults.append(SegmentFault(number=file.number, reason=str(error)))
        except (FormatError, FileNotFoundError) as error:
            timeline.faults.append(SegmentFault(number=file.number, reason=str(error)))
        else:
            if not file.open and not any(f.number == file.number for f in timeline.faults):
                known[file.number] = index
            _add(timeline, file, index, damage)
    if manifest is not None:
        timeline.duration_ns = max(timeline.duration_ns, manifest.duration_ms * 1_000_000)
        # One that no picture ended stands in the manifest alone.
        timeline.gaps += [gap for gap in manifest.gaps if gap not in timeline.gaps]
    timeline.damage = [damage[second] for second in sorted(damage)]
    return timeline


def read_spans(source: Source) -> list[Span]:
    """When each segment at hand plays, in order of time, from the manifest, else from headers and
    seals alone. Segments whose header does not hold are left out; blocks."""
    manifest = read_manifest_if_any(source)
    named = {e.number: e for e in manifest.segments} if manifest is not None else {}
    spans: list[Span] = []
    for file in source.segments():
        entry = named.get(file.number)
        if entry is not None and 0 <= entry.start_ns <= entry.end_ns:
            span = Span(
                number=file.number, open=False, start_ns=entry.start_ns, end_ns=entry.end_ns
            )
        else:
            try:
                span = _span(source, file)
            except (FormatError, FileNotFoundError):
                continue
        spans.append(span)
    return sorted(spans, key=lambda span: (span.start_ns, span.number))


def read_manifest_if_any(source: Source) -> Manifest | None:
    """The manifest when there is a readable one. Its signature is verify's business."""
    data = source.manifest()
    if data is None:
        return None
    try:
        return read_manifest(data).manifest
    except FormatError:
        return None


def _span(source: Source, file: SegmentFile) -> Span:
    with source.open(file.number) as opened:
        header, _ = read_header(opened)
        sealed = None if file.open else read_seal(opened)
    return Span(
        number=file.number,
        open=file.open,
        start_ns=header.start_ns,
        end_ns=sealed[0].end_ns if sealed is not None else None,
    )


def _index(source: Source, file: SegmentFile, faults: list[SegmentFault]) -> Index:
    with source.open(file.number) as opened:
        if not file.open:
            try:
                return stored_index(opened, source.data_key)
            except FormatError as error:
                # A cut segment still plays up to the cut.
                faults.append(SegmentFault(number=file.number, reason=str(error)))
        index, fault = made_index(SegmentReader(opened, source.data_key))
    if fault is not None:
        faults.append(SegmentFault(number=file.number, reason=fault.reason))
    return index


def _add(timeline: Timeline, file: SegmentFile, index: Index, damage: dict[int, DamageRow]) -> None:
    timeline.duration_ns = max(timeline.duration_ns, index.end_ns)
    timeline.width = max(timeline.width, index.width)
    timeline.height = max(timeline.height, index.height)
    timeline.segments.append(
        PlayedSegment(
            number=file.number,
            open=file.open,
            size_bytes=file.size_bytes,
            start_ns=index.start_ns,
            end_ns=index.end_ns,
            width=index.width,
            height=index.height,
        )
    )
    timeline.events += index.events
    timeline.gaps += index.gaps
    for row in index.damage:
        other = damage.get(row[0])
        damage[row[0]] = row if other is None else _merged(other, row)


def _merged(one: DamageRow, other: DamageRow) -> DamageRow:
    """Two segments may share a second."""
    return (
        one[0],
        one[1] + other[1],
        min(one[2], other[2]),
        min(one[3], other[3]),
        max(one[4], other[4]),
        max(one[5], other[5]),
    )
