from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from footlight.wire.rest.time_zones import WINDOWS_ZONES, every, time_zone


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (None, 0), ("", 0), ("utc", 0), ("Z", 0), ("+00:00", 0), ("+05:30", 330), ("-0800", -480),
        ("UTC+2", 120), ("gmt -03:30", -210), ("+14:00", 840), ("india standard time", 330),
        ("Asia/Kolkata", 330),
    ],
)  # fmt: skip
def test_zones(text: str | None, minutes: int) -> None:
    zone = time_zone(text)
    assert zone is not None
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == minutes * 60


@pytest.mark.parametrize(
    "text",
    [
        "Nowhere",
        "+25:00",
        "+14:01",
        "+05:75",
        "America",
        "../../etc/passwd",
        "/etc/localtime",
        "x" * 65,
        "\0",
    ],
)
def test_what_is_no_zone(text: str) -> None:
    assert time_zone(text) is None


def test_every_windows_zone_exists() -> None:
    for iana in WINDOWS_ZONES.values():
        ZoneInfo(iana)


def test_every_zone_is_shown_with_its_offset() -> None:
    shown = {zone.windows_id: zone for zone in every(1_768_000_000_000)}  # in January 2026
    assert len(shown) == len(WINDOWS_ZONES) + 1
    assert shown["Newfoundland Standard Time"].utc_offset == "-03:30"
    assert shown["Nepal Standard Time"].full_name == "(UTC+05:45) Kathmandu"
    assert shown["UTC"].utc_offset == "+00:00"
