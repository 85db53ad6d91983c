from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from footlight.garbage import YOUNG, collect_seldom


class Knot:
    """A cycle."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_here_is_looked_at_no_more() -> None:
    kept, dropped = Knot(), weakref.ref(Knot())
    collect_seldom()
    assert dropped() is None, "what was garbage before is gone"
    assert gc.get_freeze_count() > 0
    assert not any(one is kept for one in gc.get_objects())


def test_garbage_made_later_still_goes() -> None:
    collect_seldom()
    knot = weakref.ref(Knot())
    kept = [Knot() for _ in range(2 * YOUNG)]
    assert knot() is None, "without being asked to"
    assert kept
