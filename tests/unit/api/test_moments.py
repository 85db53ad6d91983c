from __future__ import annotations

from typing import Any

import pytest

from footlight.api.moments import check_time_zone, moment
from footlight.errors import Invalid


class Request:
    def __init__(self, **headers: str) -> None:
        self.headers = headers


def test_the_zone_of_the_caller() -> None:
    asked: Any = Request(**{"x-timezone": "+05:30"})
    offset = moment(asked, 7).zone.utcoffset(None)
    assert offset is not None
    assert (moment(asked, 7).now_ms, offset.total_seconds()) == (7, 19_800)
    nothing: Any = Request()
    check_time_zone(nothing)
    wrong: Any = Request(**{"x-timezone": "Nowhere"})
    with pytest.raises(Invalid) as refused:
        check_time_zone(wrong)
    assert refused.value.code == "InvalidTimeZone"
