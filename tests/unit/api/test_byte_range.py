from __future__ import annotations

import pytest

from footlight.api.byte_range import byte_range
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
