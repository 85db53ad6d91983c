"""A small made-up desktop is recorded as X servers would send it, and drawn anew."""

import random
import struct

import numpy as np
import pytest

from footlight.agent import redrawing
from footlight.agent.redrawing import redrawn
from footlight.recording.format import (
    Encoding,
    FormatError,
    RecordKind,
    pack_record,
    pack_rectangle,
    pack_screen,
    pack_update_count,
    unpack_record_prefix,
)
from footlight.recording.reader import rectangles
from footlight.rfb.decoding import draw
from footlight.rfb.framebuffer import Framebuffer

WIDTH, HEIGHT = 320, 200


def raw(x: int, y: int, pixels: np.ndarray) -> bytes:
    height, width = pixels.shape
    return pack_rectangle(x, y, width, height, Encoding.RAW, pixels.astype("<u4").tobytes())


def copy(x: int, y: int, width: int, height: int, from_x: int, from_y: int) -> bytes:
    body = struct.pack(">HH", from_x, from_y)
    return pack_rectangle(x, y, width, height, Encoding.COPY_RECT, body)


def update(at: int, *packed: bytes) -> bytes:
    payload = pack_update_count(len(packed)) + b"".join(packed)
    return pack_record(RecordKind.UPDATE, at, payload)


def desktop() -> list[bytes]:
    chance = np.random.default_rng(3)
    page = np.full((HEIGHT, WIDTH), 0xFFFFFF, dtype=np.uint32)
    for top in range(6, 180, 15):
        page[top : top + 9, 10:200] = chance.integers(0, 2, (9, 190)) * 0xFFFFFF
    photo = chance.integers(0, 1 << 24, (80, 96), dtype=np.uint32)
    return [
        pack_record(RecordKind.SCREEN, 0, pack_screen(WIDTH, HEIGHT)),
        update(1, raw(0, 0, page)),
        update(2, raw(20, 21, page[6:15, 10:17])),
        pack_record(RecordKind.EVENT, 2, b'{"type":"x"}'),
        update(3, raw(0, 0, page)),  # nearly nothing of it is new
        update(4, copy(0, 0, WIDTH, 100, 0, 15), raw(200, 100, photo)),
        update(5, raw(200, 100, photo), copy(0, 0, 96, 80, 200, 100)),  # copied last
        pack_record(RecordKind.SCREEN, 6, pack_screen(64, 48)),
        update(7, raw(0, 0, page[:48, :64])),
    ]


def pictures(body: bytes) -> list[tuple[int, int, str]]:
    """Kind, time and picture after each record."""
    found = []
    at = 0
    screen = Framebuffer(1, 1)
    while at < len(body):
        kind, length, since_ns = unpack_record_prefix(body, at)
        payload = body[at + 16 : at + 16 + length]
        at += 16 + length
        if kind == RecordKind.SCREEN:
            screen = Framebuffer(*struct.unpack_from("<HH", payload))
        elif kind == RecordKind.UPDATE:
            for rectangle in rectangles(payload):
                draw(screen, *rectangle)
        found.append((kind, since_ns, screen.sha256()))
    return found


@pytest.mark.parametrize("size", [1, 17, 1000, 1 << 20])
def test_every_picture_stays_the_same_however_the_body_comes(size: int) -> None:
    body = b"".join(desktop())
    pieces = [body[at : at + size] for at in range(0, len(body), size)] if size > 1 else [body]
    assert pictures(b"".join(redrawn(iter(pieces)))) == pictures(body)


def test_only_what_changed_is_drawn_again() -> None:
    records = list(redrawn([b"".join(desktop())]))
    assert len(records[4]) < 600  # a letter, not the page that the server sent once more
    (photo,) = [r for r in rectangles(records[5][16:]) if r.encoding != Encoding.COPY_RECT][:1]
    assert photo.encoding == Encoding.STRIPS
    assert records[6] == desktop()[6]  # what is copied after it was drawn stays as it is


def test_a_key_frame_covers_all_of_the_screen() -> None:
    for record in (list(redrawn([b"".join(desktop())]))[i] for i in (1, 8)):
        area = sum(r.width * r.height for r in rectangles(record[16:]))
        assert area in (WIDTH * HEIGHT, 64 * 48)


def test_an_update_over_the_limit_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrawing, "_MAX_AREA", 1000)
    body = b"".join(desktop())
    redone = b"".join(redrawn([body]))
    assert pictures(redone) == pictures(body)
    assert redone[: len(body) // 4] == body[: len(body) // 4]


def test_bytes_that_make_no_picture_are_a_format_error() -> None:
    start = desktop()[0]
    bad = update(1, pack_rectangle(0, 0, 64, 64, Encoding.ZRLE, b"\x11"))
    for body in (update(1), start + bad, start + b"\1\0\0"):
        with pytest.raises(FormatError):
            b"".join(redrawn([body]))


def test_random_changes_end_in_the_same_picture() -> None:
    rng = random.Random(5)
    chance = np.random.default_rng(5)
    body = pack_record(RecordKind.SCREEN, 0, pack_screen(WIDTH, HEIGHT))
    body += update(1, raw(0, 0, np.zeros((HEIGHT, WIDTH))))
    for at in range(2, 40):
        width, height = rng.randint(1, 120), rng.randint(1, 90)
        x, y = rng.randrange(WIDTH - width), rng.randrange(HEIGHT - height)
        colours = chance.integers(0, rng.choice((2, 1 << 24)), (height, width))
        moved = copy(0, 0, width, height, x, y)
        body += update(at, *([moved] * rng.randint(0, 1)), raw(x, y, colours))
    assert pictures(b"".join(redrawn([body]))) == pictures(body)
