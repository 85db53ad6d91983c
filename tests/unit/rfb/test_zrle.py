"""ZRLE against an encoder written here from RFC 6143, tile kind by tile kind."""

from __future__ import annotations

import contextlib
import random

import numpy as np
import pytest
from numpy.typing import NDArray

from footlight.rfb import zrle
from footlight.rfb.framebuffer import Framebuffer, Malformed

Tile = list[list[int]]


def _colour(value: int) -> bytes:
    return value.to_bytes(3, "little")


def _length(run: int) -> bytes:
    full, rest = divmod(run - 1, 255)
    return b"\xff" * full + bytes([rest])


def _runs(flat: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for value in flat:
        if runs and runs[-1][0] == value:
            runs[-1] = (value, runs[-1][1] + 1)
        else:
            runs.append((value, 1))
    return runs


def encode_tile(tile: Tile, kind: str, rng: random.Random) -> bytes:
    """The bytes of one tile; `tile` is rows of 0xRRGGBB."""
    flat = [value for row in tile for value in row]
    palette = sorted(set(flat))
    rng.shuffle(palette)
    if kind == "raw":
        return b"\0" + b"".join(map(_colour, flat))
    if kind == "solid":
        return b"\1" + _colour(flat[0])
    if kind == "runs":
        return b"\x80" + b"".join(_colour(v) + _length(n) for v, n in _runs(flat))
    if kind == "packed":
        bits = 1 if len(palette) == 2 else 2 if len(palette) <= 4 else 4
        out = bytes([len(palette)]) + b"".join(map(_colour, palette))
        for row in tile:
            text = "".join(format(palette.index(v), f"0{bits}b") for v in row)
            text += "0" * (-len(text) % 8)
            out += bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
        return out
    out = bytes([128 + len(palette)]) + b"".join(map(_colour, palette))
    for value, run in _runs(flat):
        index = palette.index(value)
        # A run of one may be written either way.
        out += (
            bytes([index])
            if run == 1 and rng.random() < 0.9
            else bytes([index | 128]) + _length(run)
        )
    return out


def make_tile(width: int, height: int, kind: str, rng: random.Random) -> Tile:
    colours = {
        "raw": 5000,
        "solid": 1,
        "packed": rng.randint(2, 16),
        "runs": 40,
        "palette": rng.randint(2, 127),
    }[kind]
    choices = [rng.randrange(1 << 24) for _ in range(colours)]
    flat: list[int] = []
    while len(flat) < width * height:
        longest = rng.choice([1, 2, 3, 200, 300, 600, 2000])
        flat += [rng.choice(choices)] * rng.randint(1, longest)
    for i, value in enumerate(choices[: width * height] if kind == "packed" else []):
        flat[i] = value  # all of them occur, so that the palette has the wanted size
    return [flat[y * width : (y + 1) * width] for y in range(height)]


def encode(
    width: int, height: int, kinds: list[str], rng: random.Random
) -> tuple[bytes, NDArray[np.uint32]]:
    pixels = np.zeros((height, width), dtype="<u4")
    out = b""
    for y in range(0, height, 64):
        for x in range(0, width, 64):
            kind = rng.choice(kinds)
            tile_width, tile_height = min(64, width - x), min(64, height - y)
            if kind == "packed" and tile_width * tile_height < 16:
                kind = "runs"
            tile = make_tile(tile_width, tile_height, kind, rng)
            if kind in ("packed", "palette") and len({v for row in tile for v in row}) == 1:
                kind = "solid"
            pixels[y : y + tile_height, x : x + tile_width] = tile
            out += encode_tile(tile, kind, rng)
    return out, pixels


@pytest.mark.parametrize("kind", ["raw", "solid", "packed", "runs", "palette"])
@pytest.mark.parametrize("seed", range(6))
def test_each_kind_of_tile_comes_out_as_it_went_in(kind: str, seed: int) -> None:
    rng = random.Random(f"{kind}{seed}")
    width, height = rng.randint(1, 150), rng.randint(1, 150)
    payload, pixels = encode(width, height, [kind], rng)
    screen = Framebuffer(width + 9, height + 7)
    screen.pixels[...] = 0x123456
    zrle.decode(screen, 4, 5, width, height, payload)
    assert np.array_equal(screen.pixels[5 : 5 + height, 4 : 4 + width], pixels)
    screen.pixels[5 : 5 + height, 4 : 4 + width] = 0x123456
    assert (screen.pixels == 0x123456).all(), "nothing outside of the rectangle is touched"


@pytest.mark.parametrize("seed", range(4))
def test_kinds_mixed_in_one_rectangle(seed: int) -> None:
    rng = random.Random(seed)
    payload, pixels = encode(300, 200, ["raw", "solid", "packed", "runs", "palette"], rng)
    screen = Framebuffer(300, 200)
    zrle.decode(screen, 0, 0, 300, 200, memoryview(payload))
    assert np.array_equal(screen.pixels, pixels)


def test_every_cut_is_malformed_and_nothing_else() -> None:
    rng = random.Random(7)
    payload, _ = encode(70, 66, ["solid", "packed", "runs", "palette"], rng)
    for cut in range(len(payload)):
        with pytest.raises(Malformed):
            zrle.decode(Framebuffer(70, 66), 0, 0, 70, 66, payload[:cut])
    with pytest.raises(Malformed, match="left over"):
        zrle.decode(Framebuffer(70, 66), 0, 0, 70, 66, payload + b"\0")


def test_flipped_bytes_never_raise_anything_but_malformed() -> None:
    rng = random.Random(8)
    payload, _ = encode(130, 70, ["raw", "packed", "runs", "palette"], rng)
    for _ in range(400):
        damaged = bytearray(payload)
        damaged[rng.randrange(min(len(damaged), rng.choice([50, 1000, 10**6])))] = rng.randrange(
            256
        )
        with contextlib.suppress(Malformed):
            zrle.decode(Framebuffer(130, 70), 0, 0, 130, 70, bytes(damaged))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\x11", "no tile kind 17"),
        (b"\x81", "no tile kind 129"),
        (b"\x03" + b"\1" * 9 + b"\xff", "outside of its palette"),
        (b"\x82" + b"\1" * 6 + b"\x05" * 4, "outside of its palette"),
        (b"\x82" + b"\1" * 6 + b"\x80\x04", "goes over"),
        (b"\x82" + b"\1" * 6 + b"\x00\xff\x00\x00\x00", "no colour"),
        (b"\x82" + b"\1" * 6 + b"\xff" * 9, "inside a run"),
        (b"\x80" + b"\1" * 3 + b"\x04", "goes over"),
    ],
)
def test_reasons(payload: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        zrle.decode(Framebuffer(4, 1), 0, 0, 4, 1, payload)


def test_rectangle_outside_of_the_screen_is_malformed() -> None:
    with pytest.raises(Malformed, match="outside"):
        zrle.decode(Framebuffer(10, 10), 5, 5, 6, 2, b"\1abc")
