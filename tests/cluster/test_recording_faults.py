"""Each kind of fault of what records, once: what was flushed is there, is verified, encrypted and in order, gaps say
why, and recording goes on by itself. `bench/run recording-faults` has many of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from tests.cluster.recorded_site import RecordedSite, recorded_site
from tests.cluster.recording_faults import KINDS, RecordingFault, seeded
from tests.cluster.recording_round import RecordingRound, closing

pytestmark = pytest.mark.long
SEED = 7
FAULTS = list(itertools.islice(seeded(SEED), len(KINDS)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedSite]:
    with recorded_site(tmp_path_factory.mktemp("recorded")) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind.replace(" ", "-"))
def test_a_fault_costs_a_recording_nothing_that_was_flushed(
    site: RecordedSite, fault: RecordingFault
) -> None:
    outcome = RecordingRound(site, FAULTS.index(fault), fault).run()
    print(outcome)
    assert outcome.wrong == []
    assert outcome.flushed > 0


def test_all_that_was_recorded_verifies_and_the_audit_log_is_whole(site: RecordedSite) -> None:
    assert closing(site) == []
