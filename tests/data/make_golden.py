"""Make the golden recordings of the present format version: about ten seconds of a real 320 x 200
session with typing, a moved window and a resize of the screen, and the expected pictures beside it; then what can
become of one.

    python tests/data/make_golden.py DIR

Beside DIR (encrypted), DIR-clear, there are DIR-unfinished (its host died), DIR-truncated (a segment is gone) and
DIR-damaged (one byte is another). `expected.json` says what verify finds and what still plays. The pictures
are taken from the X server, not from the recording: a moment is kept only when both are equal. Golden recordings of a
version stay as they are once that version is released.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import zstandard

sys.path.insert(0, str(Path(__file__).parents[1] / "host"))

from stage import recorded_stage, sentence

from footlight.playback.render import Playing, Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording import chain
from footlight.recording.body import Body
from footlight.recording.cipher import DataKey
from footlight.recording.format import NO_HEAD, SKIPPABLE_HEADER, skippable_frame
from footlight.recording.frames import read_header, segment_cipher
from footlight.recording.header import NO_SALT
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import RecordingKey


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


def expectations(source: FolderSource, kept: list[tuple[int, Any, Any]]) -> list[dict[str, Any]]:
    """What players must show at the kept moments."""
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


def unfinish(folder: Path, key: DataKey) -> None:
    """As the spool was a moment before the last segment was closed, its last bytes torn."""
    (folder / "manifest.json").unlink()
    path = folder / "000001.flseg"
    with path.open("rb") as file:
        header, body_at = read_header(file)
        pieces = [p for _, p in Body(file, body_at, segment_cipher(header, key)).pieces()]
    opened = dataclasses.replace(
        header, previous_head=NO_HEAD, encrypted=False, salt=NO_SALT, wrapped_key=""
    )
    frame = zstandard.ZstdCompressor(level=3).compressobj()
    body = frame.compress(b"".join(pieces)) + frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    data = skippable_frame(SKIPPABLE_HEADER, opened.pack()) + body
    (folder / "000001.open").write_bytes(data + b"\x04\x08\x00torn")
    path.unlink()


def truncate(folder: Path, _key: DataKey) -> None:
    """Its last segment is gone."""
    (folder / "000001.flseg").unlink()


def damage(folder: Path, _key: DataKey) -> None:
    """One byte in the middle of the last segment's body is another."""
    path = folder / "000001.flseg"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def spoiled(golden: Path, name: str, how: Callable[[Path, DataKey], None]) -> None:
    """A copy of the golden recording to which something happened."""
    target = golden.with_name(f"{golden.name}-{name}")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(golden, target)
    facts = json.loads((golden / "expected.json").read_text())
    key = DataKey(bytes.fromhex(facts["dataKey"]))
    how(target, key)
    source = FolderSource(target, key)
    verdict = verify_recording(source, bytes.fromhex(facts["siteKey"]), every_record=True)
    timeline = read_timeline(source)
    renderer = Renderer(source)
    played = Playing(source)
    for _ in played.records():
        pass
    facts |= {
        "durationNs": timeline.duration_ns,
        "events": [event["type"] for event in timeline.events],
        "damageSha256": hashlib.sha256(json.dumps(timeline.damage).encode()).hexdigest(),
        "status": verdict.status,
        "findings": msgspec.to_builtins(verdict.findings),
        "faults": [fault.number for fault in played.faults],
        "moments": [m for m in facts["moments"] if shows(renderer, m)],
    }
    (target / "expected.json").write_text(json.dumps(facts, indent=1) + "\n")


def shows(renderer: Renderer, moment: dict[str, Any]) -> bool:
    """Whether that moment still has its picture."""
    picture = renderer.picture(moment["atNs"])
    return picture is not None and picture.pixels.sha256() == moment["rgbSha256"]


def main(target: Path) -> None:
    """Replace what is in `target` and beside it."""
    key = RecordingKey(data_key=b"footlight golden data key, 32 by", wrapped="fk1.golden.key")
    make(target, key)
    make(target.with_name(f"{target.name}-clear"), None)
    for name, how in (("unfinished", unfinish), ("truncated", truncate), ("damaged", damage)):
        spoiled(target, name, how)


def make(target: Path, key: RecordingKey | None) -> None:
    """Record, and keep what was recorded."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        with recorded_stage(Path(scratch), 320, 200, key) as (stage, take):
            kept = perform(stage, random.Random(2026))
            take.end()
        target.mkdir(parents=True)
        for path in sorted(take.folder.iterdir()):
            if path.suffix == ".flseg" or path.name == "manifest.json":
                shutil.copyfile(path, target / path.name)
        data_key = None if key is None else DataKey(key.data_key, key.wrapped)
        timeline = read_timeline(FolderSource(target, data_key))
        expected = {
            "dataKey": None if key is None else key.data_key.hex(),
            "siteKey": chain.public_bytes(take.site_key).hex(),
            "durationNs": timeline.duration_ns,
            "events": [event["type"] for event in timeline.events],
            "damageSha256": hashlib.sha256(json.dumps(timeline.damage).encode()).hexdigest(),
            "moments": expectations(FolderSource(take.folder, data_key), kept),
        }
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{size} bytes in {target}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
