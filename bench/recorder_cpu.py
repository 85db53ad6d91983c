"""recorder-cpu: our recorder's CPU, the X server's extra included, against ffmpeg's x11grab at 10 pictures a second."""

from __future__ import annotations

from typing import Any

from bench.actors import do_nothing, scroll_and_drag, type_text
from bench.figure import Figure
from bench.scenes import Cost, Measured, measure_scene

BARS = {"typing": 1 / 12, "idle": 1 / 100, "scrolling": 1 / 5, "typing next to a viewer": 1 / 25}
AGAINST = "veryfast"


def measure(quick: bool) -> Figure:
    """The typing ratio; it holds when all of them do. Sealing is told apart: it gives way to everything."""
    seconds = 9.0 if quick else 60.0
    scenes = {
        "typing": measure_scene(type_text, seconds),
        "idle": measure_scene(do_nothing, seconds / 2),
        "scrolling": measure_scene(scroll_and_drag, seconds, further=("page",)),
        "typing next to a viewer": measure_scene(type_text, seconds, viewer=True),
    }
    details: dict[str, Any] = {name: _told(name, scene) for name, scene in scenes.items()}
    if not scenes["typing"].films:
        details["missing"] = "ffmpeg is not installed: nothing to compare with (apt: ffmpeg)"
    ratios = {name: details[name]["ratio"] for name in BARS}
    return Figure(
        name="recorder-cpu",
        value=ratios["typing"],
        unit="of ffmpeg's CPU",
        bar=BARS["typing"],
        holds=all(r is not None and r <= BARS[name] for name, r in ratios.items()),
        details=details,
    )


def _told(name: str, scene: Measured) -> dict[str, Any]:
    """CPU seconds per recorded minute."""
    per_minute = 60 / scene.seconds

    def told(cost: Cost) -> dict[str, float]:
        return {
            "xServerExtra": round(cost.x_server_s * per_minute, 3),
            "recorder": round(cost.recorder_s * per_minute, 3),
        }

    ratio: float | None = None
    sealed_ratio: float | None = None
    if AGAINST in scene.films:
        theirs_s = scene.films[AGAINST].total_s
        ratio = round(scene.ours.total_s / theirs_s, 5)
        sealed_ratio = round((scene.ours.total_s + scene.sealing_s) / theirs_s, 5)
    return {
        "seconds": scene.seconds,
        "xServerAlone": round(scene.alone_s * per_minute, 3),
        "ours": told(scene.ours),
        "sealing": round(scene.sealing_s * per_minute, 3),
        **{f"ffmpeg {preset}": told(cost) for preset, cost in scene.films.items()},
        "against": AGAINST,
        "bar": BARS[name],
        "ratio": ratio,
        "ratioWithSealing": sealed_ratio,
    }
