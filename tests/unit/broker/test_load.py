from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.broker.load import (
    APART_MS,
    FULL,
    STEP,
    Parts,
    Scale,
    index_of,
    is_worth_writing,
    parts_of,
)
from footlight.wire.host import LoadFacts


def facts(cpu: int = 0, memory: int = 0, sessions: int = 0) -> LoadFacts:
    return LoadFacts(cpu_permille=cpu, memory_permille=memory, sessions=sessions)


def test_an_empty_host_is_not_loaded() -> None:
    assert index_of(parts_of(facts(), Scale()), Scale()) == 0


def test_the_index_is_the_weighted_mean() -> None:
    scale = Scale(weights=(1, 1, 2), full_sessions=100, full_memory=0)
    parts = parts_of(facts(400, 200, 50), scale)
    assert parts == Parts(4000, 2000, 5000)
    assert index_of(parts, scale) == 4000


def test_memory_and_cpu_count_by_what_is_full() -> None:
    assert parts_of(facts(450, 450), Scale(full_cpu=90, full_memory=90)) == Parts(5000, 5000, 0)
    assert parts_of(facts(0, 970), Scale(full_memory=97)).memory == FULL


@pytest.mark.parametrize(
    ("host", "scale"),
    [
        (facts(sessions=250), Scale()),
        (facts(sessions=900), Scale()),
        (facts(memory=970), Scale()),
        (facts(cpu=900), Scale(full_cpu=90)),
        (facts(sessions=250), Scale(weights=(1, 1, 0))),
    ],
)
def test_one_full_part_fills_the_machine(host: LoadFacts, scale: Scale) -> None:
    assert index_of(parts_of(host, scale), scale) == FULL


def test_cpu_alone_fills_none_unless_told() -> None:
    assert index_of(parts_of(facts(cpu=1000), Scale()), Scale()) < FULL
    assert index_of(parts_of(facts(memory=1000), Scale(full_memory=0)), Scale()) < FULL


SHARE = st.integers(-5, 1005)
SCALES = st.builds(
    Scale,
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)),
    st.integers(1, 500),
    st.integers(0, 100),
    st.integers(0, 100),
)


@given(SHARE, SHARE, st.integers(0, 600), SCALES, st.sampled_from([0, 1, 2]), st.integers(1, 200))
def test_it_never_falls_when_something_rises(
    cpu: int, memory: int, sessions: int, scale: Scale, which: int, more: int
) -> None:
    before = [cpu, memory, sessions]
    after = [value + more * (place == which) for place, value in enumerate(before)]
    first, second = (index_of(parts_of(facts(*of), scale), scale) for of in (before, after))
    assert 0 <= first <= second <= FULL


def test_small_moves_and_quick_ones_are_not_written() -> None:
    later = 1000 + APART_MS
    assert is_worth_writing(None, None, 0, 0)
    assert is_worth_writing(3000, 1000, 3000 + STEP, later)
    assert not is_worth_writing(3000, 1000, 3000 + STEP - 1, later)
    assert not is_worth_writing(3000, 1000, 9000, later - 1)
    assert is_worth_writing(FULL - 1, 1000, FULL, later)
    assert is_worth_writing(FULL, 1000, FULL - 1, later)
    assert not is_worth_writing(FULL, 1000, FULL, later)
