from __future__ import annotations

from footlight.simulation.load import MOST, load_of


def test_sessions_make_it_busier_and_people_at_work_more_so() -> None:
    empty, idle, active = load_of(0, 0), load_of(50, 0), load_of(50, 50)
    assert empty.cpu_permille < idle.cpu_permille < active.cpu_permille
    assert empty.memory_permille < idle.memory_permille == active.memory_permille
    assert active.sessions == 50


def test_it_is_never_busier_than_a_host_can_be() -> None:
    load = load_of(1000, 1000)
    assert load.cpu_permille == load.memory_permille == MOST
