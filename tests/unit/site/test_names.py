from __future__ import annotations

from typing import Literal

import pytest

from footlight.errors import Invalid
from footlight.site.names import checked_member, checked_name, checked_text


def test_a_name_loses_the_blanks_around_it() -> None:
    assert checked_name("  Ground floor ") == "Ground floor"
    assert checked_name("é" * 64) == "é" * 64


@pytest.mark.parametrize(
    ("text", "problem"),
    [(None, "missing"), ("  ", "missing"), ("x" * 65, "tooLong"), ("a\tb", None), ("a|b", None)],
)
def test_what_is_no_name_is_refused(text: str | None, problem: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(text, "PublishedName", no="|")
    assert refused.value.facts["name"] == "PublishedName"
    assert refused.value.facts.get("problem") == problem


def test_a_text_may_be_missing_but_not_endless() -> None:
    assert checked_text(None) is None
    assert checked_text("") is None
    assert checked_text("two\nlines") == "two\nlines"
    for wrong in ("x" * 513, "a\0b"):
        with pytest.raises(Invalid):
            checked_text(wrong)


def test_a_member_of_an_enum_in_any_case() -> None:
    assert checked_member(Literal["Unknown", "Static"], " STATIC ", "AllocationType") == "Static"
    with pytest.raises(Invalid) as refused:
        checked_member(Literal["Unknown", "Static"], "Stat", "AllocationType")
    assert refused.value.facts["name"] == "AllocationType"
    assert refused.value.facts["problem"] == "invalidEnum"
