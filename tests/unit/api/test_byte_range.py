from __future__ import annotations

import pytest

from footlight.api.byte_range import byte_range, range_start
from footlight.errors import Invalid


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, (0, 10)),
        ("bytes=0-", (0, 10)),
        ("bytes=2-4", (2, 5)),
        ("bytes=2-400", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=10-", (10, 10)),
        ("bytes=99-100", (10, 10)),
    ],
)
def test_spans_of_ten_bytes(header: str | None, span: tuple[int, int]) -> None:
    assert byte_range(header, 10) == span


@pytest.mark.parametrize("header", ["bytes", "lines=1-2", "bytes=4-2", "bytes=1-2,3-4", "bytes=x-"])
def test_what_is_no_range(header: str) -> None:
    with pytest.raises(Invalid):
        byte_range(header, 10)


@pytest.mark.parametrize(
    ("header", "first"),
    [
        (None, None),
        ("bytes=5-", 5),
        (" bytes = 7-9", 7),
        ("bytes=-3", None),
        ("lines=1-", None),
        ("bytes=1-2,4-5", None),
    ],
)
def test_where_a_range_begins(header: str | None, first: int | None) -> None:
    assert range_start(header) == first
