"""What reasons lead to: pure. What they do to sessions is in broker/test_policy_keeper.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from footlight.archive.terms import Terms
from footlight.policies.policy import Conditions, Policy
from footlight.policies.reasons import NONE, Held, Reasons, decided, terms_of
from footlight.wire.policies import PolicyOutcome


def held(**then: Any) -> Held:
    return Held("p", "Policy", PolicyOutcome(**{"record": "screen", **then}))


def test_without_a_reason_nothing_is_wanted() -> None:
    assert terms_of(NONE) is None
    assert terms_of(Reasons(held(record="no"))) is None
    assert terms_of(Reasons(held(), stopped=True)) is None


def test_a_call_is_as_it_was_called() -> None:
    assert terms_of(Reasons(on_demand_by="a", on_demand_notify=True)) == Terms(notify=True)
    kept = Reasons(held(record="no", pre_roll_seconds=9), on_demand_by="a")
    assert terms_of(kept) == Terms(notify=False, pre_roll_s=9)


def test_a_policy_is_as_it_says_whoever_calls_besides() -> None:
    policy = held(notify=False, if_lost="end", retention_class="Long", roll_over_seconds=60)
    wanted = terms_of(Reasons(policy))
    assert wanted == Terms(
        notify=False, if_lost="end", retention_class="Long", roll_over_s=60, policy_id="p"
    )
    assert terms_of(Reasons(policy, on_demand_by="a", on_demand_notify=True)) == wanted


def test_a_call_brings_the_screen_to_events() -> None:
    policy = held(record="events", notify=False, if_lost="cover")
    alone = terms_of(Reasons(policy))
    both = terms_of(Reasons(policy, on_demand_by="a", on_demand_notify=True))
    assert alone is not None
    assert both is not None
    assert (alone.events_only, alone.notify) == (True, False)
    assert (both.events_only, both.notify, both.if_lost) == (False, True, "cover")


@pytest.mark.parametrize(("policy_id", "stopped"), [("p", True), ("q", False)])
def test_what_was_stopped_stays_so_while_the_same_policy_decides(
    policy_id: str, stopped: bool
) -> None:
    before = Reasons(held(), stopped=True)
    policy = Policy(policy_id, 1, "Policy", True, Conditions(), PolicyOutcome(record="screen"))
    assert decided(before, policy).stopped is stopped
    assert decided(replace(before, on_demand_by="a"), None) == Reasons(on_demand_by="a")
