from footlight.agent.gaps import DISCONNECTED, SPOOL_FULL, TAMPERING, X_FROZEN, Gaps
from footlight.recording.chain import Gap


def test_one_that_lasts_goes_on_whatever_comes_to_it() -> None:
    gaps = Gaps()
    assert (gaps.until(5), gaps.end(5), gaps.lacking(), gaps.last) == (None, None, None, None)
    gaps.begin(10, X_FROZEN, "since noon")
    gaps.begin(20, SPOOL_FULL)
    assert gaps.lacking() == (X_FROZEN, 10)
    assert gaps.until(30) == Gap(from_ns=10, to_ns=30, cause=X_FROZEN)
    assert gaps.end(40) == (Gap(from_ns=10, to_ns=40, cause=X_FROZEN), "since noon")
    assert (gaps.until(50), gaps.lacking(), gaps.last) == (None, None, X_FROZEN)


def test_none_ends_before_it_began() -> None:
    gaps = Gaps()
    gaps.begin(10, SPOOL_FULL)
    assert gaps.until(5) == Gap(from_ns=10, to_ns=10, cause=SPOOL_FULL)


def test_what_is_missed_is_no_gap_yet() -> None:
    gaps = Gaps()
    assert gaps.miss(10, DISCONNECTED)
    assert not gaps.miss(20, SPOOL_FULL)
    assert gaps.lacking() == (DISCONNECTED, 10)
    assert gaps.end(30) is None
    assert gaps.lacking() is None


def test_who_interferes_is_the_cause_unless_something_else_is() -> None:
    gaps = Gaps()
    gaps.tampering = True
    assert gaps.lacking() == (TAMPERING, None)
    gaps.miss(10, DISCONNECTED)
    assert gaps.lacking() == (TAMPERING, None)
    gaps.begin(20, SPOOL_FULL)
    assert gaps.lacking() == (SPOOL_FULL, 20)
