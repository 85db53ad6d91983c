"""Each kind of fault once: no session, no flushed byte of a recording and no message is lost or doubled, and what the
site says is true within ten seconds of the repair."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from tests.cluster.failover import Failover, failover
from tests.cluster.faults import Fault, seeded

pytestmark = pytest.mark.long
SEED = 7
FAULTS = list(itertools.islice(seeded(SEED, servers=2, hosts=2), 8))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failover]:
    with failover(tmp_path_factory.mktemp("failover")) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind.replace(" ", "-"))
def test_a_fault_costs_nothing(site: Failover, fault: Fault) -> None:
    outcome = site.round(fault)
    print(outcome)
    assert outcome.wrong == []


def test_everything_was_told_once_and_the_audit_log_is_whole(site: Failover) -> None:
    assert site.closing() == []
