"""The picture at any moment of a recording, and all pictures in order.

A moment costs the decoding of one segment at most, up to that moment (format.md section 2: each
begins with a key frame).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from footlight.playback.screen import Screen
from footlight.playback.timeline import SegmentFault, Span, read_spans
from footlight.recording.format import FormatError, RecordKind
from footlight.recording.reader import Record, SegmentReader
from footlight.recording.source import Source
from footlight.rfb.framebuffer import Framebuffer


@dataclass(frozen=True)
class Picture:
    """The screen as it was at `at_ns`: `pixels.pixels` is (height, width) of 0x00RRGGBB. `drawn_ns`
    is when it last changed before; `fault` is set when newer changes could not be read."""

    at_ns: int
    drawn_ns: int
    pixels: Framebuffer
    fault: str | None = None

    def image(self) -> Image.Image:
        """As an RGB image."""
        return Image.fromarray(self.pixels.rgb())


class Renderer:
    """Pictures of one recording. It reads the list of segments once; make another for a recording
    that has grown. Calls block."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._spans = read_spans(source)
        self._starts = [span.start_ns for span in self._spans]

    @property
    def spans(self) -> list[Span]:
        """The segments that can be played, in order of time."""
        return self._spans

    def picture(self, at_ns: int) -> Picture | None:
        """The picture at a recording time; before the first one that first one, after the end the
        last. None when there is none at all. Between segments nothing changed, and in a gap it is
        what was seen last."""
        place = max(0, bisect_right(self._starts, at_ns) - 1)
        for span in reversed(self._spans[: place + 1]):
            picture = self._in_segment(span, at_ns)
            # None: not one update of it is on disk, or it is broken from the start.
            if picture is not None:
                return picture
        return None

    def _in_segment(self, span: Span, at_ns: int) -> Picture | None:
        screen = Screen()
        drawn_ns: int | None = None
        fault: str | None = None
        try:
            with self._source.open(span.number) as file:
                reader = SegmentReader(file, self._source.data_key)
                for record in reader.records():
                    if record.at_ns > at_ns and drawn_ns is not None:
                        break
                    if screen.feed(record) and record.kind == RecordKind.UPDATE:
                        drawn_ns = record.at_ns
                fault = reader.fault.reason if reader.fault is not None else None
        except (FormatError, FileNotFoundError) as error:
            fault = str(error)
        if screen.picture is None or drawn_ns is None:
            return None
        return Picture(at_ns, drawn_ns, screen.picture, fault)


class Playing:
    """A recording played once from beginning to end. Broken parts are left out and listed in
    `faults`."""

    def __init__(self, source: Source) -> None:
        self.screen = Screen()
        self.faults: list[SegmentFault] = []
        self._source = source

    def records(self) -> Iterator[Record]:
        """Each record just before it is played: `screen` still shows what was before it."""
        for span in read_spans(self._source):
            try:
                with self._source.open(span.number) as file:
                    reader = SegmentReader(file, self._source.data_key)
                    for record in reader.records():
                        yield record
                        self.screen.feed(record)
                if reader.fault is not None:
                    self._fault(span, reader.fault.reason)
            except (FormatError, FileNotFoundError) as error:
                self._fault(span, str(error))

    def _fault(self, span: Span, reason: str) -> None:
        self.faults.append(SegmentFault(number=span.number, reason=reason))
