from __future__ import annotations

import httpx
import pytest

from footlight import errors
from footlight.cli.exits import (
    EXPECTED,
    ExitCode,
    Failed,
    NoRight,
    NoSite,
    UsageProblem,
    exit_code,
    one_line,
)
from footlight.sdk import errors as sdk


def refusal(status: int, **headers: str) -> sdk.StatusError:
    return sdk.error_for(httpx.Response(status, json={"detail": "No.\n  Never."}, headers=headers))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Failed("x"), 1),
        (refusal(409), 1),
        (refusal(503), 1),
        (sdk.JobFailed("x"), 1),
        (sdk.BadAnswer("x"), 1),
        (errors.Conflict("x"), 1),
        (OSError("x"), 1),
        (UsageProblem("x"), 2),
        (refusal(400), 2),
        (errors.Invalid("x"), 2),
        (NoRight("x"), 3),
        (refusal(401), 3),
        (refusal(403), 3),
        (refusal(404), 3),
        (errors.NotFound("x"), 3),
        (errors.Forbidden("x"), 3),
        (errors.Unauthenticated("x"), 3),
        (NoSite("x"), 4),
        (sdk.ConnectionFailed("x"), 4),
        (sdk.TimedOut("x"), 4),
    ],
)
def test_codes_of_the_contract(error: Exception, code: int) -> None:
    assert isinstance(error, EXPECTED)
    assert exit_code(error) == ExitCode(code)


def test_a_fault_of_ours_is_not_expected() -> None:
    assert not isinstance(KeyError("x"), EXPECTED)


def test_the_reason_is_one_line() -> None:
    assert one_line(refusal(409)) == "No. Never."
    assert one_line(refusal(409, **{"Citrix-TransactionId": "t-1"})) == (
        "No. Never. (transaction t-1)"
    )
    assert one_line(Failed()) == "Failed"
