"""Parameters of operations: path and query from the handler's signature, headers by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from litestar.params import QueryParameter

from footlight.api.routing import Bound

# What a query parameter of that name means wherever it stands, and the bounds of its values.
_QUERY: dict[str, tuple[str, dict[str, Any]]] = {
    "async": ("true: answer 202 at once, with the job in Location.", {}),
    "at": ("Seconds since the start.", {"minimum": 0}),
    "continuationToken": ("ContinuationToken of the page before; absent for the first page.", {}),
    "count": ("How many.", {"minimum": 1, "maximum": 48}),
    "fields": ("Names of the members to answer with, separated by commas; absent: all.", {}),
    "limit": ("Items on a page.", {"minimum": 1, "maximum": 1000}),
    "notifyUser": ("Tell the user of the session.", {}),
    "skip": ("Items to leave out before the first page.", {"minimum": 0}),
}
_HEADERS = {
    "Citrix-CustomerId": "The customer; any value passes.",
    "Citrix-InstanceId": "The site's id, or its name; absent: this site. Another one is refused with 403.",
    "Citrix-TransactionId": "1 to 128 printable ASCII characters, given back on the answer and in the log.",
    "Idempotency-Key": "The first answer is given again when the same key comes within 10 minutes.",
    "If-None-Match": "ETag of the copy at hand.",
    "Last-Event-ID": "Go on after the event with this id.",
    "If-Range": "The ETag for which the range is meant; else all is answered.",
    "Range": "One range of bytes: bytes=FIRST-LAST.",
    "X-TimeZone": "Zone of dates without one: a Windows id, an IANA name, UTC or +HH:MM.",
}
_ON_CVAD = ("Citrix-CustomerId", "Citrix-InstanceId", "Citrix-TransactionId")
_PATH_NAME = re.compile(r"\{(\w+)(?:\.\.\.)?\}")


def components() -> dict[str, Any]:
    """The header parameters that operations refer to."""
    return {
        name: {
            "name": name,
            "in": "header",
            "required": False,
            "description": text,
            "schema": {"type": "string"},
        }
        for name, text in _HEADERS.items()
    }


def of(bound: Bound) -> list[dict[str, Any]]:
    """All parameters of an operation."""
    path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PATH_NAME.findall(bound.path)
    ]
    headers = [name for name in _ON_CVAD if bound.cvad and _looked_at(bound, name)]
    return [
        *path,
        *query(bound),
        *({"$ref": f"#/components/parameters/{name}"} for name in [*headers, *bound.told.reads]),
    ]


def query(bound: Bound) -> Iterator[dict[str, Any]]:
    """The query parameters that the handler declares."""
    hints = get_type_hints(bound.function, include_extras=True)
    for name, parameter in inspect.signature(bound.function).parameters.items():
        declared = _declared(hints[name])
        if declared is None:
            continue
        kind, given = declared
        wire_name = given.name or name
        description, bounds = _QUERY.get(wire_name, ("", {}))
        schema = {**msgspec.json.schema(_without_none(kind)), **bounds}
        if parameter.default not in (None, inspect.Parameter.empty):
            schema["default"] = parameter.default
        yield {
            "name": wire_name,
            "in": "query",
            "required": parameter.default is inspect.Parameter.empty,
            **({"description": description} if description else {}),
            "schema": schema,
        }


def _declared(hint: Any) -> tuple[Any, QueryParameter] | None:
    if get_origin(hint) is not Annotated:
        return None
    kind, *notes = get_args(hint)
    given = next((note for note in notes if isinstance(note, QueryParameter)), None)
    return None if given is None else (kind, given)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, UnionType):
        return kind
    rest = tuple(one for one in get_args(kind) if one is not NoneType)
    return Union[rest]  # noqa: UP007  the members are known at run time only


def _looked_at(bound: Bound, header: str) -> bool:
    return header != "Citrix-InstanceId" or not (bound.route.open or bound.route.any_site)
