"""recorder-cpu: our recorder's CPU, the X server's extra included, against ffmpeg's x11grab."""

from __future__ import annotations

from typing import Any

from bench.figure import Figure
from bench.typing_scene import Measured, do_nothing, measure_scene, type_text

BARS = {"typing": 1 / 12, "idle": 1 / 100}


def measure(quick: bool) -> Figure:
    """The typing ratio; it holds when typing and idle both do."""
    seconds = {"typing": 20.0, "idle": 10.0} if quick else {"typing": 60.0, "idle": 30.0}
    scenes = {
        "typing": measure_scene(type_text, seconds["typing"]),
        "idle": measure_scene(do_nothing, seconds["idle"]),
    }
    details: dict[str, Any] = {name: _told(name, scene) for name, scene in scenes.items()}
    details["notMeasured"] = "scrolling without a pause; typing next to a viewer"
    if scenes["typing"].ffmpeg is None:
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
    ours = _extra(scene, scene.ours.x_server_s) + scene.ours.recorder_s
    told: dict[str, Any] = {
        "seconds": scene.seconds,
        "xServerAlone": round(scene.alone.x_server_s * per_minute, 3),
        "xServerExtra": round(_extra(scene, scene.ours.x_server_s) * per_minute, 3),
        "recorder": round(scene.ours.recorder_s * per_minute, 3),
        "bar": BARS[name],
        "ratio": None,
    }
    if scene.ffmpeg is not None:
        theirs = _extra(scene, scene.ffmpeg.x_server_s) + scene.ffmpeg.recorder_s
        told["ffmpeg"] = round(scene.ffmpeg.recorder_s * per_minute, 3)
        told["ffmpegXServerExtra"] = round(_extra(scene, scene.ffmpeg.x_server_s) * per_minute, 3)
        told["ratio"] = round(ours / theirs, 5)
    return told


def _extra(scene: Measured, x_server_s: float) -> float:
    return x_server_s - scene.alone.x_server_s
