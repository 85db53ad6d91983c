from __future__ import annotations

import struct

import pytest

from footlight.agent.events.process_events import EXEC, EXIT, Ended, Started, read_event


def datagram(what: int, *words: int, idx: int = 1) -> bytes:
    body = struct.pack("=IIQ", what, 0, 7) + struct.pack(f"={len(words)}I", *words)
    message = struct.pack("=IIIIHH", idx, 1, 0, 0, len(body), 0) + body
    return struct.pack("=IHHII", 16 + len(message), 3, 0, 0, 0) + message


@pytest.mark.parametrize(
    ("data", "event"),
    [
        (datagram(EXEC, 12, 12, 0, 0, 0, 0), Started(12)),
        (datagram(EXEC, 13, 12, 0, 0, 0, 0), Started(12)),  # by a thread: the process
        (datagram(EXIT, 12, 12, 768, 17, 1, 1), Ended(12, 768)),
        (datagram(EXIT, 13, 12, 0, 17, 1, 1), None),  # a thread's
        (datagram(1, 12, 12, 0, 0), None),  # a fork
        (datagram(EXEC, 12, 12, idx=2), None),
    ],
)
def test_events(data: bytes, event: object) -> None:
    assert read_event(data) == event


def test_what_is_cut_is_none() -> None:
    whole = datagram(EXIT, 12, 12, 768, 17, 1, 1)
    for length in range(len(whole)):
        assert read_event(whole[:length]) in (None, Ended(12, 768))
    assert read_event(whole[:60]) is None
