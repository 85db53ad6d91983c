"""Fixture `scripted`: a client whose site gives one answer and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from footlight.sdk import Footlight


class Scripted:
    """`client` gets `answer` (JSON, bytes, or None for an empty 204) to every request."""

    def __init__(self) -> None:
        self.answer: Any = {}
        self.requests: list[httpx.Request] = []
        transport = httpx.MockTransport(self._handle)
        self.client = Footlight("http://site.test", token="t", transport=transport)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if self.answer is None:
            return httpx.Response(204)
        if isinstance(self.answer, bytes):
            return httpx.Response(200, content=self.answer)
        return httpx.Response(200, json=self.answer)

    @property
    def asked(self) -> tuple[str, dict[str, str], Any]:
        """(method and path, query, JSON body) of the last request."""
        last = self.requests[-1]
        body = json.loads(last.content) if last.content else None
        path = last.url.raw_path.decode().partition("?")[0]
        return f"{last.method} {path}", dict(last.url.params), body


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.client.close()
