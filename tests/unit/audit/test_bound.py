from __future__ import annotations

from footlight.audit import bound
from footlight.audit.bound import Bound, with_skipped
from footlight.audit.log import Act


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.ms = 0

    def now_ms(self) -> int:
        return self.ms

    def monotonic_ns(self) -> int:
        return self.ms * 1_000_000


def test_so_many_in_a_window_for_each_key_and_the_others_are_counted() -> None:
    clock = Clock()
    bounded = Bound(clock, 2, 1000)
    assert [bounded.take("a") for _ in range(5)] == [0, 0, None, None, None]
    assert bounded.take("b") == 0
    clock.ms = 1000
    assert [bounded.take("a") for _ in range(3)] == [3, 0, None]


def test_keys_are_bounded_too(monkeypatch: object) -> None:
    clock = Clock()
    bounded = Bound(clock, 1, 1000)
    taken = [bounded.take(str(number)) for number in range(bound.MAX_KEYS + 5)]
    assert taken.count(0) == bound.MAX_KEYS + 1
    clock.ms = 2000
    assert bounded.take("new") == 0
    assert len(bounded._windows) < 5


def test_the_next_entry_tells_how_many_there_were() -> None:
    act = Act(text="Refused", target_type="Account", succeeded=False, parameters={"Way": "x"})
    assert with_skipped(act, 0) is act
    told = with_skipped(act, 7)
    assert (told.text, told.succeeded) == ("Refused (7 more before)", False)
    assert told.parameters == {"Way": "x", "NotWritten": "7"}
