"""recorder-bytes: what an hour of typing takes on the disk, as it is recorded."""

from __future__ import annotations

from bench.figure import Figure
from bench.typing_scene import measure_scene, type_text

BAR_MB_PER_HOUR = 60.0


def measure(quick: bool) -> Figure:
    """MB (10^6 bytes) per hour, key frames included."""
    seconds = 30.0 if quick else 120.0
    scene = measure_scene(type_text, seconds)
    mb_per_hour = scene.stored_bytes / 1e6 * 3600 / scene.seconds
    return Figure(
        name="recorder-bytes",
        value=round(mb_per_hour, 2),
        unit="MB/h",
        bar=BAR_MB_PER_HOUR,
        holds=mb_per_hour <= BAR_MB_PER_HOUR,
        details={
            "seconds": seconds,
            "storedBytes": scene.stored_bytes,
            "segments": scene.segments,
            "notMeasured": "sealed segments recompressed (bar 38), a day at human pace (bar 8)",
        },
    )
