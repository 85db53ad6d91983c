from __future__ import annotations

import random

from footlight.archive import activity
from footlight.archive.activity import MAX_BUCKETS, Activity


def test_changes_are_summed_by_second() -> None:
    one = activity.added(Activity(), [(0, 5, 0, 0, 1, 1), (2, 7, 0, 0, 1, 1)])
    assert one == Activity(1, (5, 0, 7))
    assert activity.added(one, [(2, 1, 0, 0, 1, 1), (-1, 9, 0, 0, 1, 1)]) == Activity(1, (5, 0, 8))
    assert activity.read(activity.write(one)) == one
    assert activity.read(None) == Activity()


def test_a_long_recording_has_wider_spans_and_no_change_is_lost() -> None:
    chance = random.Random(1)
    rows = [(second, chance.randrange(1, 99), 0, 0, 1, 1) for second in range(0, 9000, 7)]
    found = Activity()
    for at in range(0, len(rows), 100):  # as segments come
        found = activity.added(found, rows[at : at + 100])
    assert found.seconds == 128
    assert len(found.pixels) <= MAX_BUCKETS
    assert sum(found.pixels) == sum(row[1] for row in rows)
    assert found.pixels[3] == sum(row[1] for row in rows if 3 * 128 <= row[0] < 4 * 128)
