"""The header X-TimeZone. Source: rest-api.md sections 1.2 and 5.4."""

from __future__ import annotations

from typing import Any

from litestar import Request

from footlight.errors import Invalid
from footlight.sessions.moments import Moment
from footlight.wire.rest.time_zones import time_zone


def moment(request: Request[Any, Any, Any], now_ms: int) -> Moment:
    """Now, in the caller's time zone. Raises Invalid when there is no such zone."""
    name = request.headers.get("x-timezone")
    zone = time_zone(name)
    if zone is None:
        raise Invalid(
            "There is no such time zone.",
            code="InvalidTimeZone",
            name="X-TimeZone",
            value=(name or "")[:64],
        )
    return Moment(now_ms, zone)


def check_time_zone(request: Request[Any, Any, Any]) -> None:
    """Raises Invalid when the header names no time zone; times in answers are UTC all the same."""
    moment(request, 0)
