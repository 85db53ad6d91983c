from __future__ import annotations

from footlight.bus import ways
from footlight.bus.ways import DIRECT_FIRST, TUNNEL_FIRST, Ways
from footlight.clock import FakeClock


def test_a_host_that_is_not_reached_directly_is_tried_again_later_and_later() -> None:
    clock = FakeClock()
    known = Ways(clock)
    rest_s = ways.FIRST_REST_S
    for _ in range(10):
        assert known.order("m") == DIRECT_FIRST
        known.direct_failed("m")
        clock.advance(int(rest_s * 1000) - 1)
        assert known.order("m") == TUNNEL_FIRST
        clock.advance(1)
        rest_s = min(2 * rest_s, ways.LONGEST_REST_S)
    assert rest_s == ways.LONGEST_REST_S
    assert known.order("other") == DIRECT_FIRST


def test_of_many_streams_at_once_one_tries_the_direct_way_again() -> None:
    clock = FakeClock()
    known = Ways(clock)
    known.direct_failed("m")
    clock.advance(int(ways.FIRST_REST_S * 1000))
    assert [known.order("m") for _ in range(3)] == [DIRECT_FIRST, TUNNEL_FIRST, TUNNEL_FIRST]
    clock.advance(int(ways.PROBE_S * 1000))  # whoever tried was cancelled
    assert known.order("m") == DIRECT_FIRST
    known.direct_worked("m")
    assert [known.order("m") for _ in range(2)] == [DIRECT_FIRST, DIRECT_FIRST]


def test_so_many_hosts_are_known_at_most() -> None:
    known = Ways(FakeClock())
    for number in range(ways.MOST_HOSTS + 1):
        known.direct_failed(str(number))
    assert known.order("0") == DIRECT_FIRST
    assert known.order("1") == TUNNEL_FIRST
