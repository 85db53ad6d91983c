from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from footlight.recording.format import FormatError
from footlight.recording.index import made_index, stored_index
from footlight.recording.reader import SegmentReader


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_made_index_equals_the_stored_one(make_three: Callable[[], Any], number: int) -> None:
    data = (make_three().folder / f"{number:06d}.flseg").read_bytes()
    made, fault = made_index(SegmentReader(io.BytesIO(data)))
    assert fault is None
    assert made == stored_index(io.BytesIO(data))


def test_what_is_in_it(make_three: Callable[[], Any]) -> None:
    data = (make_three().folder / "000000.flseg").read_bytes()
    index = stored_index(io.BytesIO(data))
    assert (index.start_ns, index.end_ns, index.updates) == (0, 1_500_000_000, 3)
    assert index.damage == [(0, 20_000, 0, 0, 200, 100), (1, 2_400, 10, 20, 40, 60)]
    assert [event["type"] for event in index.events] == ["recording-started"]


def test_a_broken_record_ends_the_made_index_with_its_reason(studio: Any) -> None:
    segment = studio.begin(0, 5).fill(100, 7, 0, 0, 9, 9)
    segment.data += segment.writer._record(2, 200_000_000, b"\xff\xff")
    data = segment.fill(300, 8, 0, 0, 9, 9).leave_open().read_bytes()
    index, fault = made_index(SegmentReader(io.BytesIO(data)))
    assert index.end_ns == 100_000_000
    assert fault is not None
    assert "cut off" in fault.reason


def test_an_unsealed_segment_has_no_stored_index(studio: Any) -> None:
    data = studio.begin(0, 5).leave_open().read_bytes()
    with pytest.raises(FormatError):
        stored_index(io.BytesIO(data))
