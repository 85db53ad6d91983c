"""What the requests of our own API hold; that each has a route is in test_cvad.py."""

from __future__ import annotations

import pytest

from footlight.sdk.requests import own


def test_a_launch_is_repeatable_by_its_key() -> None:
    asked = own.launch(
        "Desktop", machine=None, user=None, new=False, wait_s=None, idempotency_key="k", timeout_s=4
    )
    assert (asked.json, asked.repeatable, asked.timeout_s) == ({"resource": "Desktop"}, True, 4)
    assert asked.headers == {"Idempotency-Key": "k"}


@pytest.mark.parametrize(
    ("wait_s", "timeout_s", "wanted"),
    [(None, None, None), (0, None, None), (50, None, 50 + own.LAUNCH_TIMEOUT_S), (50, 2, 2)],
)
def test_a_launch_that_waits_takes_its_time(
    wait_s: int | None, timeout_s: float | None, wanted: float | None
) -> None:
    asked = own.launch(
        "D", machine=None, user=None, new=False, wait_s=wait_s, idempotency_key="k",
        timeout_s=timeout_s,
    )  # fmt: skip
    assert asked.timeout_s == wanted
    assert asked.json.get("waitSeconds") == wait_s


def test_what_makes_something_new_is_not_repeatable() -> None:
    for asked in (
        own.ticket("s", "view"),
        own.create_account("a", None, None, None),
        own.set_password("a", None),
        own.export("r"),
    ):
        assert not asked.repeatable, asked.path


@pytest.mark.parametrize(
    ("start", "end", "header"),
    [(0, None, None), (5, None, "bytes=5-"), (0, 1, "bytes=0-0"), (10, 20, "bytes=10-19")],
)
def test_ranges_end_before_their_end(start: int, end: int | None, header: str | None) -> None:
    asked = own.segment_range("r", 7, start, end)
    assert asked.path == "/footlight/v1/recordings/r/segments/7"
    assert asked.headers.get("Range") == header
    assert asked.accept == "application/octet-stream"


def test_parts_of_a_recording() -> None:
    assert own.recording("a/b").path == "/footlight/v1/recordings/a%2Fb"
    frame = own.recording("r", "frame", {"at": 2}, accept="image/png", timeout_s=3)
    assert (frame.path, frame.query) == ("/footlight/v1/recordings/r/frame", {"at": "2"})
    assert (frame.accept, frame.timeout_s) == ("image/png", 3)
