from __future__ import annotations

from typing import Any

import pytest

from footlight.errors import Invalid
from footlight.policies import supposed
from footlight.wire.policies import GivenFacts


async def test_facts_are_read_as_a_session_would_be(ground: Any) -> None:
    facts = GivenFacts(
        user="FOOTLIGHT\\admin", resource="desktop", machine="desk1", delivery_group="everyone",
        client_address="192.0.2.1", at="2026-07-01T08:30:00+02:00",
    )  # fmt: skip
    of = await ground.store.read(lambda c: supposed.of(c, facts))
    assert None not in (of.resource, of.machine, of.delivery_group)
    assert (of.client_address, of.tags) == ("192.0.2.1", frozenset())
    assert supposed.moment(facts, 0) == 1_782_887_400_000
    assert supposed.moment(GivenFacts(), 7) == 7
    who = await ground.store.read(lambda c: supposed.who(c, facts, "FOOTLIGHT"))
    assert "admin" in who.person().names
    stranger = GivenFacts(user="Nobody.Yet")
    who = await ground.store.read(lambda c: supposed.who(c, stranger, "FOOTLIGHT"))
    assert "nobody.yet" in who.person().names


@pytest.mark.parametrize(
    "given",
    [{"client_address": "x"}, {"resource": "x"}, {"tags": ["x"]}, {"groups": ["g"] * 1001}],
)
async def test_what_there_is_not_is_named(ground: Any, given: Any) -> None:
    with pytest.raises(Invalid):
        await ground.store.read(lambda c: supposed.of(c, GivenFacts(**given)))


def test_a_moment_is_a_time() -> None:
    with pytest.raises(Invalid):
        supposed.moment(GivenFacts(at="soon"), 0)
