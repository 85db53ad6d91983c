"""Time zones as callers name them: Windows ids, IANA names, offsets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from footlight.wire.rest.site import TimeZone

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_LONGEST = 64
_WIDEST_MINUTES = 14 * 60

# Windows id: IANA name of its main territory (Unicode CLDR, windowsZones)
WINDOWS_ZONES = {
    "Dateline Standard Time": "Etc/GMT+12",
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "Alaskan Standard Time": "America/Anchorage",
    "Pacific Standard Time": "America/Los_Angeles",
    "US Mountain Standard Time": "America/Phoenix",
    "Mountain Standard Time": "America/Denver",
    "Central Standard Time": "America/Chicago",
    "Central America Standard Time": "America/Guatemala",
    "Canada Central Standard Time": "America/Regina",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "Eastern Standard Time": "America/New_York",
    "US Eastern Standard Time": "America/Indiana/Indianapolis",
    "SA Pacific Standard Time": "America/Bogota",
    "Atlantic Standard Time": "America/Halifax",
    "Venezuela Standard Time": "America/Caracas",
    "Pacific SA Standard Time": "America/Santiago",
    "Newfoundland Standard Time": "America/St_Johns",
    "E. South America Standard Time": "America/Sao_Paulo",
    "Argentina Standard Time": "America/Argentina/Buenos_Aires",
    "Azores Standard Time": "Atlantic/Azores",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "Morocco Standard Time": "Africa/Casablanca",
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Romance Standard Time": "Europe/Paris",
    "Central European Standard Time": "Europe/Warsaw",
    "W. Central Africa Standard Time": "Africa/Lagos",
    "GTB Standard Time": "Europe/Bucharest",
    "FLE Standard Time": "Europe/Kyiv",
    "E. Europe Standard Time": "Europe/Chisinau",
    "Egypt Standard Time": "Africa/Cairo",
    "South Africa Standard Time": "Africa/Johannesburg",
    "Israel Standard Time": "Asia/Jerusalem",
    "Turkey Standard Time": "Europe/Istanbul",
    "Arab Standard Time": "Asia/Riyadh",
    "Arabic Standard Time": "Asia/Baghdad",
    "E. Africa Standard Time": "Africa/Nairobi",
    "Russian Standard Time": "Europe/Moscow",
    "Iran Standard Time": "Asia/Tehran",
    "Arabian Standard Time": "Asia/Dubai",
    "Afghanistan Standard Time": "Asia/Kabul",
    "Pakistan Standard Time": "Asia/Karachi",
    "India Standard Time": "Asia/Kolkata",
    "Sri Lanka Standard Time": "Asia/Colombo",
    "Nepal Standard Time": "Asia/Kathmandu",
    "Bangladesh Standard Time": "Asia/Dhaka",
    "Myanmar Standard Time": "Asia/Yangon",
    "SE Asia Standard Time": "Asia/Bangkok",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Taipei Standard Time": "Asia/Taipei",
    "W. Australia Standard Time": "Australia/Perth",
    "Korea Standard Time": "Asia/Seoul",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Cen. Australia Standard Time": "Australia/Adelaide",
    "AUS Central Standard Time": "Australia/Darwin",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "E. Australia Standard Time": "Australia/Brisbane",
    "Tasmania Standard Time": "Australia/Hobart",
    "Vladivostok Standard Time": "Asia/Vladivostok",
    "New Zealand Standard Time": "Pacific/Auckland",
    "Fiji Standard Time": "Pacific/Fiji",
    "Tonga Standard Time": "Pacific/Tongatapu",
}
_BY_LOWER_CASE = {windows.lower(): iana for windows, iana in WINDOWS_ZONES.items()}


def time_zone(text: str | None) -> tzinfo | None:
    """The zone that `X-TimeZone` names: a Windows id in any case, `UTC`, an offset (`+05:30`), an IANA
    name. UTC when it names none; None when it is malformed or unknown."""
    name = (text or "").strip()
    if name.lower() in ("", "utc", "z", "coordinated universal time"):
        return UTC
    if len(name) > _LONGEST:
        return None
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        return _fixed(*offset.groups())
    try:
        return ZoneInfo(_BY_LOWER_CASE.get(name.lower(), name))
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, as `America`
        return None


def _fixed(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    width = int(hours) * 60 + int(minutes or 0)
    if width > _WIDEST_MINUTES or int(minutes or 0) > 59:
        return None
    return timezone(timedelta(minutes=-width if sign == "-" else width))


def every(now_ms: int) -> list[TimeZone]:
    """The zones that have a Windows id, with their offsets at that time, from west to east. Reads some files."""
    at = datetime.fromtimestamp(now_ms / 1000, UTC)
    found = [
        _shown(windows, iana, at) for windows, iana in (("UTC", "Etc/UTC"), *WINDOWS_ZONES.items())
    ]
    return sorted(found, key=lambda zone: (zone.utc_offset_seconds, zone.name))


def _shown(windows: str, iana: str, at: datetime) -> TimeZone:
    offset = at.astimezone(ZoneInfo(iana)).utcoffset() or timedelta()
    seconds = int(offset.total_seconds())
    minutes = abs(seconds) // 60
    written = f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return TimeZone(
        name=windows,
        full_name=f"(UTC{written}) {iana.rpartition('/')[2].replace('_', ' ')}",
        primary=iana,
        canonical=iana,
        windows_id=windows,
        utc_offset_seconds=seconds,
        utc_offset=written,
        tzdb_ids=[iana],
    )
