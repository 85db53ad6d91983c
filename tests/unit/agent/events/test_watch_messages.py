from __future__ import annotations

import pytest

from footlight.agent.events.watch_messages import (
    Happened,
    Leave,
    Watch,
    line,
    read_event,
    read_order,
)


def test_there_and_back() -> None:
    watch = Watch(
        session_id="s",
        display=7,
        cookie=b"\x00\xff",
        keeper_pid=12,
        cgroup="/a",
        clipboard_text=False,
        arguments=True,
    )
    for order in (watch, Leave("s")):
        assert read_order(line(order)) == order
    event = Happened("s", "window-title", {"title": "a\nb", "window": 3})
    assert line(event).count(b"\n") == 1
    assert read_event(line(event)) == event


@pytest.mark.parametrize("data", [b"", b"{}", b"[", b'{"type":"Watch"}', b'{"type":"Other"}'])
def test_what_is_none_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_order(data)
    with pytest.raises(ValueError, match=r"."):
        read_event(data)
