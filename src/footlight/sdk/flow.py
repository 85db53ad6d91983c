"""Calls as flows: what to ask the site for and what to make of the answers, without sending anything.

A flow is a generator that yields steps and is sent their results (a refusal is thrown into it). A sender runs it:
sender.py by waiting, async_sender.py by awaiting. So each call is written once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

import httpx

from footlight.sdk.errors import BadAnswer
from footlight.sdk.pages import read_page
from footlight.sdk.requests.request import Request

T = TypeVar("T")
Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all if known


@dataclass(frozen=True)
class Pause:
    """Wait; nothing is sent back."""

    seconds: float


@dataclass(frozen=True)
class Save:
    """Write the answer's body to `sink` as it comes; the number of bytes is sent back."""

    request: Request
    sink: BinaryIO
    progress: Progress | None = None


@dataclass(frozen=True)
class OwnToken:
    """The client's own token is sent back, renewed when that is due."""


# For a Request its successful httpx.Response is sent back, the body read.
Step = Request | Pause | Save | OwnToken
Flow = Generator[Step, Any, T]


def ask(request: Request) -> Flow[Any]:
    """The JSON of the answer, None for an empty one. Raises BadAnswer when it is not JSON."""
    return json_of(request, (yield request))


def ask_items(request: Request) -> Flow[list[Any]]:
    """The items of a list that is never paged."""
    return read_page((yield from ask(request))).items


def ask_bytes(request: Request) -> Flow[bytes]:
    """The body of the answer."""
    content: bytes = (yield request).content
    return content


def json_of(request: Request, response: httpx.Response) -> Any:
    """What `ask` gives, for an answer in hand."""
    if not response.content:
        return None
    try:
        return response.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(f"{request.path} answered something that is not JSON") from error
