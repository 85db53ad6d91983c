from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.api.recording_events import Filter, cut, merged

MS = 1_000_000


def event(at_ms: int, kind: str = "clipboard", **members: Any) -> dict[str, Any]:
    return {"atNs": at_ms * MS, "type": kind, **members}


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ({}, True),
        ({"types": frozenset({"clipboard", "idle"})}, True),
        ({"types": frozenset({"idle"})}, False),
        ({"text": "grüss"}, True),
        ({"text": "clipboard"}, False),  # the type is no text
        ({"text": "html"}, True),
        ({"from_ms": 5, "to_ms": 5}, True),
        ({"from_ms": 6}, False),
        ({"to_ms": 4}, False),
    ],
)
def test_what_is_asked_for(wanted: dict[str, Any], taken: bool) -> None:
    one = event(5, text="GRÜSS Gott", formats=["TEXT/html"], bytes=5)
    asked = {"types": frozenset(), "text": "", "from_ms": None, "to_ms": None, **wanted}
    assert Filter(**asked).takes(one) is taken


def test_the_catalogues_word_on_markers_counts() -> None:
    track = [
        event(1, "idle"),
        event(2, "marker", markerId="kept", text="old"),
        event(3, "marker", markerId="deleted", text="gone"),
        event(4, "marker", markerId="of another site", text="there"),
    ]
    row = SimpleNamespace(id="kept", at_ms=2, kind="comment", text="new", author="A\\b")
    late = SimpleNamespace(id="late", at_ms=0, kind="marker", text="x", author="A\\b")
    found = merged(track, [row, late], {"kept", "deleted", "late"})  # type: ignore[list-item]
    assert [(one["atNs"] // MS, one.get("text")) for one in found] == [
        (0, "x"),
        (1, None),
        (2, "new"),
        (4, "there"),
    ]


@given(
    st.lists(st.integers(0, 8), max_size=40).map(sorted),
    st.integers(1, 7),
)
def test_each_event_comes_once_also_where_several_share_a_moment(
    moments: list[int], size: int
) -> None:
    events = [event(at_ms, number=number) for number, at_ms in enumerate(moments)]
    seen: list[int] = []
    place: tuple[int, int] | None = (0, 0)
    while place is not None:
        page, place = cut(events, place, size)
        assert len(page) <= size
        seen += [one["number"] for one in page]
    assert seen == list(range(len(events)))


def test_what_comes_meanwhile_shifts_nothing() -> None:
    events = [event(number, number=number) for number in range(6)]
    _, place = cut(events, (0, 0), 3)
    assert place is not None
    earlier = sorted([*events, event(1, number="marked")], key=lambda one: one["atNs"])
    rest, end = cut([*earlier, event(9, number=9)], place, 10)
    assert [one["number"] for one in rest] == [3, 4, 5, 9]
    assert end is None
