"""When a request is sent again."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk.requests.request import get, post
from footlight.sdk.retry import RetryPolicy

POLICY = RetryPolicy(retries=2, first_s=1, longest_s=3, patience_s=10)


def no_jitter() -> float:
    return 0.0


def answer(status: int, retry_after: str | None = None) -> httpx.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return httpx.Response(status, headers=headers)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 501])
def test_refusals_that_will_stay_are_not_repeated(status: int) -> None:
    assert POLICY.wait_s(get("/x"), answer(status), 0, no_jitter) is None


@pytest.mark.parametrize("status", [429, 503])
def test_waits_double_and_end(status: int) -> None:
    waits = [POLICY.wait_s(post("/x"), answer(status), n, no_jitter) for n in range(3)]
    assert waits == [1, 2, None]


def test_waits_are_bounded_and_jittered() -> None:
    policy = RetryPolicy(retries=9, first_s=1, longest_s=3)
    assert policy.wait_s(get("/x"), answer(503), 8, no_jitter) == 3
    assert policy.wait_s(get("/x"), answer(503), 8, lambda: 1.0) == 1.5


def test_retry_after_is_honoured_up_to_patience() -> None:
    assert POLICY.wait_s(get("/x"), answer(429, "7"), 0, no_jitter) == 7
    assert POLICY.wait_s(get("/x"), answer(429, "0"), 0, no_jitter) == 1
    assert POLICY.wait_s(get("/x"), answer(429, "11"), 0, no_jitter) is None
    assert POLICY.wait_s(get("/x"), answer(429, "soon"), 0, no_jitter) == 1


def test_a_broken_connection_repeats_only_what_may_be_repeated() -> None:
    broken = httpx.ReadError("reset")
    assert POLICY.wait_s(get("/x"), broken, 0, no_jitter) == 1
    assert POLICY.wait_s(post("/x"), broken, 0, no_jitter) is None
    assert POLICY.wait_s(post("/x", repeatable=True), broken, 0, no_jitter) == 1


def test_what_never_left_is_always_repeated() -> None:
    assert POLICY.wait_s(post("/x"), httpx.ConnectError("refused"), 0, no_jitter) == 1
