"""Seeded damage to golden recordings: no crash, no hang, no unbounded memory, no false praise.

    python fuzz/reader.py --count 1000 --seed 1

Each case copies a golden recording, harms it (bytes flipped, cut, doubled, swapped, records changed
and compressed anew under the old signatures), then verifies it, reads its timeline, shows pictures
and plays it through. It ends with 1 at the first case that goes wrong and says how to repeat it.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import zstandard

from footlight.playback.contact import contact_sheet
from footlight.playback.render import Playing, Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.frames import Body, read_header
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

GOLDEN = Path(__file__).parents[1] / "tests" / "data"
CASE_LIMIT_S = 20
GROWTH_LIMIT_BYTES = 1024 * 1024 * 1024
MAX_ERRORS = 10


class TooSlow(Exception):
    """A case took longer than its limit."""


def flip(path: Path, rng: random.Random) -> None:
    """Change one to eight bytes, the first of them often near an edge of the file."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 8)):
        near = rng.choice([len(data), 200, 400])
        place = rng.randrange(min(near, len(data)))
        data[place if rng.random() < 0.5 else -1 - place] = rng.randrange(256)
    path.write_bytes(data)


def cut(path: Path, rng: random.Random) -> None:
    """Keep a beginning or an end, or leave out a piece."""
    data = path.read_bytes()
    first, last = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    path.write_bytes(rng.choice([data[:first], data[last:], data[:first] + data[last:]]))


def move(path: Path, rng: random.Random) -> None:
    """Double a piece or exchange two."""
    data = path.read_bytes()
    a, b, c = sorted(rng.randrange(len(data) + 1) for _ in range(3))
    path.write_bytes(data[:a] + data[b:c] + data[a:b] + data[rng.choice([a, c]) :])


def rename(path: Path, rng: random.Random) -> None:
    """Give the file another's place or make it an open one."""
    others = [p for p in path.parent.iterdir() if p != path]
    target = rng.choice([*others, path.with_suffix(".open"), path.with_name("000007.flseg")])
    path.rename(target)


def recompress(path: Path, rng: random.Random) -> None:
    """Harm the records themselves, so that damage gets past zstd."""
    if path.suffix != ".flseg":
        return flip(path, rng)
    data = path.read_bytes()
    _, body_at = read_header(io.BytesIO(data))
    body = Body(io.BytesIO(data), body_at)
    plain = bytearray(b"".join(piece for _, piece in body.pieces()))
    for _ in range(rng.choice([1, 1, 2, 30])):
        place = rng.randrange(min(len(plain), rng.choice([60, 2000, len(plain)])))
        plain[place] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    packed = zstandard.ZstdCompressor().compress(bytes(plain))
    path.write_bytes(data[:body_at] + packed + data[body.end :])
    return None


HARMS: list[Callable[[Path, random.Random], None]] = [flip, cut, move, rename, recompress]


def harm(folder: Path, rng: random.Random) -> list[str]:
    """Do one to three kinds of damage; their names."""
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        paths = sorted(p for p in folder.iterdir() if p.stat().st_size > 0)
        if not paths:
            break
        path, what = rng.choice(paths), rng.choice([*HARMS, recompress, recompress])
        try:
            what(path, rng)
        except ValueError:  # already too broken to be taken apart for this
            flip(path, rng)
        done.append(f"{what.__name__} {path.name}")
    return done


def read_all(folder: Path, intact: dict[str, bytes], site_key: bytes) -> None:
    """Everything that readers do. Raises AssertionError for praise that is not deserved."""
    source = FolderSource(folder)
    verdict = verify_recording(source, site_key, every_record=True)
    # A segment under its other name is the same segment.
    found = {p.name.replace(".open", ".flseg"): p.read_bytes() for p in folder.iterdir()}
    changed = found != intact
    assert not (changed and verdict.status == "verified"), "damage was not noticed"
    assert verdict.status == "verified" or changed
    timeline = read_timeline(source)
    renderer = Renderer(source)
    for at_ns in (0, timeline.duration_ns // 2, timeline.duration_ns):
        renderer.picture(at_ns)
    playing = Playing(source)
    for _ in playing.records():
        pass
    contact_sheet(source, [0, timeline.duration_ns], tile_width=64)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def run_case(golden: Path, seed: str, scratch: Path) -> tuple[list[str], BaseException | None]:
    """One case: (what was done, what went wrong)."""
    rng = random.Random(seed)
    folder = scratch / "case"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(golden, folder, ignore=shutil.ignore_patterns("expected.json"))
    intact = {p.name: p.read_bytes() for p in folder.iterdir()}
    site_key = bytes.fromhex((golden / "expected.json").read_text().split('"siteKey": "')[1][:64])
    done = harm(folder, rng)
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(CASE_LIMIT_S)
    try:
        read_all(folder, intact, site_key)
    except (Exception, TooSlow) as error:
        return done, error
    finally:
        signal.alarm(0)
    return done, None


def main() -> int:
    """Run the cases; 0 when all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None, help="stop early after this time")
    options = parser.parse_args()
    goldens = sorted(path.parent for path in GOLDEN.glob("golden-*/expected.json"))
    began, errors, slowest, number = time.monotonic(), 0, 0.0, 0
    for number in range(options.count):
        if options.seconds is not None and time.monotonic() - began > options.seconds:
            break
        golden = goldens[number % len(goldens)]
        with tempfile.TemporaryDirectory() as scratch:
            case_began = time.monotonic()
            done, error = run_case(golden, f"{options.seed}/{number}", Path(scratch))
            slowest = max(slowest, time.monotonic() - case_began)
        if error is not None:
            errors += 1
            print(f"case {options.seed}/{number} ({', '.join(done)}): {error!r}", file=sys.stderr)
            if errors == MAX_ERRORS:
                break
        if number == 0:
            first_peak = _peak_bytes()
    growth = _peak_bytes() - first_peak
    print(
        f"{number + 1} cases, {errors} errors, slowest {slowest:.2f} s, "
        f"memory grew by {growth // 1_000_000} MB"
    )
    return 1 if errors or growth > GROWTH_LIMIT_BYTES else 0


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
