"""The server's description of itself: OpenAPI as JSON and YAML, open to everyone."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from footlight.api.given import GivenDescription
from footlight.api.openapi.description import Text
from footlight.api.routing import Routes

routes = Routes(cvad=False)

YAML = "application/yaml"
Call = Request[Any, Any, Any]


@routes.add(
    "GET",
    "/openapi.json",
    open=True,
    gives=dict[str, Any],
    statuses=(200, 304),
    reads=("If-None-Match",),
)
async def openapi_json(request: Call, description: GivenDescription) -> Response[bytes]:
    """This document, as JSON."""
    return _answer(request, description.json, "application/json")


@routes.add(
    "GET",
    "/openapi.yaml",
    open=True,
    answer="any",
    gives=YAML,
    statuses=(200, 304),
    reads=("If-None-Match",),
)
async def openapi_yaml(request: Call, description: GivenDescription) -> Response[bytes]:
    """This document, as YAML."""
    return _answer(request, description.yaml, YAML)


def _answer(request: Call, text: Text, media_type: str) -> Response[bytes]:
    """The text, or 304 for who has it already. Copies are kept, and looked after at each use."""
    headers = {"etag": text.etag, "cache-control": "no-cache"}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or text.etag in (
        tag.strip().removeprefix("W/") for tag in known.split(",")
    ):
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(text.body, headers=headers, media_type=media_type)
