from __future__ import annotations

import asyncio

import pytest

from footlight.tasks import spawn
from footlight.telemetry import origin
from footlight.telemetry.origin import NOWHERE, Origin

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (TRACE, TRACE),
        (f" {TRACE} ", TRACE),
        (f"01{TRACE[2:]}-more", TRACE),  # a later version is read as far as it is known
        (f"{TRACE}-more", None),
        (TRACE.upper(), None),
        (f"ff{TRACE[2:]}", None),
        (TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32), None),
        (TRACE.replace("00f067aa0ba902b7", "0" * 16), None),
        ("", None),
        (None, None),
        ("x" * 600, None),
    ],
)
def test_a_traceparent_is_read_as_its_standard_says(header: str | None, found: str | None) -> None:
    assert origin.parse(header) == found


async def test_a_task_goes_on_with_the_origin_of_who_started_it() -> None:
    async def look() -> Origin:
        return origin.here()

    assert origin.here() == NOWHERE

    async def request() -> tuple[Origin, Origin, Origin]:
        token = origin.enter(TRACE)
        origin.come_from("t1")
        mine = await spawn("mine", look())
        alls = await spawn("alls", look(), detached=True)
        origin.leave(token)
        return mine, alls, origin.here()

    mine, alls, after = await asyncio.create_task(request())
    assert mine == Origin("t1", TRACE)
    assert alls == NOWHERE
    assert after == NOWHERE
    assert origin.here() == NOWHERE
