from __future__ import annotations

import random
from collections import Counter

from footlight.simulation.churn import Happening, Rate, next_happening


def run(live: int, wanted: int, count: int = 4000) -> tuple[Counter[Happening], int]:
    chance = random.Random(3)
    seen: Counter[Happening] = Counter()
    for _ in range(count):
        happening = next_happening(chance, live, wanted)
        seen[happening] += 1
        live += (happening is Happening.LOG_ON) - (happening is Happening.LOG_OFF)
    return seen, live


def test_the_number_of_sessions_stays_where_it_shall_be() -> None:
    seen, live = run(100, 100)
    assert live in (99, 100)
    assert 0.2 < (seen[Happening.LOG_ON] + seen[Happening.LOG_OFF]) / 4000 < 0.3
    assert seen[Happening.COME_OR_GO] > seen[Happening.MOVE] > 0


def test_it_comes_back_to_where_it_shall_be() -> None:
    assert run(0, 50)[1] in (49, 50)
    assert run(300, 50)[1] in (49, 50)
    assert run(20, 50)[1] in (49, 50)


def test_a_rate_owes_what_it_has_not_given() -> None:
    rate = Rate(2.5)
    assert [rate.due(0.1) for _ in range(20)].count(1) == 5
    assert rate.due(0.0) == 0
    assert Rate(0).due(100) == 0
    assert Rate(10).due(3600) == 10  # nothing is made up for after a long pause
