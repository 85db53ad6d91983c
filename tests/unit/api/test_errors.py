"""The table from failures to status and body."""

from __future__ import annotations

import inspect

import pytest
from litestar.exceptions import HTTPException, NotAuthorizedException

from footlight import errors
from footlight.api.errors import Refused, http_problem, problem_of


def test_every_class_of_the_tree_has_a_row() -> None:
    statuses = {}
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if not issubclass(kind, errors.FootlightError) or kind is errors.FootlightError:
            continue
        failure = kind("x", retry_s=1) if kind is errors.LimitReached else kind("x")
        statuses[name] = problem_of(failure).status
    assert statuses == {
        "Invalid": 400,
        "Unauthenticated": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "Conflict": 409,
        "LimitReached": 429,
        "Unavailable": 503,
    }


def test_code_facts_and_message_go_over() -> None:
    problem = problem_of(
        errors.NotFound("Unknown.", code="UnknownSession", entityType="Session", id="x")
    )
    assert problem.error.sdk_error_id == "UnknownSession"
    assert problem.error.error_type == "NotFound"
    assert problem.error.error_message == problem.error.detail == "Unknown."
    assert [(p.name, p.value) for p in problem.error.parameters] == [
        ("entityType", "Session"),
        ("id", "x"),
    ]


def test_refusals_keep_their_problem() -> None:
    problem = http_problem(415, "No.", None, {"mediaType": "text/plain"})
    assert problem_of(Refused(problem)) is problem


def test_framework_refusals() -> None:
    assert problem_of(NotAuthorizedException("who")).status == 401
    shown = problem_of(HTTPException("bad", status_code=400, extra=[{"key": "a", "message": "m"}]))
    assert shown.error.detail == "a: m"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("inside"),
        HTTPException("inside", status_code=500),
        errors.FootlightError("inside"),
    ],
)
@pytest.mark.expects_errors
def test_nothing_of_a_fault_is_shown(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    problem = problem_of(error)
    assert problem.status == 500
    assert b"inside" not in problem.body()
    logged = capsys.readouterr()
    assert "inside" in logged.out + logged.err
