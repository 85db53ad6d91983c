from __future__ import annotations

import random

from footlight.simulation.people import LONGEST_MS, People
from footlight.simulation.plan import Plan

NOW = 1_800_000_000_000


def test_who_is_at_work_has_come_before_and_some_have_left() -> None:
    people = People(Plan(5, 200, 1))
    logons = people.at_work(200, NOW)
    assert len(logons) == people.count == 200
    begun = [logon.at_ms or 0 for logon in logons]
    assert begun == sorted(begun)
    assert all(NOW - LONGEST_MS - 60_000 <= at < NOW for at in begun)
    left = [o for o in people.origins.values() if o.away_since_ms is not None]
    assert 30 < len(left) < 90
    assert all((o.at_ms or 0) < (o.away_since_ms or 0) <= NOW for o in left)


def test_the_same_seed_gives_the_same_logons() -> None:
    def made() -> list[object]:
        people = People(Plan(5, 50, 4))
        return [*people.at_work(50, NOW), people.log_on()]

    assert made() == made()


def test_an_id_is_never_given_twice_and_users_come_again() -> None:
    people = People(Plan(2, 5, 1))
    seen = set()
    for _ in range(100):
        logon = people.log_on()
        assert logon is not None
        assert logon.session_id not in seen
        seen.add(logon.session_id)
        assert people.machine_of(logon.session_id) == logon.machine_id
        people.over(logon.session_id)
    assert people.count == 0


def test_when_all_are_at_work_nobody_comes() -> None:
    plan = Plan(1, 3, 1)
    people = People(plan)
    given = [people.log_on() for _ in range(50)]
    users = {logon.account_id for logon in given if logon is not None}
    assert users == {user.id for user in plan.fleet.users}
    assert None in given


def test_a_session_of_somebody_else_is_none_of_theirs() -> None:
    people = People(Plan(1, 3, 1))
    logon = people.log_on()
    assert logon is not None
    people.over("somebody else's")
    assert people.somebodys(random.Random(1)) == logon.session_id
    people.over(logon.session_id)
    people.over(logon.session_id)
    assert people.somebodys(random.Random(1)) is None
