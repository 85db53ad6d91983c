"""The whole document, built from the route table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from footlight.api.openapi import parameters
from footlight.api.openapi.catalogue import groups
from footlight.api.openapi.operation import (
    Examples,
    error_responses,
    gives,
    is_told,
    operation,
    takes,
)
from footlight.api.openapi.schemas import Schemas
from footlight.api.routing import Bound
from footlight.wire.rest.error import Error

OPENAPI_VERSION = "3.1.0"
_ABOUT = (
    "Sessions, jobs, batch, search and inventory as the Citrix Virtual Apps and Desktops REST API has them on "
    "the wire, and Footlight's own calls under /footlight/v1. Operation ids are the names that its clients "
    "use. The same paths answer under /citrix/orchestration/api and the other prefixes that clients use; HEAD "
    "answers as GET."
)
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of POST tokens."},
    "cwsAuth": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The same token, as `CWSAuth bearer=TOKEN`.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "Name and password, for a token."},
}


def document(routes: Sequence[Bound], version: str, examples: Examples) -> dict[str, Any]:
    """The OpenAPI document of the routes. `examples`: by `METHOD /whole/path` the members `request` and
    `answer`, bodies of a real exchange."""
    told = [bound for bound in routes if is_told(bound)]
    schemas = Schemas(_models(told))
    paths: dict[str, dict[str, Any]] = {}
    for bound in told:
        path = bound.path.replace("...}", "}")
        made = operation(bound, schemas, examples)
        paths.setdefault(path, {})[bound.route.method.lower()] = made
    tags = {item["tags"][0] for path in paths.values() for item in path.values()}
    published = [group.name for group in groups()]  # those first, in the contract's order
    order = sorted(tags, key=lambda name: ([*published, name].index(name), name))
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "Footlight", "version": version, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in order],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": _SECURITY,
            "parameters": parameters.components(),
            "responses": error_responses(schemas, Error),
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


def _models(routes: Sequence[Bound]) -> list[Any]:
    found = [Error]
    for bound in routes:
        found += [takes(bound), gives(bound), bound.told.refuses]
    return [model for model in found if model is not None and not isinstance(model, str)]
