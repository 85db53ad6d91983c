from __future__ import annotations

import pytest

from footlight import errors

TREE = [
    errors.Invalid,
    errors.Unauthenticated,
    errors.Forbidden,
    errors.NotFound,
    errors.Conflict,
    errors.Unavailable,
]


@pytest.mark.parametrize("kind", TREE)
def test_error_carries_message_code_and_facts(kind: type[errors.FootlightError]) -> None:
    error = kind("no", session="s1")
    assert isinstance(error, errors.FootlightError)
    assert (str(error), error.message, error.facts) == ("no", "no", {"session": "s1"})
    assert error.code == kind.code


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in [*TREE, errors.LimitReached, errors.FootlightError]]
    assert len(set(codes)) == len(codes)


def test_code_of_one_error_is_its_own() -> None:
    assert errors.Conflict("no", code="SessionHidden").code == "SessionHidden"
    assert errors.Conflict("no").code == "ConstraintViolation"


def test_limit_reached_tells_when_to_come_back() -> None:
    error = errors.LimitReached("slower", retry_s=7, caller="ann")
    assert (error.retry_s, error.facts) == (7, {"caller": "ann"})
