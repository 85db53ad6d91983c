from __future__ import annotations

from typing import Any

import pytest

from footlight.policies import explained
from footlight.policies.policy import Circumstances, Conditions, Policy, decide
from footlight.policies.reasons import NONE, Held, Reasons
from footlight.wire.policies import PolicyOutcome


def policy(name: str, record: Any = "screen", **conditions: Any) -> Policy:
    then = PolicyOutcome(record=record, notify=False)
    return Policy(name, 1, name, True, Conditions(**conditions), then)


@pytest.mark.parametrize(
    ("deciding", "says"),
    [
        (None, "No policy fits: it is not recorded."),
        (policy("A", "no"), "The policy 'A' decides: it is not recorded."),
        (policy("A"), "The policy 'A' decides: its screen is recorded, without notice."),
        (policy("A", "events"),
         "The policy 'A' decides: its events alone are recorded, without notice."),
    ],
)  # fmt: skip
def test_what_is_decided_is_a_sentence(deciding: Policy | None, says: str) -> None:
    assert explained.sentence(deciding) == says


def test_each_policy_says_why_it_does_not_decide() -> None:
    missed = policy("missed", users=frozenset("x"), machines=frozenset("y"), tags=frozenset("z"))
    found = explained.decision_view(
        decide([missed, policy("one"), policy("two")], Circumstances(), 0), 0, "s", NONE
    )
    assert [one.sentence for one in found.policies] == [
        "It does not fit: the user, the machine and the tags.",
        "It fits, and decides.",
        "It fits, but an earlier policy decides.",
    ]
    assert (found.session_id, found.at, found.reasons) == ("s", "1970-01-01T00:00:00Z", [])


def test_reasons_are_told_with_who_called() -> None:
    held = Held("p", "Policy", PolicyOutcome(record="screen"))
    policy_reason, call = explained.reasons_of(Reasons(held, on_demand_by="LAB\\ada"))
    assert (policy_reason.kind, policy_reason.name, call.ordered_by) == (
        "policy", "Policy", "LAB\\ada",
    )  # fmt: skip
    stopped = explained.decision_view(
        decide([policy("p")], Circumstances(), 0), 0, None, Reasons(held, stopped=True)
    )
    assert (stopped.stopped, stopped.reasons) == (True, [])


def test_without_a_wanted_recording_there_is_no_health() -> None:
    assert explained.health_view(None) is None
