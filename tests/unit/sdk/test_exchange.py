"""What follows a try: the answer, another try, or giving up."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk.errors import ConnectionFailed, NotFound, Unauthorized
from footlight.sdk.exchange import Again, Exchange
from footlight.sdk.requests.request import Request, get, post
from footlight.sdk.retry import RetryPolicy


def exchange(request: Request) -> Exchange:
    return Exchange(request, RetryPolicy(), lambda: 0.0)


@pytest.mark.parametrize("status", [200, 202, 204, 303])
def test_a_success_stands(status: int) -> None:
    answer = httpx.Response(status)
    assert exchange(get("/x")).judge(answer, renewable=False) is answer


def test_a_refused_token_is_replaced_once() -> None:
    refused = httpx.Response(401)
    trying = exchange(post("/x"))
    assert trying.judge(refused, renewable=True) == Again(0.0, drop_token=True)
    with pytest.raises(Unauthorized):
        trying.judge(refused, renewable=True)
    with pytest.raises(Unauthorized):
        exchange(post("/x")).judge(refused, renewable=False)


def test_busy_is_tried_again_with_growing_waits_until_the_policy_ends() -> None:
    trying = exchange(get("/x"))
    broken = httpx.ReadError("cut", request=httpx.Request("GET", "http://site.test/x"))
    assert trying.judge(httpx.Response(503), renewable=False) == Again(0.25)
    assert trying.judge(broken, renewable=False) == Again(0.5)
    with pytest.raises(ConnectionFailed):
        trying.judge(broken, renewable=False)


def test_a_refusal_is_raised_as_its_class() -> None:
    with pytest.raises(NotFound):
        exchange(get("/x")).judge(httpx.Response(404), renewable=True)
