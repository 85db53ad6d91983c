"""One route as an OpenAPI operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse

from footlight.api.openapi import parameters
from footlight.api.openapi.catalogue import operation_of
from footlight.api.openapi.schemas import Schemas
from footlight.api.routing import Bound

JSON = "application/json"
OCTETS = "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
# What the layers before the handlers answer by themselves, on any route.
_ALWAYS = (400, 406, 408, 413, 429, 503)
_BODILESS = (204, 303, 304)
# Query parameters that name another object, which may not be there.
_NAMING = frozenset({"adminFolder", "applicationFolder"})
# Query parameters that leave members out of the answer.
_SELECTING = frozenset({"fields", "detailResponseRequired"})
# Routes that are CVAD's own but not under its prefix.
CLOUD_SIGN_IN = "/cctrustoauth2/"

Examples = Mapping[str, Mapping[str, Any]]


def is_told(bound: Bound) -> bool:
    """Whether the route belongs into the document: an HTTP call, no page or file of the console."""
    files = ("text/html", "image/x-icon", "*/*")
    return bound.route.method != "WS" and bound.told.gives not in files


def tag(bound: Bound) -> str:
    """The resource that the route belongs to, by the first segment of its path."""
    segments = [part for part in bound.route.template.split("/") if part]
    if bound.cvad:
        published = operation_of(bound.route.method, bound.route.template)
        beside = {"tokens": "Trust", "ping": "HealthCheck"}
        return published.group if published else beside.get(segments[0], _capital(segments[0]))
    if bound.route.template.startswith(CLOUD_SIGN_IN):
        return "Trust"
    if segments[:2] == ["footlight", "v1"]:
        signing = ("me", "sign-in", "sign-out")
        return "Footlight " + ("sign-in" if segments[2] in signing else segments[2])
    return "Site"


def operation_id(bound: Bound) -> str:
    """`Sessions_GetSessions` and the like: the group, and the operation's published name; one beside the
    contract goes by its handler's name."""
    published = operation_of(bound.route.method, bound.route.template) if bound.cvad else None
    if published:
        return f"{published.group}_{published.name}"
    verb, *rest = bound.function.__name__.split("_")
    group = "".join(_capital(word) for word in re.split(r"[ -]", tag(bound)))
    name = "".join(_capital(word) for word in ("get" if verb == "list" else verb, *rest) if word)
    return f"{group}_{name}"


def takes(bound: Bound) -> Any:
    """The model of the body, or None."""
    if bound.told.takes is not None:
        return bound.told.takes
    hint = get_type_hints(bound.function, include_extras=True).get("data")
    if get_origin(hint) is not Annotated:
        return None
    return next(one for one in _alternatives(get_args(hint)[0]) if one is not NoneType)


def gives(bound: Bound) -> Any:
    """The model of a successful answer, a media type, or None where there is no body."""
    if bound.told.gives is not None:
        return bound.told.gives
    hint = get_type_hints(bound.function).get("return")
    origin = get_origin(hint) or hint
    if origin is Response:
        (inner,) = get_args(hint)
        return inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None
    if origin is NoneType or (
        isinstance(origin, type) and issubclass(origin, ASGIResponse | Response)
    ):
        return None
    return hint


def statuses(bound: Bound) -> frozenset[int]:
    """Those that the route tells, and those of the layers before it."""
    told = bound.told.statuses or {bound.told.status}
    before = set(_ALWAYS)
    if not bound.route.open:
        before |= {401, 403}
    if "{" in bound.route.template or _asks(bound, _NAMING):
        before |= {404}
    if takes(bound) is not None or bound.route.method != "GET":
        before |= {415}
    return frozenset(told | before)


def operation(bound: Bound, schemas: Schemas, examples: Examples) -> dict[str, Any]:
    """The operation object."""
    example = examples.get(f"{bound.route.method} {bound.path}", {})
    summary, _, more = (bound.function.__doc__ or "").strip().partition("\n")
    body = takes(bound)
    found: dict[str, Any] = {
        "tags": [tag(bound)],
        "operationId": operation_id(bound),
        "summary": " ".join(f"{summary} {more}".split()),
        "parameters": parameters.of(bound),
    }
    if body is not None:
        found["requestBody"] = _request_body(bound, schemas.of(body), example.get("request"))
    if bound.route.body == "stream":
        found["requestBody"] = {"required": True, "content": {OCTETS: {}}}
    found["responses"] = {
        str(status): _response(bound, status, schemas, example.get("answer"))
        for status in sorted(statuses(bound))
    }
    found["security"] = _security(bound)
    return found


def _request_body(bound: Bound, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    media = FORM if bound.route.body == "form" else JSON
    content = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"required": bool(needed_members(takes(bound))), "content": {media: content}}


def needed_members(model: Any) -> list[str]:
    """The members without a default of a body's model."""
    if not (isinstance(model, type) and issubclass(model, msgspec.Struct)):
        return []
    return [field.encode_name for field in msgspec.structs.fields(model) if field.required]


def _response(bound: Bound, status: int, schemas: Schemas, example: Any) -> dict[str, Any]:
    told = status in bound.told.statuses
    if status >= 400:
        if told and bound.told.refuses is not None:
            return {"description": _words(status), **_content(schemas.of(bound.told.refuses), None)}
        return {"$ref": f"#/components/responses/{status}"}
    found: dict[str, Any] = {"description": _words(status)}
    if status in (202, 303):
        found["headers"] = {"Location": {"schema": {"type": "string"}, "required": True}}
    model = gives(bound)
    if model is None or status in _BODILESS or (status == 202 and bound.cvad):
        return found
    if isinstance(model, str):
        return {**found, "content": {model: {}}}
    selected = bound.told.partly or _asks(bound, _SELECTING)
    schema = schemas.selection(model) if selected else schemas.of(model)
    return {**found, **_content(schema, example)}


def _asks(bound: Bound, names: frozenset[str]) -> bool:
    return any(one["name"] in names for one in parameters.query(bound))


def _content(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    shown = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"content": {JSON: shown}}


def error_responses(schemas: Schemas, error: Any) -> dict[str, Any]:
    """The answers in the one error model, by status."""
    return {
        str(status.value): {"description": _words(status), **_content(schemas.of(error), None)}
        for status in HTTPStatus
        if status >= 400
    }


def _security(bound: Bound) -> list[dict[str, list[str]]]:
    if bound.cvad and bound.route.method == "POST" and bound.route.template == "/tokens":
        return [{"basic": []}]
    return [] if bound.route.open else [{"bearer": []}, {"cwsAuth": []}]


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]


def _words(status: int) -> str:
    return HTTPStatus(status).phrase + "."


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) or (kind,)
