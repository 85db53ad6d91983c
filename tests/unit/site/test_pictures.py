from __future__ import annotations

import io

import pytest
from PIL import Image

from footlight.errors import Invalid
from footlight.site import pictures


def saved(kind: str, side: int = 40) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (side, side), "red").save(file, kind)
    return file.getvalue()


def test_only_ico_and_png_are_icons() -> None:
    assert pictures.checked_file(saved("PNG")) == "image/png"
    assert pictures.checked_file(saved("ICO")) == "image/x-icon"
    bomb = saved("PNG")
    bomb = bomb[:16] + (60_000).to_bytes(4, "big") * 2 + bomb[24:]
    for raw in (b"", saved("GIF"), saved("PNG")[:-30], bomb, saved("PNG", 513), b"\0" * 300_000):
        with pytest.raises(Invalid) as refused:
            pictures.checked_file(raw)
        assert refused.value.facts["name"] == "RawData"


@pytest.mark.parametrize(
    ("wanted", "kind", "size", "mode"),
    [
        ("image/png", "PNG", (40, 40), "RGBA"),
        ("IMAGE/PNG;32x16x24", "PNG", (32, 16), "RGB"),
        ("image/png;8x8x8", "PNG", (8, 8), "P"),
        ("image/x-icon;16x16", "ICO", (16, 16), "RGBA"),
        ("image/bmp;9x9x24", "BMP", (9, 9), "RGB"),
    ],
)
def test_a_picture_in_another_format(
    wanted: str, kind: str, size: tuple[int, int], mode: str
) -> None:
    picture = Image.open(io.BytesIO(pictures.formatted(saved("PNG"), wanted)))
    assert (picture.format, picture.size, picture.mode) == (kind, size, mode)


def test_built_in_icons_have_three_sizes_and_differ() -> None:
    drawn = {pictures.built_in(name) for name in pictures.BUILT_IN}
    assert len(drawn) == len(pictures.BUILT_IN)
    for raw in drawn:
        sizes = Image.open(io.BytesIO(raw)).info["sizes"]
        assert sizes == {(side, side) for side in pictures.SIDES}
