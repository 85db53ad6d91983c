from __future__ import annotations

import pytest

from footlight.bus import subjects


def test_what_a_host_says_names_it_and_the_topic() -> None:
    subject = subjects.of_host("m", subjects.REPORTS)
    assert subject == "host.m.reports"
    assert subjects.host_of(subject) == ("m", subjects.REPORTS)


@pytest.mark.parametrize("subject", ["agent.m.orders", "host.m", "host.m.reports.more", "host", ""])
def test_other_subjects_are_no_hosts(subject: str) -> None:
    assert subjects.host_of(subject) is None
