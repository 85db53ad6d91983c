from __future__ import annotations

import pytest

from footlight.playback.screen import Screen
from footlight.recording.format import (
    FormatError,
    RecordKind,
    pack_rectangle,
    pack_screen,
    pack_update_count,
)
from footlight.recording.reader import Record


def update(*rectangles: bytes) -> Record:
    payload = pack_update_count(len(rectangles)) + b"".join(rectangles)
    return Record(RecordKind.UPDATE, 0, payload, 0)


def test_all_encodings_reach_their_decoders() -> None:
    screen = Screen()
    assert screen.feed(Record(RecordKind.SCREEN, 0, pack_screen(4, 2), 0))
    assert screen.picture is not None
    changed = screen.feed(
        update(
            pack_rectangle(0, 0, 1, 1, 0, bytes([1, 0, 0, 9])),
            pack_rectangle(1, 0, 1, 1, 16, b"\1\2\0\0"),
            pack_rectangle(2, 0, 2, 1, 1, bytes([0, 0, 0, 0])),
            pack_rectangle(0, 0, 1, 1, -239, bytes([5, 0, 0, 0, 0x80])),
        )
    )
    assert changed
    assert screen.picture.pixels.tolist() == [[1, 2, 1, 2], [0, 0, 0, 0]]
    assert screen.picture.cursor is not None


def test_a_screen_record_makes_a_black_screen_of_its_size() -> None:
    screen = Screen()
    screen.feed(Record(RecordKind.SCREEN, 0, pack_screen(4, 2), 0))
    screen.feed(update(pack_rectangle(0, 0, 4, 2, 16, b"\1\2\0\0")))
    screen.feed(Record(RecordKind.SCREEN, 0, pack_screen(5, 3), 0))
    assert screen.picture is not None
    assert screen.picture.pixels.shape == (3, 5)
    assert not screen.picture.pixels.any()


def test_other_records_change_nothing() -> None:
    screen = Screen()
    assert not screen.feed(Record(RecordKind.EVENT, 0, b"{}", 0))
    assert not screen.feed(Record(99, 0, b"", 0))


@pytest.mark.parametrize(
    "bad",
    [
        Record(RecordKind.UPDATE, 0, b"\1", 0),
        update(pack_rectangle(3, 0, 2, 1, 16, b"\1\2\0\0")),
        update(pack_rectangle(0, 0, 1, 1, 16, b"\x40")),
        Record(RecordKind.SCREEN, 0, b"", 0),
    ],
)
def test_bad_bytes_are_format_errors(bad: Record) -> None:
    screen = Screen()
    screen.feed(Record(RecordKind.SCREEN, 0, pack_screen(4, 2), 0))
    with pytest.raises(FormatError):
        screen.feed(bad)


def test_an_update_needs_a_screen() -> None:
    with pytest.raises(FormatError, match="before"):
        Screen().feed(update())
