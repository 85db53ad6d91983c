"""What begins a job, and what cannot."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk.background import begin, begin_with
from footlight.sdk.errors import BadAnswer
from footlight.sdk.flow import Flow, Pause
from footlight.sdk.requests.request import Request, get


def test_the_request_is_sent_once_as_a_job() -> None:
    flow = begin_with(get("/x", {"limit": 3}))
    request = next(flow)
    assert isinstance(request, Request)
    assert (request.query, request.repeatable) == ({"limit": "3", "async": "true"}, False)
    location = {"Location": "https://elsewhere.test/a/Jobs/j7"}
    with pytest.raises(StopIteration) as ended:
        flow.send(httpx.Response(202, headers=location))
    assert ended.value.value == "j7"


@pytest.mark.parametrize("status", [200, 202])
def test_an_answer_without_a_job_is_named(status: int) -> None:
    flow = begin_with(get("/x"))
    next(flow)
    with pytest.raises(BadAnswer, match="/x began no job"):
        flow.send(httpx.Response(status))


def test_a_call_without_a_request_is_no_job() -> None:
    def waiting() -> Flow[None]:
        yield Pause(1)

    with pytest.raises(BadAnswer, match="cannot"):
        next(begin(waiting()))
