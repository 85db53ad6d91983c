from __future__ import annotations

import pytest

from footlight.bus.line_frames import (
    COUNT,
    DATA,
    END,
    FRAME_BYTES,
    HEAD,
    OPEN,
    PING,
    WINDOW,
    FrameParser,
    frame,
)

TALK = b"".join(
    (
        frame(OPEN),
        frame(DATA, b"hello "),
        frame(DATA),
        frame(WINDOW, COUNT.pack(7)),
        frame(DATA, b"world"),
        frame(PING),
        frame(END),
    )
)


def joined(frames: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Pieces of the stream that follow one another as one."""
    found: list[tuple[bytes, bytes]] = []
    for kind, payload in frames:
        if kind == DATA and found and found[-1][0] == DATA:
            found[-1] = (DATA, found[-1][1] + payload)
        else:
            found.append((kind, payload))
    return found


MEANT = [
    (OPEN, b""),
    (DATA, b"hello "),
    (WINDOW, COUNT.pack(7)),
    (DATA, b"world"),
    (PING, b""),
    (END, b""),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, len(TALK)])
def test_frames_are_the_same_however_they_are_cut(size: int) -> None:
    parser = FrameParser()
    found = []
    for at in range(0, len(TALK), size):
        found += parser.feed(TALK[at : at + size])
    assert joined(found) == MEANT


@pytest.mark.parametrize("cut", range(1, len(TALK)))
def test_frames_are_the_same_in_two_pieces(cut: int) -> None:
    parser = FrameParser()
    assert joined(parser.feed(TALK[:cut]) + parser.feed(TALK[cut:])) == MEANT


@pytest.mark.parametrize(
    "nonsense",
    [
        HEAD.pack(b"X", 0),
        HEAD.pack(END, 1),
        HEAD.pack(WINDOW, 5),
        HEAD.pack(WINDOW, 0),
        HEAD.pack(DATA, FRAME_BYTES + 1),
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_what_is_no_frame_is_refused_before_more_of_it_is_read(nonsense: bytes) -> None:
    with pytest.raises(ValueError, match="no frame"):
        FrameParser().feed(nonsense)
