"""Seeded damage to golden recordings: no crash, no hang, no unbounded memory, no false praise.

    python fuzz/reader.py --count 1000 --seed 1

Each case copies a golden recording, harms it (bytes flipped, cut, doubled, swapped, records changed
and compressed and encrypted anew under the old signatures, lengths forged, bombs, segments of other recordings), then
verifies it, reads its timeline, shows pictures and plays it through, with its data key, another one or none. With
--keep DIR the harmed copies stay, for another reader (console/tests/recording/fuzz.test.ts reads them all). It ends
with 1 when a case went wrong and says how to repeat it.
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
import zlib
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import zstandard

from footlight.playback.contact import contact_sheet
from footlight.playback.render import Playing, Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.body import Body
from footlight.recording.cipher import CHUNK_BYTES, DataKey, Part
from footlight.recording.format import (
    SKIPPABLE_CHUNK,
    SKIPPABLE_INDEX,
    SKIPPABLE_LAST_CHUNK,
    skippable_frame,
)
from footlight.recording.frames import read_header, segment_cipher
from footlight.recording.header import Header
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

GOLDEN = Path(__file__).parents[1] / "tests" / "data"
CASE_LIMIT_S = 20  # of CPU: other work on the machine is not the reader's fault
GROWTH_LIMIT_BYTES = 1024 * 1024 * 1024
MAX_ERRORS = 10
KEY = DataKey(b"footlight golden data key, 32 by")
OTHER_KEY = DataKey(b"another recording's data key, 32")


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
    header, body_at, body = opened(path)
    plain = bytearray(b"".join(piece for _, piece in body.pieces()))
    for _ in range(rng.choice([1, 1, 2, 30])):
        place = rng.randrange(min(len(plain), rng.choice([60, 2000, len(plain)])))
        plain[place] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    packed = zstandard.ZstdCompressor().compress(bytes(plain))
    path.write_bytes(data[:body_at] + stored(header, packed) + data[body.end :])
    return None


def bomb(path: Path, rng: random.Random) -> None:
    """Few bytes that become many: a body or an index of zeros."""
    if path.suffix != ".flseg":
        return flip(path, rng)
    data = path.read_bytes()
    header, body_at, body = opened(path)
    for _ in body.pieces():
        pass
    zeros = zstandard.ZstdCompressor(level=1).compressobj()
    many = rng.choice([1] * 20 + [20, 120])  # MiB; the large ones take seconds
    packed = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(many)) + zeros.flush()
    if rng.random() < 0.5:
        path.write_bytes(data[:body_at] + stored(header, packed) + data[body.end :])
    else:
        index = packed
        cipher = segment_cipher(header, KEY)
        if cipher is not None:
            index = cipher.encrypt(Part.INDEX, 0, index, last=True)
        path.write_bytes(data[: body.end] + skippable_frame(SKIPPABLE_INDEX, index) + data[-240:])
    return None


def forge(path: Path, rng: random.Random) -> None:
    """Another length, count or flag in a place that says one, its checksum made right again."""
    data = bytearray(path.read_bytes())
    if len(data) < 200 or path.suffix == ".json":
        return flip(path, rng)
    header_bytes = int.from_bytes(data[4:8], "little")
    places = [4, 5, 18, 144 + 8, 180 + 8, 64 + 8, 12 + 8, 8 + header_bytes + rng.randrange(12)]
    place = rng.choice([p for p in places if p < len(data)])
    data[place] = rng.choice([0, 1, 2, 0x7F, 0x80, 0xFF, rng.randrange(256)])
    if 8 + header_bytes <= len(data) and header_bytes > 4:
        end = 8 + header_bytes
        data[end - 4 : end] = zlib.crc32(data[8 : end - 4]).to_bytes(4, "little")
    path.write_bytes(data)
    return None


def foreign(path: Path, rng: random.Random) -> None:
    """A segment of another recording in its place."""
    others = sorted(p for p in GOLDEN.glob("golden-*/*") if p.suffix in (".flseg", ".open"))
    path.write_bytes(rng.choice(others).read_bytes())


def opened(path: Path) -> tuple[Header, int, Body]:
    """Header, body's offset and body. Raises FormatError."""
    file = io.BytesIO(path.read_bytes())
    header, body_at = read_header(file)
    return header, body_at, Body(file, body_at, segment_cipher(header, KEY))


def stored(header: Header, frame: bytes) -> bytes:
    """A zstd frame as a segment of that header stores it."""
    cipher = segment_cipher(header, KEY)
    if cipher is None:
        return frame
    starts = range(0, len(frame), CHUNK_BYTES)
    out = b""
    for number, at in enumerate(starts):
        last = number == len(starts) - 1
        chunk = cipher.encrypt(Part.BODY, number, frame[at : at + CHUNK_BYTES], last=last)
        out += skippable_frame(SKIPPABLE_LAST_CHUNK if last else SKIPPABLE_CHUNK, chunk)
    return out


HARMS: list[Callable[[Path, random.Random], None]] = [
    *(flip, cut, move, rename, recompress),
    *(bomb, forge, foreign),
]


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


def read_all(
    folder: Path, intact: dict[str, bytes], site_key: bytes, data_key: DataKey | None
) -> None:
    """Everything that readers do. Raises AssertionError for praise that is not deserved."""
    source = FolderSource(folder, data_key)
    verdict = verify_recording(source, site_key, every_record=True)
    # A segment under its other name is the same segment.
    found = {p.name.replace(".open", ".flseg"): p.read_bytes() for p in folder.iterdir()}
    changed = found != intact
    assert not (changed and verdict.status == "verified"), "damage was not noticed"
    assert verdict.status == "verified" or changed or data_key is OTHER_KEY
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


def run_case(golden: Path, seed: str, folder: Path) -> tuple[list[str], BaseException | None]:
    """One case, in a folder that is not there yet: (what was done, what went wrong)."""
    rng = random.Random(seed)
    shutil.copytree(golden, folder, ignore=shutil.ignore_patterns("expected.json"))
    intact = {p.name: p.read_bytes() for p in folder.iterdir()}
    site_key = bytes.fromhex((golden / "expected.json").read_text().split('"siteKey": "')[1][:64])
    done = harm(folder, rng)
    data_key = rng.choice([KEY, KEY, KEY, OTHER_KEY, None])
    signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, CASE_LIMIT_S)
    try:
        read_all(folder, intact, site_key, data_key)
    except (Exception, TooSlow) as error:
        return done, error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return done, None


def main() -> int:
    """Run the cases; 0 when all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None, help="stop early after this time")
    parser.add_argument("--keep", type=Path, default=None, help="leave the harmed copies here")
    options = parser.parse_args()
    goldens = [GOLDEN / name for name in ("golden-0", "golden-1", "golden-1-clear")]
    began, errors, slowest, number = time.monotonic(), 0, 0.0, 0
    for number in range(options.count):
        if options.seconds is not None and time.monotonic() - began > options.seconds:
            break
        golden = goldens[number % len(goldens)]
        with tempfile.TemporaryDirectory() as scratch:
            case_began = time.monotonic()
            folder = (options.keep or Path(scratch)) / f"{options.seed}-{number}"
            done, error = run_case(golden, f"{options.seed}/{number}", folder)
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
