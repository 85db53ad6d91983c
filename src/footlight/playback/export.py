"""A recording as an MP4 that plays anywhere: H.264, 4:2:0, so no longer lossless.

Ten frames a second at most: a frame is written for each tenth of a second in which the screen
changed and lasts until the next one. A span that was not observed shows the last picture dimmed, with
words across it. Screens smaller than the largest one stand at the top left of a black canvas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from footlight.playback.labels import clock_text, marked
from footlight.playback.render import Playing
from footlight.playback.timeline import SegmentFault, Timeline, read_timeline
from footlight.recording.chain import Gap
from footlight.recording.format import RecordKind
from footlight.recording.reader import read_gap
from footlight.recording.source import Source
from footlight.rfb.framebuffer import Framebuffer

FRAMES_PER_SECOND = 10

_FRAME_NS = 1_000_000_000 // FRAMES_PER_SECOND
# A still picture is written anew this often, so that players can seek within long quiet spans.
_LONGEST_FRAME = 10 * FRAMES_PER_SECOND
_KEY_FRAME_EVERY = 20 * FRAMES_PER_SECOND
_BT709 = 1  # ISO/IEC 23091-4: the same number for primaries, transfer and matrix
_LIMITED_RANGE = 1
# Desktops change in places and between stills: looking ahead, B-frames, fades and smoothing cost time
# and gain nothing. Measured on typing: a third less time and 16 % fewer bytes than without these.
# Nor does looking closely for motion, since text that scrolls has moved by whole lines: a fifth less CPU for 1 % more
# bytes.
_SCREEN_PARAMS = "bframes=0:rc-lookahead=2:weightp=0:no-deblock=1:subme=1:me=dia:ref=1"
_BLACK = (16, 128, 128)  # Y, Cb, Cr in the limited range

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Exported:
    """What an export made. `cancelled`: no file was left. `faults`: parts that could not be played."""

    cancelled: bool
    frames: int
    duration_ns: int
    width: int
    height: int
    size_bytes: int
    faults: list[SegmentFault]


def export_mp4(
    source: Source,
    out: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported | None:
    """Write the recording to `out`, replacing it once whole. None when it has no picture.

    `progress` is called with 0..1; `cancelled` is asked at each record and ends the work when true.
    Raises OSError when the file cannot be written. Memory is bounded by the largest screen and
    record. Blocks for a twentieth of the recording's time or less; run it in a thread.
    """
    timeline = read_timeline(source)
    if timeline.width == 0 or timeline.height == 0:
        return None
    part = out.with_name(out.name + ".part")
    try:
        with _Film(part, timeline.width, timeline.height) as film:
            faults = _play(source, film, timeline, progress, cancelled)
        if faults is None:
            return _exported(film, timeline.duration_ns, 0, [])
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    if progress is not None:
        progress(1.0)
    return _exported(film, timeline.duration_ns, out.stat().st_size, faults)


def _exported(film: _Film, duration_ns: int, size: int, faults: list[SegmentFault]) -> Exported:
    return Exported(
        cancelled=size == 0,
        frames=film.frames,
        duration_ns=duration_ns,
        width=film.width,
        height=film.height,
        size_bytes=size,
        faults=faults,
    )


def _play(
    source: Source,
    film: _Film,
    timeline: Timeline,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> list[SegmentFault] | None:
    """Put the recording on film; its faults, or None when cancelled."""
    playing = Playing(source)
    pending: int | None = None  # the tenth of a second whose picture is not on film yet
    told = 0
    gaps = list(timeline.gaps)
    for record in playing.records():
        if cancelled is not None and cancelled():
            return None
        tenth = record.at_ns // _FRAME_NS
        # A screen record blackens the picture, so what was there goes on film first.
        done = pending is not None and (tenth > pending or record.kind == RecordKind.SCREEN)
        if done and pending is not None:
            film.show(pending, playing.screen.picture)
            pending = None
        if record.kind == RecordKind.UPDATE:
            pending = tenth
        elif record.kind == RecordKind.GAP:
            from_ns, to_ns, cause = read_gap(record.payload)
            gap = Gap(from_ns=from_ns, to_ns=to_ns, cause=cause)
            gaps = [other for other in gaps if other != gap]
            _show_gap(film, gap)
        if progress is not None and tenth - told >= FRAMES_PER_SECOND:
            told = tenth
            progress(min(1.0, record.at_ns / max(1, timeline.duration_ns)))
    if pending is not None:
        film.show(pending, playing.screen.picture)
    for gap in gaps:  # the recording ended in it, so that no record tells of it
        _show_gap(film, gap)
    film.hold(timeline.duration_ns // _FRAME_NS)
    return playing.faults


def _show_gap(film: _Film, gap: Gap) -> None:
    span = f"{clock_text(gap.from_ns)} to {clock_text(gap.to_ns)}"
    film.show_image(
        gap.from_ns // _FRAME_NS, marked(film.shown(), ["Not recorded", span, gap.cause])
    )
    # The last tenth is left to the picture that ends the gap.
    film.hold(gap.to_ns // _FRAME_NS - 1)


class _Film:
    """The file being written. Times are in tenths of a second and only grow."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        # 4:2:0 halves both sides, so both must be even.
        self.width = width + width % 2
        self.height = height + height % 2
        self.frames = 0
        self._last: int | None = None
        self._canvas: NDArray[np.uint32] = np.zeros((self.height, self.width), dtype="<u4")
        self._frame: Any = av.VideoFrame(self.width, self.height, "yuv420p")
        for number, plane in enumerate(self._frame.planes):
            _rows(plane)[...] = _BLACK[number]
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        self._stream.width, self._stream.height = self.width, self.height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": "23", "x264-params": _SCREEN_PARAMS}
        context = self._stream.codec_context
        context.gop_size = _KEY_FRAME_EVERY
        context.time_base = Fraction(1, FRAMES_PER_SECOND)
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED_RANGE

    def __enter__(self) -> _Film:
        return self

    def __exit__(self, *_: object) -> None:
        self._encode(None)
        self._container.close()

    def show(self, tenth: int, picture: Framebuffer | None) -> None:
        """From then on this picture, as it is now."""
        if picture is None:
            return
        pixels = picture.pixels
        if pixels.shape != (self.height, self.width):
            pixels = np.zeros((self.height, self.width), dtype="<u4")
            # Only a recording whose index understates its screens could have a larger one.
            height, width = min(self.height, picture.height), min(self.width, picture.width)
            pixels[:height, :width] = picture.pixels[:height, :width]
        self._put(tenth, pixels)

    def shown(self) -> Image.Image:
        """What is shown last; black before all."""
        octets = self._canvas.view(np.uint8).reshape(self.height, self.width, 4)
        return Image.fromarray(np.ascontiguousarray(octets[:, :, 2::-1]))

    def show_image(self, tenth: int, image: Image.Image) -> None:
        """From then on this image, which is of the film's size."""
        red, green, blue = (np.asarray(band, dtype="<u4") for band in image.split())
        self._put(tenth, red << 16 | green << 8 | blue)

    def hold(self, until: int) -> None:
        """What is shown lasts until then."""
        if self._last is None:
            return
        while self._last < until:
            self._write(min(until, self._last + _LONGEST_FRAME))

    def _put(self, tenth: int, pixels: NDArray[np.uint32]) -> None:
        wide, shown = pixels.view("<u8"), self._canvas.view("<u8")  # two pixels at a time
        rows = np.flatnonzero((wide != shown).any(axis=1))
        if self._last is not None and len(rows) == 0:
            return
        if self._last is None:
            tenth = 0  # the film begins with the first picture
        else:
            tenth = max(tenth, self._last + 1)
            if tenth - self._last > _LONGEST_FRAME:
                self.hold(tenth - 1)
        if len(rows):
            band = slice(int(rows[0]), int(rows[-1]) + 1)
            columns = np.flatnonzero((wide[band] != shown[band]).any(axis=0))
            left, right = 2 * int(columns[0]), 2 * int(columns[-1]) + 1
            self._convert(pixels, band.start, band.stop - 1, left, right)
        self._write(tenth)

    def _convert(
        self, pixels: NDArray[np.uint32], first: int, last: int, leftmost: int, rightmost: int
    ) -> None:
        """Make the frame show these pixels, which differ within those rows and columns. To convert
        all of them would cost as much as encoding. The encoder has copied what it was given before."""
        # Colours are shared by pairs of rows and columns; the pairs before and after may differ by rounding.
        top = max(0, first // 2 * 2 - 2)
        bottom = min(self.height, last // 2 * 2 + 4)
        left = max(0, leftmost // 2 * 2 - 2)
        right = min(self.width, rightmost // 2 * 2 + 4)
        self._canvas[top:bottom, left:right] = pixels[top:bottom, left:right]
        area = np.ascontiguousarray(self._canvas[top:bottom, left:right])
        octets = area.view(np.uint8).reshape(-1, right - left, 4)
        band = av.VideoFrame.from_ndarray(octets, format="bgra").reformat(
            format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
        )
        for number, (into, out_of) in enumerate(zip(self._frame.planes, band.planes, strict=True)):
            share = 1 if number == 0 else 2
            changed = _rows(into)[top // share : bottom // share, left // share : right // share]
            changed[...] = _rows(out_of)[:, : changed.shape[1]]

    def _write(self, tenth: int) -> None:
        self._frame.pts = tenth
        self._frame.time_base = Fraction(1, FRAMES_PER_SECOND)
        self._encode(self._frame)
        self._last = tenth
        self.frames += 1

    def _encode(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            self._container.mux(packet)


def _rows(plane: Any) -> NDArray[np.uint8]:
    """A plane's memory as rows, padding included."""
    return np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, plane.line_size)
