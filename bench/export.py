"""export: a recording of typing to MP4, times real time."""

from __future__ import annotations

import time

from bench.figure import Figure
from bench.taped_typing import taped_typing

from footlight.playback.export import export_mp4
from footlight.playback.render import Playing
from footlight.recording.source import FolderSource

BAR_TIMES_REAL_TIME = 20.0


def measure(quick: bool) -> Figure:
    """Recording time over the time that the export takes, both cores used."""
    seconds = 25.0 if quick else 90.0
    with taped_typing(seconds) as folder:
        source = FolderSource(folder)
        began, cpu_began = time.perf_counter(), time.process_time()
        exported = export_mp4(source, folder / "film.mp4")
        export_s, export_cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
        began = time.perf_counter()
        for _ in Playing(source).records():
            pass
        decode_s = time.perf_counter() - began
    assert exported is not None
    recorded_s = exported.duration_ns / 1e9
    return Figure(
        name="export",
        value=round(recorded_s / export_s, 1),
        unit="times real time",
        bar=BAR_TIMES_REAL_TIME,
        holds=recorded_s / export_s >= BAR_TIMES_REAL_TIME,
        details={
            "recordedSeconds": round(recorded_s, 1),
            "exportSeconds": round(export_s, 2),
            "exportCpuSeconds": round(export_cpu_s, 2),
            "timesRealTimeOfOneCore": round(recorded_s / export_cpu_s, 1),
            "frames": exported.frames,
            "sizeBytes": exported.size_bytes,
            "decodeOnlyTimesRealTime": round(recorded_s / decode_s, 1),
        },
    )
