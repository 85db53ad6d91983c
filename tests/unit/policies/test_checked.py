from __future__ import annotations

from typing import Any

import pytest

from footlight.errors import Invalid
from footlight.policies import checked
from footlight.wire.policies import PolicyConditions, PolicyOutcome, PolicyTimes

NONE = PolicyConditions()


async def read(ground: Any, **given: Any) -> PolicyConditions:
    wanted = PolicyConditions(**given)
    found: PolicyConditions = await ground.store.read(
        lambda c: checked.conditions(c, wanted, NONE, "FOOTLIGHT")
    )
    return found


async def test_conditions_are_kept_in_one_form(ground: Any) -> None:
    found = await read(
        ground,
        users=["FOOTLIGHT\\Ada", "ada"],
        client_addresses=["192.0.2.9/24", "192.0.2.0/24", "2001:DB8::1"],
        times=[
            PolicyTimes(days=["sunday", "Monday", "SUNDAY"], time_zone="w. europe standard time")
        ],
    )
    assert found.users == ["Ada"]
    assert found.client_addresses == ["192.0.2.0/24", "2001:db8::1/128"]
    assert found.times[0].days == ["Monday", "Sunday"]


@pytest.mark.parametrize(
    ("given", "member"),
    [
        ({"machines": ["nowhere"]}, "conditions.machines"),
        ({"machines": ["m"] * 1001}, "conditions.machines"),
        ({"client_addresses": ["192.0.2"]}, "conditions.clientAddresses"),
        ({"times": [PolicyTimes()] * 51}, "conditions.times"),
        ({"times": [PolicyTimes(), PolicyTimes(days=["x"])]}, "conditions.times[1].days"),
    ],
)
async def test_what_no_condition_is_names_its_member(ground: Any, given: Any, member: str) -> None:
    with pytest.raises(Invalid) as refused:
        await read(ground, **given)
    assert refused.value.facts["name"] == member


def test_numbers_have_bounds() -> None:
    good = PolicyOutcome(
        record="screen", pre_roll_seconds=600, roll_over_bytes=1_000_000, roll_over_seconds=60,
        bytes_per_second=1000, retention_class=" Long ",
    )  # fmt: skip
    assert checked.outcome(good).retention_class == "Long"
    for given in ({"pre_roll_seconds": 601}, {"roll_over_bytes": 999_999}, {"bytes_per_second": 9},
                  {"roll_over_seconds": 604_801}, {"retention_class": "a\nb"}):  # fmt: skip
        with pytest.raises(Invalid):
            checked.outcome(PolicyOutcome(record="screen", **given))
    with pytest.raises(Invalid):
        checked.outcome(PolicyOutcome(record="no", if_lost="cover"))
