import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.rfb import strips
from footlight.rfb.framebuffer import Framebuffer, Malformed

GOLDEN = Path(__file__).parents[2] / "data" / "strips.json"


def pixels(seed: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1 << 24, (height, width), dtype=np.uint32)


def drawn(payload: bytes, width: int, height: int) -> np.ndarray:
    screen = Framebuffer(width + 3, height + 2)
    strips.decode(screen, 2, 1, width, height, payload)
    outside = screen.pixels.copy()
    outside[1 : 1 + height, 2 : 2 + width] = 0
    assert not outside.any()
    return screen.pixels[1 : 1 + height, 2 : 2 + width]


@given(
    seed=st.integers(0, 1000),
    height=st.integers(1, 40),
    width=st.integers(1, 20),
    strip=st.integers(1, 45),
    first=st.integers(0, 45),
)
def test_what_is_drawn_is_what_was_given(
    seed: int, height: int, width: int, strip: int, first: int
) -> None:
    given_pixels = pixels(seed, height, width)
    in_strips = strips.strips(given_pixels, strip, min(first, strip))
    assert np.array_equal(drawn(in_strips, width, height), given_pixels)
    assert np.array_equal(drawn(strips.lines(given_pixels), width, height), given_pixels)


def test_a_letter_is_the_same_bytes_wherever_it_stands() -> None:
    page = np.zeros((40, 90), dtype=np.uint32)
    letter = pixels(1, 10, 7)
    for top, left in ((3, 20), (13, 55), (23, 4)):
        page[top : top + 10, left : left + 7] = letter
    payload = strips.strips(page, 10, 3)
    colours = letter.view(np.uint8).reshape(10, 7, 4)[:, :, :3].transpose(1, 0, 2).tobytes()
    assert payload.count(colours) == 3


def test_the_bytes_are_those_of_the_specification() -> None:
    two = np.array([[0x010203, 0x0A0B0C], [0x111213, 0x0F0F0F]], dtype=np.uint32)
    assert strips.strips(two, 2).hex() == "01020000" + "030201" + "131211" + "0c0b0a" + "0f0f0f"
    assert strips.strips(two, 5, 1).hex() == "01050100" + "030201" + "0c0b0a" + "131211" + "0f0f0f"
    assert strips.lines(two).hex() == "00000000" + "030201" + "090909" + "131211" + "fcfdfe"


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text()))
def test_golden_payloads_are_read(case: dict[str, object]) -> None:
    width, height = int(str(case["width"])), int(str(case["height"]))
    screen = Framebuffer(width, height)
    strips.decode(screen, 0, 0, width, height, bytes.fromhex(str(case["payload"])))
    assert screen.sha256() == case["sha256"]
    assert hashlib.sha256(screen.rgb().tobytes()).hexdigest() == case["sha256"]


@pytest.mark.parametrize(
    "head",
    ["02000000", "01000000", "00010000", "01010200", "00000001", "010101"],
    ids=["order", "strip", "lines", "first", "zero", "short"],
)
def test_bad_bytes_are_malformed(head: str) -> None:
    with pytest.raises(Malformed):
        strips.decode(Framebuffer(2, 2), 0, 0, 2, 2, bytes.fromhex(head) + bytes(12))


def test_nothing_is_drawn_outside_of_the_screen() -> None:
    with pytest.raises(Malformed):
        strips.decode(Framebuffer(2, 2), 1, 0, 2, 2, bytes(16))
