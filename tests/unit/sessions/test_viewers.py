from __future__ import annotations

import msgspec

from footlight.sessions import viewers
from footlight.wire.host import ViewerFacts

ONE = ViewerFacts(
    viewer_id="v", user_name="D\\ada", own=True, mode="interactive", address="::1",
    via_address=None, client_name="", platform="Linux", version="1", attached_at_ms=1,
    to_viewer_bytes_s=5,
)  # fmt: skip


def test_viewers_of_a_row() -> None:
    assert viewers.read(viewers.written([ONE])) == [ONE]
    assert viewers.written([]) is None
    wordy = msgspec.structs.replace(ONE, user_name="x" * viewers.LONGEST_BYTES)
    assert viewers.written([wordy]) is None
    assert viewers.read(None) == []


def test_the_same_viewers_over_whatever_line() -> None:
    busy = msgspec.structs.replace(ONE, round_trip_ms=9)
    other = msgspec.structs.replace(ONE, viewer_id="w")
    text = viewers.written([ONE])
    assert viewers.same(text, viewers.written([busy]))
    assert not viewers.same(text, viewers.written([other]))
    assert not viewers.same(text, None)
    assert viewers.same(None, None)
