from __future__ import annotations

import pytest

from footlight.errors import Invalid
from footlight.site import metadata
from footlight.wire.rest.reference import NameValue


def pair(name: str | None, value: str | None) -> NameValue:
    return NameValue(name=name, value=value)


def test_names_are_added_changed_and_taken_away() -> None:
    kept = metadata.merged("{}", [pair("b", "1"), pair("a", "2")])
    assert metadata.pairs(kept) == [pair("a", "2"), pair("b", "1")]
    kept = metadata.merged(kept, [pair(" b ", "3"), pair("a", ""), pair("unknown", None)])
    assert metadata.pairs(kept) == [pair("b", "3")]


@pytest.mark.parametrize(
    "given",
    [
        [pair(None, "x")],
        [pair(" ", "x")],
        [pair("n" * 256, "x")],
        [pair("n", "x" * 4001)],
        [pair("n", "\0")],
        [pair(f"n{number}", "x") for number in range(101)],
    ],
)
def test_what_cannot_be_kept_is_refused(given: list[NameValue]) -> None:
    with pytest.raises(Invalid):
        metadata.merged("{}", given)
