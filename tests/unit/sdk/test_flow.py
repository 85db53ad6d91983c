"""Flows by hand: what they ask for, and what they make of the answers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.sdk.errors import BadAnswer
from footlight.sdk.flow import Flow, ask, ask_bytes, ask_items
from footlight.sdk.requests.request import Request, get


def end_of(flow: Flow[Any], response: httpx.Response) -> Any:
    """What the flow makes of the answer to its one request."""
    assert isinstance(next(flow), Request)
    with pytest.raises(StopIteration) as ended:
        flow.send(response)
    return ended.value.value


def test_json_items_and_bytes() -> None:
    page = httpx.Response(200, json={"Items": [1, 2]})
    assert end_of(ask(get("/x")), page) == {"Items": [1, 2]}
    assert end_of(ask_items(get("/x")), page) == [1, 2]
    assert end_of(ask_bytes(get("/x")), httpx.Response(200, content=b"ab")) == b"ab"
    assert end_of(ask(get("/x")), httpx.Response(204)) is None


def test_what_is_not_json_names_the_path() -> None:
    flow = ask(get("/there"))
    next(flow)
    with pytest.raises(BadAnswer, match="/there"):
        flow.send(httpx.Response(200, text="<html>"))
