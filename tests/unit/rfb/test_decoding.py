import pytest

from footlight.recording.format import Encoding
from footlight.rfb.decoding import _DECODERS, draw
from footlight.rfb.framebuffer import Framebuffer, Malformed


def test_every_encoding_that_recordings_have_is_drawn() -> None:
    assert set(_DECODERS) == set(Encoding)


def test_a_rectangle_is_drawn_by_its_encoding() -> None:
    screen = Framebuffer(2, 1)
    draw(screen, 1, 0, 1, 1, Encoding.RAW, memoryview(b"\3\2\1\0"))
    draw(screen, 0, 0, 1, 1, Encoding.COPY_RECT, memoryview(b"\0\1\0\0"))
    assert screen.pixels.tolist() == [[0x010203, 0x010203]]


def test_another_encoding_is_malformed() -> None:
    with pytest.raises(Malformed):
        draw(Framebuffer(1, 1), 0, 0, 1, 1, 5, memoryview(b""))
