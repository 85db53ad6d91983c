"""Make the golden recording of the present format version: about ten seconds of a real 320 x 200
session with typing, a moved window and a resize of the screen, and the expected pictures beside it.

    python tests/data/make_golden.py DIR

The pictures are taken from the X server, not from the recording: a moment is kept only when both are
equal. Golden recordings of a version stay as they are once that version is released.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "host"))

from stage import recorded_stage, sentence

from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording import chain
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource


def perform(stage: Any, rng: random.Random) -> list[tuple[int, Any, Any]]:
    """Act for about ten seconds; (monotonic ns, picture, pointer's box) of quiet moments."""
    kept = []

    def keep() -> None:
        kept.append((*stage.quiet_picture(), stage.pointer_box()))

    stage.point(319, 199)
    left = stage.open_terminal("left", "30x8+4+24")
    keep()
    stage.type(sentence(rng, 4) + "\n", 0.05)
    keep()
    stage.drag(left, 190, 60)
    stage.point(319, 199)
    keep()
    stage.type(sentence(rng, 4), 0.05)
    keep()
    stage.resize_screen(400, 240)
    keep()
    stage.drag(left, 100, 120)
    stage.type(sentence(rng, 3) + "\n", 0.05)
    stage.point(399, 239)
    keep()
    time.sleep(0.5)
    return kept


def expectations(folder: Path, kept: list[tuple[int, Any, Any]]) -> list[dict[str, Any]]:
    """What players must show at the kept moments."""
    source = FolderSource(folder)
    with source.open(0) as file:
        header, _ = read_header(file)
    renderer = Renderer(source)
    moments = []
    for at_monotonic_ns, pixels, pointer_box in kept:
        at_ns = at_monotonic_ns - (header.anchor_monotonic_ns - header.start_ns)
        picture = renderer.picture(at_ns)
        assert picture is not None
        shown = picture.pixels.pixels
        assert shown.shape == pixels.shape
        differs = shown != pixels
        left, top, right, bottom = pointer_box
        differs[top:bottom, left:right] = False  # the pointer is drawn into the recording
        assert not differs.any(), f"{differs.sum()} pixels differ at {at_ns}"
        assert len(np.unique(pixels)) > 5
        moments.append(
            {
                "atNs": at_ns,
                "width": picture.pixels.width,
                "height": picture.pixels.height,
                "rgbSha256": picture.pixels.sha256(),
            }
        )
    return moments


def main(target: Path) -> None:
    """Replace what is in `target`."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        with recorded_stage(Path(scratch), 320, 200) as (stage, take):
            kept = perform(stage, random.Random(2026))
            take.end()
        target.mkdir(parents=True)
        for path in sorted(take.folder.iterdir()):
            if path.suffix == ".flseg" or path.name == "manifest.json":
                shutil.copyfile(path, target / path.name)
        timeline = read_timeline(FolderSource(target))
        expected = {
            "siteKey": chain.public_bytes(take.site_key).hex(),
            "durationNs": timeline.duration_ns,
            "events": [event["type"] for event in timeline.events],
            "damageSha256": hashlib.sha256(json.dumps(timeline.damage).encode()).hexdigest(),
            "moments": expectations(take.folder, kept),
        }
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{size} bytes in {target}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
